-- The word of the group of each page as they are stored, null where it has none; sections exist on service hosts only.
select
    page.page,
    case
        when $by::varchar = 'document_type' then page.document_type
        when $by::varchar = 'service' then service.slug
        when page.host <> 'www.gov.uk' then page.host || '/' || split_part(page.path, '/', 2)
    end as word
from page
left join service on service.service = page.service
