-- One row per value of a dimension: sums of the page views in the set; a session counts at its first one there.
with dimension as (
    select
        page, case
            when $by::varchar = 'page' then page
            when $by::varchar = 'service' then service
            when $by::varchar = 'department' and $now::boolean then owner_now
            when $by::varchar = 'department' then owner_then
            else 0
        end as number
    from page
    where not mark and (not $narrowed::boolean or page in (select unnest($pages::uinteger[])))
),
kept as (
    select
        views.session, views.position, views.next_1, views.reload_after,
        case when $by::varchar = 'device' then device when $by::varchar = 'channel' then channel else number end as number
    from page_view_by_page as views
    join dimension on dimension.page = views.page
    where day between $first::date and $last::date
        and (len($devices::utinyint[]) = 0 or list_contains($devices::utinyint[], device))
        and (len($channels::utinyint[]) = 0 or list_contains($channels::utinyint[], channel))
        and (len($countries::varchar[]) = 0
            or country in (select country from country where list_contains($countries::varchar[], name)))
),
began as (select session, min(position) as position from kept where $sessions::boolean group by session)
select
    kept.number::uinteger as number,
    count(began.session) as sessions,
    count(*) as page_views,
    count(*) filter (kept.position = 1) as landings,
    count(*) filter (kept.next_1 = 0 and not kept.reload_after) as exits,
    count(*) filter (kept.position = 1 and kept.next_1 = 0) as single_page
from kept
left join began on began.session = kept.session and began.position = kept.position
group by kept.number
order by kept.number
