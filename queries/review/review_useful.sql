-- One row per day and page: answers that it was useful, and all answers.
select
    session.day, page.key,
    count(*) filter (event.kind = 5) as hits,
    count(*) as trials
from event
join session on session.session = event.session
join page on page.page = event.page
where event.kind in (5, 6)
group by session.day, page.key
order by session.day, page.key
