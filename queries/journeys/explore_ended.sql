-- Sessions whose end was seen (how, and the host clicked out to) or that have no times (then ended may be 0); in any order.
select session, ended, ended_host, timed
from session
where ended <> 0 or not timed
