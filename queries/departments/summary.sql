-- One row per day, department, device and channel, from the daily sums; department 63 is the whole estate.
with departments as (
    select * from department_day_then where not $now::boolean
    union all
    select * from department_day_now where $now::boolean
    union all
    select
        day, 63 as department, device, channel,
        sessions, page_views, landings, exits, single_page, searches, searching_sessions
    from estate_day
),
kept as (
    select
        day, department, sessions, page_views, landings, exits, single_page, searches,
        case when $atoms::boolean then device else 0 end as of_device,
        case when $atoms::boolean then channel else 0 end as of_channel
    from departments
    where day between $first::date and $last::date
        and (len($devices::utinyint[]) = 0 or list_contains($devices::utinyint[], device))
        and (len($channels::utinyint[]) = 0 or list_contains($channels::utinyint[], channel))
)
select
    day, department::utinyint as department, of_device::utinyint as device, of_channel::utinyint as channel,
    sum(sessions)::bigint as sessions,
    sum(page_views)::bigint as page_views,
    sum(landings)::bigint as landings,
    sum(exits)::bigint as exits,
    sum(single_page)::bigint as single_page,
    sum(searches)::bigint as searches
from kept
group by day, department, of_device, of_channel
order by day, department, device, channel
