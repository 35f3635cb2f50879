-- estate_day: sums per day, device, channel over every page; landings and exits at a mark belong to no page.
insert into estate_day
with searched as (
    select session, count(*) as searches from event where kind = 1 group by session
)
select
    s.day, s.device, s.channel, count(*), sum(s.page_views),
    count(*) filter (not l.mark), count(*) filter (not e.mark), count(*) filter (not l.mark and s.steps = 1),
    coalesce(sum(searched.searches), 0), count(searched.session)
from session s
join page l on l.page = s.landing
join page e on e.page = s.exit
left join searched on searched.session = s.session
group by s.day, s.device, s.channel
order by s.day, s.device, s.channel
