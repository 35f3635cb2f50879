-- What these numbers stand for: a host clicked out to, a file, an error.
select value, text
from value
where value in (select unnest($values::uinteger[]))
order by value
