-- The journeys outward from a page's first view, then the links between the five pages seen most at each step.
create or replace table journeys engine = Memory as
with sessions as (select distinct session from page_view
    where page = {page} and ({device} = 0 or device = {device})
        and ({department} = 0 or bitAnd(departments, {department}) <> 0)),
walked as (select session, arraySort(view -> view.1, groupArray((position, page, seconds))) as views,
        arrayFilter((view, n) -> n = length(views) or view.2 <> views[n + 1].2, views, arrayEnumerate(views)) as steps,
        arrayFirstIndex(view -> view.2 = {page}, steps) as anchor,
        if({sign} > 0, arraySlice(steps, anchor), arrayReverse(arraySlice(steps, 1, anchor))) as outward
    from page_view
    where session in sessions and page not in ({exclude})
    group by session)
select arrayMap(view -> view.2, arraySlice(outward, 1, 7)) as pages,
    arrayMap(view -> toInt64(view.3), arraySlice(outward, 1, 7)) as seconds
from walked
where anchor > 0 and ({via} = 0 or has(arrayMap(view -> view.2, arraySlice(outward, 2)), {via}));

with ranked as (select step, page, row_number() over (partition by step order by count() desc, page) as place
    from journeys array join pages as page, arrayEnumerate(pages) as step
    group by step, page),
tops as (select step, page from ranked where place <= 5),
moves as (select n, pages[n] as page, pages[n + 1] as next, abs(seconds[n + 1] - seconds[n]) as took
    from journeys array join arrayEnumerate(pages) as n
    where n <= 6),
links as (select toInt64(n) - 1 as step, toInt64(if((n, page) in tops, page, 0)) as tail,
        multiIf(next = 0, -1, (n + 1, next) in tops, toInt64(next), 0) as head, took
    from moves)
select step, tail, head, count() as sessions, if(head = -1, null, quantileExactInclusive(0.5)(took)) as median_seconds
from links
group by step, tail, head
