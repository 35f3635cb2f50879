-- Who the visitors of one segment are in their open month, and the seconds from their first view in the month to that in it.
select visitor, month_visitor, seconds
from visitor_link
where day = $day::date
order by visitor
