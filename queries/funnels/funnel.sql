-- Page views of these pages, with what else a funnel asks of each: where its session went next, and when; in any order.
select
    page, session, position, seconds, timed, next_1 as next, reload_after as reloaded,
    extract(day from day)::utinyint as day
from page_view_by_page
where page in (select unnest($pages::uinteger[]))
    and day between $from::date and $to::date
    and (len($devices::utinyint[]) = 0 or list_contains($devices::utinyint[], device))
    and (len($channels::utinyint[]) = 0 or list_contains($channels::utinyint[], channel))
    and (len($countries::usmallint[]) = 0 or list_contains($countries::usmallint[], country))
