-- The host and path of these pages.
select page, host, path
from page
where page in (select unnest($pages::uinteger[]))
order by page
