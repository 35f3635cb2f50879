-- Views of pages in a range: the pages of the steps before and after each, and who may share a session; in any order.
-- `again` is the session of a view that isn't its session's only one of its page, 0 of one that is, and 4294967295 of a
-- reload, which has both steps of the view before it.
select
    case when $scattered::boolean then page else 0::uinteger end as page,
    channel, previous_1 as before, next_1 as after,
    case
        when $one::boolean and first_of_page and last_of_page then 0::uinteger
        when reload_before then 4294967295::uinteger
        else session
    end as again
from page_view_by_page
where page between $low::uinteger and $high::uinteger
    and day between $from::date and $to::date
    and (len($devices::utinyint[]) = 0 or list_contains($devices::utinyint[], device))
    and (len($channels::utinyint[]) = 0 or list_contains($channels::utinyint[], channel))
    and (len($countries::usmallint[]) = 0 or list_contains($countries::usmallint[], country))
