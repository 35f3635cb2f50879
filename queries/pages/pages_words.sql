-- What was said when they were last seen on these days of each page that these numbers are of, and whose it was then.
with newest as (
    select page.key, max(page.page) as page -- a page that changed has a number from each change on
    from page_day
    join page on page.page = page_day.page
    where page_day.page in (select unnest($pages::uinteger[])) and page_day.day between $first::date and $last::date
    group by page.key
)
select
    page.key, host, path, title, document_type, case when $now::boolean then owner_now else owner_then end as owner
from page
join newest on newest.page = page.page
order by page.key
