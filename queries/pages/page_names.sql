-- The host, the path and the owner of these pages, as it was then or as it is now.
select page, host, path, case when $now::boolean then owner_now else owner_then end as owner
from page
where page in (select unnest($pages::uinteger[]))
order by page
