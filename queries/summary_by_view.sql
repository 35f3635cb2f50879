-- One row per day and department, counted from page views, for what the daily sums don't know: countries and tags.
with number as (select unnest(range(64))::utinyint as department),
belonging as ( -- bit n of a page: department n; bit 63: the whole estate
    select page, (1::ubigint << 63) | case
        when $tagged::boolean and $now::boolean then tagged_now
        when $tagged::boolean then tagged_then
        when $now::boolean then 1::ubigint << owner_now
        else 1::ubigint << owner_then
    end as bits
    from page
    where not mark
),
page_of as (
    select belonging.page, number.department
    from belonging
    join number on (belonging.bits >> number.department) & 1 = 1
)
select
    views.day, page_of.department,
    count(distinct views.session) filter (views.first_of_page) as sessions,
    count(*) as page_views,
    count(*) filter (views.position = 1) as landings,
    count(*) filter (views.next_1 = 0 and not views.reload_after) as exits,
    count(*) filter (views.position = 1 and views.next_1 = 0) as single_page
from page_view_by_page as views
join page_of on page_of.page = views.page
where views.day between $first::date and $last::date
    and (len($devices::utinyint[]) = 0 or list_contains($devices::utinyint[], views.device))
    and (len($channels::utinyint[]) = 0 or list_contains($channels::utinyint[], views.channel))
    and (len($countries::varchar[]) = 0
        or views.country in (select country from country where list_contains($countries::varchar[], name)))
group by views.day, page_of.department
order by views.day, page_of.department
