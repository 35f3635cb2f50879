-- One row per day: the searches from these pages.
with searched as (
    select session
    from event
    where kind = 1
        and page between $low::uinteger and $high::uinteger
        and page in (select unnest($pages::uinteger[]))
)
select session.day, count(*) as searches
from searched
join session on session.session = searched.session
where session.day between $first::date and $last::date
    and (len($devices::utinyint[]) = 0 or list_contains($devices::utinyint[], session.device))
    and (len($channels::utinyint[]) = 0 or list_contains($channels::utinyint[], session.channel))
    and (len($countries::varchar[]) = 0
        or session.country in (select country from country where list_contains($countries::varchar[], name)))
group by session.day
order by session.day
