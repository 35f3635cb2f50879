-- The service of each page that is of one, by number.
select page, service
from page
where service > 0 and not mark
order by page
