-- The day of each session; in any order.
select session, day
from session
