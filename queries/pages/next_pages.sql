-- Views of pages in a range: their sessions, and the pages of the steps before and after each; in any order.
-- A reload has both steps of the view before it. Of one page its session's only view is alone. Bits take as long as numbers.
select session, channel, previous_1 as before, next_1 as after, reload_before::utinyint as reload,
    (first_of_page and last_of_page and not $several::boolean)::utinyint as alone
from page_view_by_page
where page between $low::uinteger and $high::uinteger
    and day between $from::date and $to::date
    and (len($devices::utinyint[]) = 0 or list_contains($devices::utinyint[], device))
    and (len($channels::utinyint[]) = 0 or list_contains($channels::utinyint[], channel))
    and (len($countries::usmallint[]) = 0 or list_contains($countries::usmallint[], country))
