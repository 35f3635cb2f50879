-- The host and path of these pages, and the key they have in every segment.
select key, host, path
from page
where page in (select unnest($pages::uinteger[]))
order by page
