-- One row per page, in any order: the count that pages are sorted by; hidden_of: whose page it is, if it may not be seen.
with sums as (
    select
        page,
        sum(case $measure::varchar
            when 'sessions' then sessions
            when 'page_views' then page_views
            when 'landings' then landings
            when 'exits' then exits
            when 'single_page' then single_page
            when 'searches' then searches
            when 'not_found' then not_found
        end)::bigint as value
    from page_day
    where page between $low::uinteger and $high::uinteger
        and ($whole::boolean or day between $first::date and $last::date)
    group by page
)
select
    sums.page, page.key, sums.value,
    case when $all::boolean or page.host = 'www.gov.uk' or list_contains($own::utinyint[], page.owner_now) then null
        else case when $now::boolean then page.owner_now else page.owner_then end
    end as hidden_of
from sums
join page on page.page = sums.page
where not page.mark
