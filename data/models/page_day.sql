-- page_day: sums per page and day; marks are no pages.
insert into page_day
with views as (
    select
        page, day, count(*) filter (first_of_page) as sessions, count(*) as page_views,
        count(*) filter (position = 1) as landings,
        count(*) filter (next_1 = 0 and not reload_after) as exits,
        count(*) filter (position = 1 and next_1 = 0) as single_page
    from page_view_by_page
    where page not in (select page from page where mark)
    group by page, day
),
missing as (
    select v.page, s.day, count(*) as not_found
    from page_view v join session s on s.session = v.session
    where v.status in (404, 410)
    group by v.page, s.day
),
searched as (
    select e.page, s.day, count(*) as searches
    from event e join session s on s.session = e.session
    where e.kind = 1 and e.page > 0
    group by e.page, s.day
)
select page, day, sessions, page_views, landings, exits, single_page, coalesce(not_found, 0), coalesce(searches, 0)
from views
left join missing using (page, day)
left join searched using (page, day)
order by page, day
