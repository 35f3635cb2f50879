-- The pages of these services (slugs), document types or taxons.
with wanted as (select unnest($values::varchar[]) as word),
wanted_services as (select service from service where slug in (select word from wanted))
select page
from page
where not mark
    and case
        when $column::varchar = 'service' then service in (select service from wanted_services)
        when $column::varchar = 'taxon' then taxon in (select word from wanted)
        else document_type in (select word from wanted)
    end
order by page
