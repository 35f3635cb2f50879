-- Clicks out from a page, each with its session and the number of the host it went to; in any order.
select session, page, value
from event
where kind = 2 and page > 0
