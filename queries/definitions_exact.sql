-- The pages of these keys, with what decides who may see them.
select page, host, owner_now as owner
from page
where key in (select unnest($keys::bigint[])) and not mark
order by page
