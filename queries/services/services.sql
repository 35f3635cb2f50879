-- One row a figure that services returned for periods which end on these days; a department's own before that of GDS.
select service, title, department, agency, first, last, measure, channel, value
from service_return
where last between $first::date and $last::date
    and (len($services::varchar[]) = 0 or list_contains($services::varchar[], service))
order by service, first, last, measure, channel, own desc, value
