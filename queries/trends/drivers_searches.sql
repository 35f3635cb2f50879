-- One row per value of a dimension: the searches from pages of the set; 0 also for those before any page view.
with kept as (
    select
        session, case when $by::varchar = 'device' then device when $by::varchar = 'channel' then channel else 0 end as number
    from session
    where day between $first::date and $last::date
        and (len($devices::utinyint[]) = 0 or list_contains($devices::utinyint[], device))
        and (len($channels::utinyint[]) = 0 or list_contains($channels::utinyint[], channel))
        and (len($countries::varchar[]) = 0
            or country in (select country from country where list_contains($countries::varchar[], name)))
),
searched as (
    select
        case
            when $by::varchar in ('device', 'channel') then kept.number
            when page.page is null or page.mark then 0
            when $by::varchar = 'page' then page.page
            when $by::varchar = 'service' then page.service
            when $now::boolean then page.owner_now
            else page.owner_then
        end as number
    from event
    join kept on kept.session = event.session
    left join page on page.page = event.page
    where event.kind = 1
        and (not $narrowed::boolean or event.page in (select unnest($pages::uinteger[])))
)
select number::uinteger as number, count(*) as searches
from searched
group by number
order by number
