-- Each session's first (or last) view of a page in a range, the six steps after it and their seconds; in any order.
select
    case when $several::boolean then page else $low::uinteger end as page, session,
    case when $several::boolean then position else 0::usmallint end as position,
    timed::utinyint as timed, ended, ended_host,
    next_1, next_2, next_3, next_4, next_5, next_6,
    next_1_seconds, next_2_seconds, next_3_seconds, next_4_seconds, next_5_seconds, next_6_seconds
from page_view_by_page
where page between $low::uinteger and $high::uinteger
    and case when $first::boolean then first_of_page else last_of_page end
    and day between $from::date and $to::date
    and (len($devices::utinyint[]) = 0 or list_contains($devices::utinyint[], device))
    and (len($channels::utinyint[]) = 0 or list_contains($channels::utinyint[], channel))
    and (len($countries::usmallint[]) = 0 or list_contains($countries::usmallint[], country))
