-- One row per page, device and channel: its sums counted from page views, for filters on sessions and for publication.
with kept as (
    select
        page, position, first_of_page, next_1, reload_after,
        case when $atoms::boolean then device else 0 end as of_device,
        case when $atoms::boolean then channel else 0 end as of_channel
    from page_view_by_page
    where day between $first::date and $last::date and page between $low::uinteger and $high::uinteger
        and (not $atoms::boolean
            or page in (select page from page where key in (select unnest($keys::bigint[]))))
        and (len($devices::utinyint[]) = 0 or list_contains($devices::utinyint[], device))
        and (len($channels::utinyint[]) = 0 or list_contains($channels::utinyint[], channel))
        and (len($countries::varchar[]) = 0
            or country in (select country from country where list_contains($countries::varchar[], name)))
),
sums as (
    select
        page, of_device, of_channel,
        count(*) filter (first_of_page) as sessions,
        count(*) as page_views,
        count(*) filter (position = 1) as landings,
        count(*) filter (next_1 = 0 and not reload_after) as exits,
        count(*) filter (position = 1 and next_1 = 0) as single_page
    from kept
    group by page, of_device, of_channel
)
select
    page, of_device::utinyint as device, of_channel::utinyint as channel,
    sessions, page_views, landings, exits, single_page
from sums
order by page, device, channel
