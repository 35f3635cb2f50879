-- term_day: searches per day, term and page searched from; ended where no page view, click out or download came after.
insert into term_day
with last as (
    select session, max(position) as position
    from page_view
    where session in (select session from event where kind = 1)
    group by session
),
gone_on as (
    select distinct e.session
    from event e join last on last.session = e.session and last.position = e.position
    where e.kind in (2, 3)
)
select
    s.day, e.value, e.page, count(*), count(distinct e.session),
    count(*) filter (e.position = last.position and gone_on.session is null)
from event e
join session s on s.session = e.session
join last on last.session = e.session
left join gone_on on gone_on.session = e.session
where e.kind = 1
group by s.day, e.value, e.page
order by s.day, e.value, e.page
