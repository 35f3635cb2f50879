-- The numbers of these countries.
select country
from country
where name in (select unnest($names::varchar[]))
order by country
