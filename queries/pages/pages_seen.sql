-- The numbers from one to another of pages that were seen on these days.
select distinct page
from page_day
where page between $low::uinteger and $high::uinteger and day between $first::date and $last::date
order by page
