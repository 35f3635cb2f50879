-- The words of the pages of these keys.
select
    key, host, path, title, document_type, case when $now::boolean then owner_now else owner_then end as owner
from page
where key in (select unnest($keys::bigint[]))
order by key
