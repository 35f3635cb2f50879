-- Each host of a segment's pages, with each department that owns pages of it today.
select distinct host, owner_now
from page
where not mark
order by host, owner_now
