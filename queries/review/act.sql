-- The page views of these pages, by session and place in it; in any order.
select page, session, position, day
from page_view_by_page
where page in (select unnest($pages::uinteger[]))
    and day between $first::date and $last::date
