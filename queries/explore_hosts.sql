-- The pages of service hosts: those that some viewers may not see.
select page, host, owner_now as owner
from page
where host <> $open::varchar and not mark
order by page
