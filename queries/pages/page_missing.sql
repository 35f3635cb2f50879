-- Views of these pages that answered "not found", by the page right before them; 0 for landings.
with answered as (
    select session, position
    from page_view
    where status in (404, 410)
        and page between $low::uinteger and $high::uinteger
        and page in (select unnest($pages::uinteger[]))
)
select
    case when views.reload_before then views.page else views.previous_1 end as before,
    count(*) as not_found
from answered
join page_view_by_page as views on views.session = answered.session and views.position = answered.position
where views.page between $low::uinteger and $high::uinteger
    and views.page in (select unnest($pages::uinteger[]))
    and views.day between $first::date and $last::date
    and (len($devices::utinyint[]) = 0 or list_contains($devices::utinyint[], views.device))
    and (len($channels::utinyint[]) = 0 or list_contains($channels::utinyint[], views.channel))
    and (len($countries::varchar[]) = 0
        or views.country in (select country from country where list_contains($countries::varchar[], name)))
group by before
order by before
