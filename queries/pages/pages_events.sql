-- One row per page, device and channel: searches from it and its views with status 404 or 410, in sessions that fit.
with kept as (
    select
        session,
        case when $atoms::boolean then device else 0 end as of_device,
        case when $atoms::boolean then channel else 0 end as of_channel
    from session
    where day between $first::date and $last::date
        and (len($devices::utinyint[]) = 0 or list_contains($devices::utinyint[], device))
        and (len($channels::utinyint[]) = 0 or list_contains($channels::utinyint[], channel))
        and (len($countries::varchar[]) = 0
            or country in (select country from country where list_contains($countries::varchar[], name)))
),
found as (
    select page, session, 0 as searches, 1 as not_found from page_view where status in (404, 410)
    union all
    select page, session, 1 as searches, 0 as not_found from event where kind = 1 and page > 0
)
select
    found.page, kept.of_device::utinyint as device, kept.of_channel::utinyint as channel,
    sum(found.searches)::bigint as searches,
    sum(found.not_found)::bigint as not_found
from found
join kept on kept.session = found.session
where found.page between $low::uinteger and $high::uinteger
group by found.page, kept.of_device, kept.of_channel
order by found.page, device, channel
