-- The page views and marks of the sessions named, by session and position.
select session, page, seconds
from page_view
where session in (select unnest($sessions::uinteger[]))
order by session, position
