-- One row per day, department and value of a dimension, counted from page views of a set; department 63 is the whole estate.
with number as (select unnest(range(64))::utinyint as department),
belonging as ( -- bit n of a page: department n; bit 63: the whole estate
    select
        page, case when host = 'www.gov.uk' then coalesce(document_type, '') else '' end as kind,
        (1::ubigint << 63) | case
            when $tagged::boolean and $now::boolean then tagged_now
            when $tagged::boolean then tagged_then
            when $now::boolean then 1::ubigint << owner_now
            else 1::ubigint << owner_then
        end as bits
    from page
    where not mark and (not $narrowed::boolean or page in (select unnest($pages::uinteger[])))
),
page_of as (
    select belonging.page, belonging.kind, number.department
    from belonging
    join number on (belonging.bits >> number.department) & 1 = 1
),
kept as (
    select
        views.day, views.session, views.position, views.next_1, views.reload_after, page_of.department,
        case $by::varchar when 'device' then views.device::varchar when 'channel' then views.channel::varchar
            when 'document_type' then page_of.kind else '' end as part
    from page_view_by_page as views
    join page_of on page_of.page = views.page
    where views.day between $first::date and $last::date
        and (len($devices::utinyint[]) = 0 or list_contains($devices::utinyint[], views.device))
        and (len($channels::utinyint[]) = 0 or list_contains($channels::utinyint[], views.channel))
        and (len($countries::varchar[]) = 0
            or views.country in (select country from country where list_contains($countries::varchar[], name)))
)
select
    day, department, part, count(distinct session) as sessions, count(*) as page_views,
    count(*) filter (position = 1) as landings, count(*) filter (next_1 = 0 and not reload_after) as exits,
    count(*) filter (position = 1 and next_1 = 0) as single_page
from kept
group by day, department, part
order by day, department, part
