-- The terms of its month that the searches of one segment were for, by their number there; 0 is all too rare to show.
select term_link.value, value.text as term
from term_link
join value on value.value = term_link.term
where term_link.day = $day::date
union all
select value, text as term
from value
where value = 0
order by value
