-- The page views of one segment as rows by session: $before is how many sessions the segments before it hold.
select $before::uinteger + view.session as session, position, known.number as page, view.seconds,
    session.device, session.departments_then as departments
from segment.page_view as view
join segment.session as session on session.session = view.session
join segment.page as page on page.page = view.page
join peer.page as known on known.key = page.key
order by view.session, position
