-- What is said of the pages of these numbers, and whose they are.
select key, host, path, title, document_type, case when $now::boolean then owner_now else owner_then end as owner
from page
where page in (select unnest($pages::uinteger[]))
order by page
