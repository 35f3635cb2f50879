-- The hundred pages seen most right before, and right after, the views of a page: page views, and their sessions.
with views as (select session, page,
        lag(page) over (partition by session order by position) as before,
        lead(page) over (partition by session order by position) as after
    from peer.page_view
    where session in (select session from peer.page_view where page = $page::uinteger)),
sides as (
    select 'previous' as side, coalesce(before, 0) as page, session from views where page = $page::uinteger
    union all
    select 'following' as side, coalesce(after, 0) as page, session from views where page = $page::uinteger),
counted as (select side, page, count(*) as page_views, count(distinct session) as sessions from sides
    where page not in (0, $page::uinteger)
    group by side, page),
ranked as (select *, row_number() over (partition by side order by page_views desc, page) as place from counted)
select side, page, page_views, sessions
from ranked
where place <= 100
order by side, place
