-- What was done on these pages, by kind of event and by what it was of: a host clicked out to, a file, an error.
with kept as (
    select session
    from session
    where day between $first::date and $last::date
        and (len($devices::utinyint[]) = 0 or list_contains($devices::utinyint[], device))
        and (len($channels::utinyint[]) = 0 or list_contains($channels::utinyint[], channel))
        and (len($countries::varchar[]) = 0
            or country in (select country from country where list_contains($countries::varchar[], name)))
)
select event.kind, case when event.value > 0 then value.text end as name, count(*) as events
from event
join kept on kept.session = event.session
left join value on value.value = event.value
where event.kind between 2 and 6 and event.page in (select unnest($pages::uinteger[]))
group by event.kind, name
order by event.kind, name
