-- One row per page with its sums over the days of a segment, from the daily sums; text is fetched later for shown pages.
select
    page.key,
    sum(page_day.sessions)::bigint as sessions,
    sum(page_day.page_views)::bigint as page_views,
    sum(page_day.landings)::bigint as landings,
    sum(page_day.exits)::bigint as exits,
    sum(page_day.single_page)::bigint as single_page,
    sum(page_day.searches)::bigint as searches,
    sum(page_day.not_found)::bigint as not_found
from page_day
join page on page.page = page_day.page
where page_day.day between $first::date and $last::date and not page.mark
group by page.key
order by page.key
