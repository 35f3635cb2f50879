-- One row per department: visitors seen in these days of one month; department 63 is the whole estate.
with kept as (
    select case when slice = 'estate' then 63 else number end as department, visitors
    from visitor_days
    where day between $first::date and $last::date and previous_day < $first::date
        and slice in ('estate', 'department')
)
select department::utinyint as department, sum(visitors)::bigint as visitors
from kept
group by department
order by department
