-- One row per page that these numbers are of, one or several: its sums over days.
select
    page.key,
    sum(page_day.sessions)::bigint as sessions,
    sum(page_day.page_views)::bigint as page_views,
    sum(page_day.landings)::bigint as landings,
    sum(page_day.exits)::bigint as exits,
    sum(page_day.searches)::bigint as searches,
    sum(page_day.not_found)::bigint as not_found,
    sum(page_day.single_page)::bigint as single_page
from page_day
join page on page.page = page_day.page
where page_day.page in (select unnest($pages::uinteger[]))
    and ($whole::boolean or page_day.day between $first::date and $last::date)
group by page.key
order by page.key
