-- The day of every session as a number (days since 1970), its device and channel, and whether the filters choose it, by session.
select
    session, device, channel,
    (day - date '1970-01-01')::integer as day,
    day between $from::date and $to::date
        and (len($devices::utinyint[]) = 0 or list_contains($devices::utinyint[], device))
        and (len($channels::utinyint[]) = 0 or list_contains($channels::utinyint[], channel))
        and (len($countries::usmallint[]) = 0 or list_contains($countries::usmallint[], country)) as chosen
from session
order by session
