-- One row per day and search term: the searches for it.
select term_day.day, value.text as name, sum(term_day.searches)::bigint as hits
from term_day
join value on value.value = term_day.term
where term_day.term > 0
group by term_day.day, value.text
order by term_day.day, value.text
