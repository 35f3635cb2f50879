-- One row per day and pair of departments: sessions that a page of one handed over to a page of the other, and steps.
select
    day, from_department, to_department,
    sum(sessions)::bigint as sessions,
    sum(steps)::bigint as steps
from handover_day
where structure_now = $now::boolean
group by day, from_department, to_department
order by day, from_department, to_department
