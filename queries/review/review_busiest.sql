-- One row per page with its number and key: its sessions in these days, those with the most first.
select page.page, page.key, sum(page_day.sessions)::bigint as sessions
from page_day
join page on page.page = page_day.page
where page_day.day between $first::date and $last::date and not page.mark
group by page.page, page.key
order by sessions desc, page.key
