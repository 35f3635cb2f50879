-- One row per session and page that the viewer may not see, in any order: the department it belongs to, and the session.
with denied as (
    select unnest($hosts::varchar[]) as host, unnest($owners::utinyint[]) as owner
),
hidden as (
    select page.page, case when $now::boolean then page.owner_now else page.owner_then end as hidden_of
    from page
    join denied on denied.host = page.host and denied.owner = page.owner_now
    where not page.mark
)
select hidden.hidden_of, views.session
from page_view_by_page as views
join hidden on hidden.page = views.page
where views.first_of_page and views.day between $first::date and $last::date
    and (len($devices::utinyint[]) = 0 or list_contains($devices::utinyint[], views.device))
    and (len($channels::utinyint[]) = 0 or list_contains($channels::utinyint[], views.channel))
    and (len($countries::varchar[]) = 0
        or views.country in (select country from country where list_contains($countries::varchar[], name)))
