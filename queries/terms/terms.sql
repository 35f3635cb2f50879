-- One row per search: its session's day and kind, the page it was made on and those right before and after, in any order.
with searched as (
    select event.session, event.position, event.page, event.value, session.day, session.device, session.channel, session.country
    from event
    join session on session.session = event.session
    where event.kind = 1
),
views as (
    select session, position, page from page_view where session in (select session from searched)
),
last as (
    select session, max(position) as position from views group by session
),
gone_on as ( -- clicked out or downloaded after the last page view
    select distinct event.session
    from event
    join last on last.session = event.session and last.position = event.position
    where event.kind in (2, 3)
)
select
    searched.session, searched.day, searched.device, searched.channel, searched.country, searched.value, searched.page,
    coalesce(earlier.page, 0)::uinteger as before,
    coalesce(later.page, 0)::uinteger as after,
    searched.position = last.position and gone_on.session is null as ended
from searched
join last on last.session = searched.session
left join gone_on on gone_on.session = searched.session
left join views as earlier on earlier.session = searched.session and earlier.position + 1 = searched.position
left join views as later on later.session = searched.session and later.position = searched.position + 1
