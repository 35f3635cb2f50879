-- What sessions are told apart by, and when each began in its visitor's month; in any order.
select session, device, channel, country, visitor, visitor_seconds
from session
