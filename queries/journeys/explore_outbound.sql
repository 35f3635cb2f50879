-- The hosts that sessions clicked out to.
select host, name
from outbound_host
order by host
