-- Sessions whose end was seen, or that have no times: how they ended (0 where it wasn't seen), and the host clicked out to.
select session, ended, ended_host, timed
from session
where ended <> 0 or not timed
