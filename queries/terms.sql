-- One row per term and page searched from; page 0 for a search before any page view, term null for those too rare.
with kept as (
    select session
    from session
    where day between $first::date and $last::date
        and (len($devices::utinyint[]) = 0 or list_contains($devices::utinyint[], device))
        and (len($channels::utinyint[]) = 0 or list_contains($channels::utinyint[], channel))
        and (len($countries::varchar[]) = 0
            or country in (select country from country where list_contains($countries::varchar[], name)))
),
searched as (
    select event.session, event.position, event.page, event.value
    from event
    join kept on kept.session = event.session
    where event.kind = 1
        and (not $narrowed::boolean or event.page in (select unnest($pages::uinteger[])))
),
last as (
    select session, max(position) as position
    from page_view
    where session in (select session from searched)
    group by session
),
gone_on as ( -- clicked out or downloaded after the last page view
    select distinct event.session
    from event
    join last on last.session = event.session and last.position = event.position
    where event.kind in (2, 3)
)
select
    value.text as term, searched.page, searched.session,
    count(*) as searches,
    count(*) filter (searched.position = last.position and gone_on.session is null) as ended
from searched
join last on last.session = searched.session
left join gone_on on gone_on.session = searched.session
left join value on value.value = searched.value
group by value.text, searched.page, searched.session
order by value.text, searched.page, searched.session
