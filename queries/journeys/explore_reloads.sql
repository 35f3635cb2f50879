-- Sessions in which a page was reloaded (then they have more page views than steps), and all that have a step that is no page
-- view; in any order.
select session
from session
where page_views > steps
union all
select session
from page_view_by_page
where page in (select page from page where mark)
