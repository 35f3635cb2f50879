-- One row per channel: landings on a set of pages.
select channel, count(*)::bigint as landings
from page_view_by_page
where page between $low::uinteger and $high::uinteger and list_contains($pages::uinteger[], page)
    and previous_1 = 0 and not reload_before
    and day between $first::date and $last::date
    and (len($devices::utinyint[]) = 0 or list_contains($devices::utinyint[], device))
    and (len($channels::utinyint[]) = 0 or list_contains($channels::utinyint[], channel))
    and (len($countries::varchar[]) = 0
        or country in (select country from country where list_contains($countries::varchar[], name)))
group by channel
order by channel
