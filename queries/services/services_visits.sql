-- One row a service and day: sessions that saw one of its start pages, and those that saw an end page of it later on.
with marked as (
    select unnest($services::usmallint[]) as service, unnest($pages::uinteger[]) as page, unnest($ends::boolean[]) as is_end
),
seen as (
    select page_view_by_page.session, page_view_by_page.day, marked.service,
        min(page_view_by_page.position) filter (not marked.is_end) as started,
        max(page_view_by_page.position) filter (marked.is_end) as ended
    from page_view_by_page
    join marked on marked.page = page_view_by_page.page
    where page_view_by_page.day between $first::date and $last::date
    group by page_view_by_page.session, page_view_by_page.day, marked.service
)
select service, day, count(*) as visit_starts, count(*) filter (ended > started) as visit_completions
from seen
where started is not null
group by service, day
order by service, day
