-- Figures of reports that lie wholly within some days, of some departments (none: of all): one row a figure.
select department, first, last, what, coalesce(host, '') as host, coalesce(path, '') as path, measure, value, doubt
from page_report
where first >= $first::date and last <= $last::date
    and (len($departments::varchar[]) = 0 or department in (select unnest($departments::varchar[])))
order by department, first, last, what, host, path, measure
