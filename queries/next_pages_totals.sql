-- One row: page views of a set of pages, the sessions that saw it, reloads, landings and exits, and whose the pages are.
with owners as (
    select
        min(case when $now::boolean then owner_now else owner_then end) as least,
        max(case when $now::boolean then owner_now else owner_then end) as most
    from page
    where page between $low::uinteger and $high::uinteger and list_contains($pages::uinteger[], page)
),
views as (
    select
        count(*)::bigint as page_views,
        (case when $single::boolean then count(*) filter (where first_of_page) else count(distinct session) end)::bigint
            as sessions,
        (count(*) filter (where reload_before))::bigint as loops,
        (count(*) filter (where previous_1 = 0 and not reload_before))::bigint as landings,
        (count(*) filter (where next_1 = 0 and not reload_after))::bigint as exits
    from page_view_by_page
    where page between $low::uinteger and $high::uinteger and list_contains($pages::uinteger[], page)
        and day between $first::date and $last::date
        and (len($devices::utinyint[]) = 0 or list_contains($devices::utinyint[], device))
        and (len($channels::utinyint[]) = 0 or list_contains($channels::utinyint[], channel))
        and (len($countries::varchar[]) = 0
            or country in (select country from country where list_contains($countries::varchar[], name)))
)
select least, most, page_views, sessions, loops, landings, exits
from owners, views
order by page_views
