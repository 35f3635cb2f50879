-- The sessions that filters on sessions choose; in any order.
select session
from session
where day between $from::date and $to::date
    and (len($devices::utinyint[]) = 0 or list_contains($devices::utinyint[], device))
    and (len($channels::utinyint[]) = 0 or list_contains($channels::utinyint[], channel))
    and (len($countries::usmallint[]) = 0 or list_contains($countries::usmallint[], country))
