-- Sessions that left one of these pages and came right back to it.
select count(distinct session) as back
from page_view_by_page
where page between $low::uinteger and $high::uinteger
    and page in (select unnest($pages::uinteger[]))
    and next_1 > 0
    and next_2 = page
    and day between $first::date and $last::date
    and (len($devices::utinyint[]) = 0 or list_contains($devices::utinyint[], device))
    and (len($channels::utinyint[]) = 0 or list_contains($channels::utinyint[], channel))
    and (len($countries::varchar[]) = 0
        or country in (select country from country where list_contains($countries::varchar[], name)))
