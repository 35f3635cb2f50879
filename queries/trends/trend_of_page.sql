-- One row per day: the sums of one page, by each of its numbers.
select
    day,
    sum(sessions)::bigint as sessions,
    sum(page_views)::bigint as page_views,
    sum(landings)::bigint as landings,
    sum(exits)::bigint as exits,
    sum(single_page)::bigint as single_page,
    sum(searches)::bigint as searches
from page_day
where page between $low::uinteger and $high::uinteger
    and page in (select unnest($pages::uinteger[]))
    and day between $first::date and $last::date
group by day
order by day
