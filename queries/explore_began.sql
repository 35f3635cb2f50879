-- The channel by which each session began, and whether it has times.
select session, channel, timed
from session
