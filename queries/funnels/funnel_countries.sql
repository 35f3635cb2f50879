-- The names of countries by number.
select country, name
from country
order by country
