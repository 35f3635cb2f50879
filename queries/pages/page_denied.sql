-- The pages of these hosts whose owner of today is the one named beside the host: those that a viewer may not see.
with denied as (
    select unnest($hosts::varchar[]) as host, unnest($owners::utinyint[]) as owner
)
select page.page
from page
join denied on denied.host = page.host and denied.owner = page.owner_now
where not page.mark
order by page.page
