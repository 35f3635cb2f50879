-- Who owns these pages, then and now, the departments they are tagged with, their step-by-step guides and their service.
select page.page, page.key, page.host, page.path, page.title, page.document_type, page.taxon,
    page.step_by_step, page.owner_then, page.owner_now, page.tagged_then, service.slug as service
from page
left join service on service.service = page.service
where page.page in (select unnest($pages::uinteger[]))
order by page.page
