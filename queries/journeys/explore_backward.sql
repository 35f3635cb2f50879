-- Each session's first (or last) view of a page in a range, the six steps before it and their seconds; in any order.
select
    case when $several::boolean then page else $low::uinteger end as page, session,
    case when $several::boolean then position else 0::usmallint end as position,
    timed::utinyint as timed, channel, (first_of_page and last_of_page)::utinyint as alone,
    case when $grouped::boolean then next_1 else 0::uinteger end as beyond,
    previous_1, previous_2, previous_3, previous_4, previous_5, previous_6,
    previous_1_seconds, previous_2_seconds, previous_3_seconds, previous_4_seconds, previous_5_seconds, previous_6_seconds
from page_view_by_page
where page between $low::uinteger and $high::uinteger
    and case when $first::boolean then first_of_page else last_of_page end
    and day between $from::date and $to::date
    and (len($devices::utinyint[]) = 0 or list_contains($devices::utinyint[], device))
    and (len($channels::utinyint[]) = 0 or list_contains($channels::utinyint[], channel))
    and (len($countries::usmallint[]) = 0 or list_contains($countries::usmallint[], country))
