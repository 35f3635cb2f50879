-- Views of pages in a range with the page right before and after each, the same where it was reloaded; in any order.
select
    page, session, channel,
    case when reload_before then page else previous_1 end as before,
    case when reload_after then page else next_1 end as after,
    first_of_page and last_of_page as alone
from page_view_by_page
where page between $low::uinteger and $high::uinteger
    and day between $from::date and $to::date
    and (len($devices::utinyint[]) = 0 or list_contains($devices::utinyint[], device))
    and (len($channels::utinyint[]) = 0 or list_contains($channels::utinyint[], channel))
    and (len($countries::usmallint[]) = 0 or list_contains($countries::usmallint[], country))
