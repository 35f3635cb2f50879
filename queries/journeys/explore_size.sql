-- How many sessions a segment holds.
select count(*) as sessions
from session
