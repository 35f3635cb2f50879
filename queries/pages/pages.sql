-- One row per page, in any order: the count that pages are sorted by.
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
