-- The terms that were searched for, by number; 0 is all that are too rare to show.
select value, text as term
from value
where value in (select value from event where kind = 1)
order by value
