-- term_day: searches per day and term.
insert into term_day
select s.day, e.value, count(*)
from event e
join session s on s.session = e.session
where e.kind = 1
group by s.day, e.value
order by s.day, e.value
