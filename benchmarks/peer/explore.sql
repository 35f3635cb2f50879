-- Six steps outward from a page's first view: at each step the five pages seen most, the rest 0, stopped -1.
with sessions as (select distinct session from peer.page_view
    where page = $page::uinteger
        and ($device::utinyint = 0 or device = $device::utinyint)
        and ($department::ubigint = 0 or departments & $department::ubigint <> 0)),
views as (select session, position, page, seconds,
        page is distinct from lag(page) over (partition by session order by position) as head
    from peer.page_view
    where session in (select session from sessions)
        and not list_contains($exclude::uinteger[], page)),
numbered as (select *, sum(head::integer) over (partition by session order by position) as run from views),
runs as (select session, run, any_value(page) as page, max(seconds) as seconds from numbered group by session, run),
anchors as (select session, min(run) as anchor from runs where page = $page::uinteger group by session),
outward as (select session, (run - anchor) * $sign::integer as step, page, seconds
    from runs join anchors using (session)
    where (run - anchor) * $sign::integer >= 0),
journeys as (select session, step, page, seconds from outward
    where step <= 6 and ($via::uinteger = 0
        or session in (select session from outward where page = $via::uinteger and step > 0))),
ranked as (select step, page, row_number() over (partition by step order by count(*) desc, page) as place
    from journeys group by step, page),
faces as (select session, step, case when place <= 5 then page else 0 end::bigint as page, seconds
    from journeys join ranked using (step, page))
select before.step, before.page as tail, coalesce(after.page, -1) as head, count(*) as sessions,
    median(abs(after.seconds::bigint - before.seconds::bigint)) as median_seconds
from faces as before
left join faces as after on after.session = before.session and after.step = before.step + 1
where before.step < 6
group by before.step, before.page, after.page
order by before.step, tail, head
