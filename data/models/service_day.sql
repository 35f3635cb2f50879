-- service_day: sums per day, service, device, channel; pages of no service are left out.
insert into service_day
with views as (
    select
        v.day, p.service, v.device, v.channel, count(distinct v.session) as sessions, count(*) as page_views,
        count(*) filter (v.position = 1) as landings,
        count(*) filter (v.next_1 = 0 and not v.reload_after) as exits,
        count(*) filter (v.position = 1 and v.next_1 = 0) as single_page
    from page_view_by_page v join page p on p.page = v.page
    where p.service > 0
    group by v.day, p.service, v.device, v.channel
),
searches as (
    select s.day, p.service, s.device, s.channel, count(*) as searches, count(distinct e.session) as searching_sessions
    from event e
    join session s on s.session = e.session
    join page p on p.page = e.page
    where e.kind = 1 and p.service > 0
    group by s.day, p.service, s.device, s.channel
)
select day, service, device, channel, sessions, page_views, landings, exits, single_page,
    coalesce(searches, 0), coalesce(searching_sessions, 0)
from views left join searches using (day, service, device, channel)
order by day, service, device, channel
