-- Every page of a segment that was seen on these days, as it was then last, and how often it was seen.
with seen as (
    select page.key, max(page.page) as page, sum(page_day.page_views)::bigint as page_views
    from page_day
    join page on page.page = page_day.page
    where page_day.day between $first::date and $last::date
    group by page.key
)
select page.key, host, path, title, document_type, owner_then, owner_now, seen.page_views
from page
join seen on seen.page = page.page
order by page.page
