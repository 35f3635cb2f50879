-- What was done on these pages, by kind of event and by what it was of: a host clicked out to, a file, an error.
with done as (
    select session, kind, value
    from event
    where kind between 2 and 6
        and page between $low::uinteger and $high::uinteger
        and page in (select unnest($pages::uinteger[]))
),
kept as (
    select session
    from session
    where day between $first::date and $last::date
        and (len($devices::utinyint[]) = 0 or list_contains($devices::utinyint[], device))
        and (len($channels::utinyint[]) = 0 or list_contains($channels::utinyint[], channel))
        and (len($countries::varchar[]) = 0
            or country in (select country from country where list_contains($countries::varchar[], name)))
)
select done.kind, case when done.value > 0 then value.text end as name, count(*) as events
from done
join kept on kept.session = done.session
left join value on value.value = done.value
group by done.kind, name
order by done.kind, name
