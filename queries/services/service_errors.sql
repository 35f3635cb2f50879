-- One row a page and error shown there: how often, in how many sessions, and in how many of these on a mobile or a desktop.
select
    event.page, value.text as error,
    count(*) as errors,
    count(distinct event.session) as sessions,
    count(distinct event.session) filter (session.device = $mobile::utinyint) as mobile,
    count(distinct event.session) filter (session.device = $desktop::utinyint) as desktop
from event
join session on session.session = event.session
left join value on value.value = event.value
where event.kind = $kind::utinyint
    and session.day between $first::date and $last::date
    and event.page in (select unnest($pages::uinteger[]))
group by event.page, value.text
order by event.page, value.text
