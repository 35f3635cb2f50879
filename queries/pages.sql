-- One row per page: its sums over days; a page that the viewer may not see has its department's number in hidden_of.
with sums as (
    select
        page,
        sum(sessions)::bigint as sessions,
        sum(page_views)::bigint as page_views,
        sum(landings)::bigint as landings,
        sum(exits)::bigint as exits,
        sum(single_page)::bigint as single_page,
        sum(searches)::bigint as searches,
        sum(not_found)::bigint as not_found
    from page_day
    where day between $first::date and $last::date and page between $low::uinteger and $high::uinteger
    group by page
)
select
    sums.page, page.key,
    case when $all::boolean or page.host = 'www.gov.uk' or list_contains($own::utinyint[], page.owner_now) then null
        else case when $now::boolean then page.owner_now else page.owner_then end
    end as hidden_of,
    sessions, page_views, landings, exits, single_page, searches, not_found
from sums
join page on page.page = sums.page
where not page.mark
order by sums.page
