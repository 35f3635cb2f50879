-- One row per side and neighbouring page (its key; for pages that may not be seen, one for each department below 0).
with views as (
    select
        session, first_of_page and last_of_page and $single::boolean as alone,
        case when reload_before then 0 else previous_1 end as before,
        case when reload_after then 0 else next_1 end as after
    from page_view_by_page
    where page between $low::uinteger and $high::uinteger and list_contains($pages::uinteger[], page)
        and day between $first::date and $last::date
        and (len($devices::utinyint[]) = 0 or list_contains($devices::utinyint[], device))
        and (len($channels::utinyint[]) = 0 or list_contains($channels::utinyint[], channel))
        and (len($countries::varchar[]) = 0
            or country in (select country from country where list_contains($countries::varchar[], name)))
),
moves as (
    select 'previous' as side, before as page, session, alone from views where before > 0
    union all
    select 'following' as side, after as page, session, alone from views where after > 0
),
neighbours as (
    select
        page,
        case
            when $everything::boolean or mark or host = 'www.gov.uk' or list_contains($own::utinyint[], owner_now) then key
            else -1 - (case when $now::boolean then owner_now else owner_then end)::bigint
        end as key
    from page
)
select
    side, key, count(*)::bigint as page_views,
    (count(*) filter (where alone) + count(distinct session) filter (where not alone))::bigint as sessions
from moves join neighbours on neighbours.page = moves.page
group by side, key
order by side, key
