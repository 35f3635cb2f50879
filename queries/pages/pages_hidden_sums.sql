-- One row per department: the sums over days of all its pages that the viewer may not see; sessions are counted apart.
with denied as (
    select unnest($hosts::varchar[]) as host, unnest($owners::utinyint[]) as owner
),
hidden as (
    select page.page, case when $now::boolean then page.owner_now else page.owner_then end as hidden_of
    from page
    join denied on denied.host = page.host and denied.owner = page.owner_now
    where not page.mark
)
select
    hidden.hidden_of,
    sum(page_day.page_views)::bigint as page_views,
    sum(page_day.landings)::bigint as landings,
    sum(page_day.exits)::bigint as exits,
    sum(page_day.searches)::bigint as searches,
    sum(page_day.not_found)::bigint as not_found,
    sum(page_day.single_page)::bigint as single_page
from page_day
join hidden on hidden.page = page_day.page
where $whole::boolean or page_day.day between $first::date and $last::date
group by hidden.hidden_of
order by hidden.hidden_of
