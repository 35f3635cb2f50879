-- The channel by which each session began, and whether it has times; in any order.
select session, channel, timed
from session
