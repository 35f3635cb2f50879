-- term_day: searches per day, term and page searched from; ended where nothing more was seen after the search.
insert into term_day
select
    s.day, e.value, e.page, count(*), count(distinct e.session),
    count(*) filter (e.position = last.position and s.ended in (0, 3))
from event e
join session s on s.session = e.session
join (select session, max(position) as position from page_view group by session) last on last.session = e.session
where e.kind = 1
group by s.day, e.value, e.page
order by s.day, e.value, e.page
