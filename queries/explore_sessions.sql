-- The sessions that filters on sessions choose; bits are those of the departments asked for, 0 for all; in any order.
select session
from session
where day between $from::date and $to::date
    and (len($devices::utinyint[]) = 0 or list_contains($devices::utinyint[], device))
    and (len($channels::utinyint[]) = 0 or list_contains($channels::utinyint[], channel))
    and (len($countries::usmallint[]) = 0 or list_contains($countries::usmallint[], country))
    and ($bits::ubigint = 0
        or case when $now::boolean then departments_now else departments_then end & $bits::ubigint <> 0)
