-- The sessions in which a page was reloaded, once for each reload; in any order.
select session
from page_view_by_page
where reload_after
