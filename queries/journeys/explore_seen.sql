-- The sessions that have a view of a page in a range; in any order.
select session
from page_view_by_page
where page between $low::uinteger and $high::uinteger and first_of_page
