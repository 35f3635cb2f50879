-- The slug of each service of the segment by its number there.
select service, slug
from service
order by service
