-- Sessions of each of these pages, and those that left it and came right back.
select
    page,
    count(*) filter (first_of_page) as seen,
    count(distinct session) filter (next_1 > 0 and next_2 = page_view_by_page.page) as back
from page_view_by_page
where page between $low::uinteger and $high::uinteger
    and page in (select unnest($pages::uinteger[]))
    and day between $first::date and $last::date
    and (len($devices::utinyint[]) = 0 or list_contains($devices::utinyint[], device))
    and (len($channels::utinyint[]) = 0 or list_contains($channels::utinyint[], channel))
    and (len($countries::varchar[]) = 0
        or country in (select country from country where list_contains($countries::varchar[], name)))
group by page
order by page
