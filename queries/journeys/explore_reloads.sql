-- Sessions that have a page reloaded, or a step that is no page view; in any order.
-- Without such steps, reloads are what a session has more page views than steps by.
select session
from session
where page_views > steps
union all
select session
from page_view_by_page
where page in (select page from page where mark)
