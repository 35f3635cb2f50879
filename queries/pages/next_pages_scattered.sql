-- As `next_pages.sql`, of any pages; in any order.
select session, channel, previous_1 as before, next_1 as after, reload_before::utinyint as reload,
    (first_of_page and last_of_page and not $several::boolean)::utinyint as alone
from page_view_by_page
where page in (select unnest($pages::uinteger[]))
    and day between $from::date and $to::date
    and (len($devices::utinyint[]) = 0 or list_contains($devices::utinyint[], device))
    and (len($channels::utinyint[]) = 0 or list_contains($channels::utinyint[], channel))
    and (len($countries::usmallint[]) = 0 or list_contains($countries::usmallint[], country))
