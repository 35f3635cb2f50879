-- One row per day: the sums of the page views of these pages, and the different sessions that had one. Those of a page
-- that is alone are its first views.
select
    day,
    case
        when $alone::boolean then count(*) filter (first_of_page)
        else count(distinct session) filter (not $alone::boolean)
    end as sessions,
    count(*) as page_views,
    count(*) filter (position = 1) as landings,
    count(*) filter (next_1 = 0 and not reload_after) as exits,
    count(*) filter (position = 1 and next_1 = 0) as single_page
from page_view_by_page
where page between $low::uinteger and $high::uinteger
    and page in (select unnest($pages::uinteger[]))
    and day between $first::date and $last::date
    and (len($devices::utinyint[]) = 0 or list_contains($devices::utinyint[], device))
    and (len($channels::utinyint[]) = 0 or list_contains($channels::utinyint[], channel))
    and (len($countries::varchar[]) = 0
        or country in (select country from country where list_contains($countries::varchar[], name)))
group by day
order by day
