-- The hundred pages seen most right before, and right after, the views of a page: page views, and their sessions.
with views as (select session, page, lagInFrame(page) over along as before, leadInFrame(page) over along as after
    from page_view
    where session in (select session from page_view where page = {page})
    window along as (partition by session order by position rows between unbounded preceding and unbounded following)),
ranked as (select side, other, count() as page_views, uniqExact(session) as sessions,
        row_number() over (partition by side order by count() desc, other) as place
    from views array join ['previous', 'following'] as side, [before, after] as other
    where page = {page} and other not in (0, {page})
    group by side, other)
select side, other, page_views, sessions
from ranked
where place <= 100
