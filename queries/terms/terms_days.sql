-- One row per day and term: searches for these terms.
select term_day.day, value.text as term, sum(term_day.searches)::bigint as searches
from term_day
join value on value.value = term_day.term
where value.text in (select unnest($terms::varchar[])) and term_day.day between $first::date and $last::date
group by term_day.day, value.text
order by term_day.day, value.text
