-- One row per day and page of these keys: sessions, and of its page views the exits.
select
    page_day.day, page.key,
    sum(page_day.sessions)::bigint as sessions,
    sum(page_day.exits)::bigint as exits,
    sum(page_day.page_views)::bigint as page_views
from page_day
join page on page.page = page_day.page
where page_day.day between $first::date and $last::date and page.key in (select unnest($keys::bigint[]))
group by page_day.day, page.key
order by page_day.day, page.key
