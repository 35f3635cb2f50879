-- The numbers of these hosts, where anybody clicked out to them.
select value, text
from value
where text in (select unnest($hosts::varchar[]))
order by value
