-- handover_day: steps from a page of one department to a page of another, leaving out pages only passed through.
insert into handover_day
with owned as (
    select
        v.session, v.position, p.owner_then, p.owner_now,
        lag(p.owner_then) over in_session as from_then, lag(p.owner_now) over in_session as from_now
    from page_view v join page p on p.page = v.page
    where p.host not in (select unnest($pass_through::varchar[]))
    window in_session as (partition by v.session order by v.position)
),
crossed as (
    select session, false as structure_now, from_then as from_department, owner_then as to_department from owned
    where from_then <> owner_then and from_then > 0 and owner_then > 0
    union all
    select session, true, from_now, owner_now from owned
    where from_now <> owner_now and from_now > 0 and owner_now > 0
)
select s.day, c.structure_now, c.from_department, c.to_department, count(distinct c.session), count(*)
from crossed c join session s on s.session = c.session
group by s.day, c.structure_now, c.from_department, c.to_department
order by s.day, c.structure_now, c.from_department, c.to_department
