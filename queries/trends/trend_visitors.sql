-- One row per department and day, week or month: the different visitors of it; department 63 is the whole estate.
with stretches as (
    select
        case when slice = 'estate' then 63 else number end as department,
        greatest($first::date, case
            when $by::varchar = 'day' then day
            when $by::varchar = 'week' then date_trunc('week', day)::date
            else date_trunc('month', day)::date
        end) as first_day,
        previous_day, visitors
    from visitor_days
    where day between $first::date and $last::date and slice in ('estate', 'department')
)
select department::utinyint as department, first_day, sum(visitors)::bigint as visitors
from stretches
where previous_day < first_day
group by department, first_day
order by department, first_day
