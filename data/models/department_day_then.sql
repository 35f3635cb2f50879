-- department_day_then: sums per day, department, device, channel; a session counts once for each department it saw.
insert into department_day_then
with department as (
    select distinct owner_then as department from page where not mark
),
sessions as (
    select s.day, d.department, s.device, s.channel, count(*) as sessions
    from session s join department d on (s.departments_then >> d.department) & 1 = 1
    group by s.day, d.department, s.device, s.channel
),
views as (
    select
        v.day, p.owner_then as department, v.device, v.channel, count(*) as page_views,
        count(*) filter (v.position = 1) as landings,
        count(*) filter (v.next_1 = 0 and not v.reload_after) as exits,
        count(*) filter (v.position = 1 and v.next_1 = 0) as single_page
    from page_view_by_page v join page p on p.page = v.page
    where not p.mark
    group by v.day, p.owner_then, v.device, v.channel
),
searches as (
    select s.day, p.owner_then as department, s.device, s.channel, count(*) as searches,
        count(distinct e.session) as searching_sessions
    from event e
    join session s on s.session = e.session
    join page p on p.page = e.page
    where e.kind = 1 and not p.mark
    group by s.day, p.owner_then, s.device, s.channel
)
select day, department, device, channel, sessions, page_views, landings, exits, single_page,
    coalesce(searches, 0), coalesce(searching_sessions, 0)
from sessions
join views using (day, department, device, channel)
left join searches using (day, department, device, channel)
order by day, department, device, channel
