-- One row per day, department and value of a dimension: searches, answers and "not found" of pages of the set, as departments.sql counts the rest.
with number as (select unnest(range(64))::utinyint as department),
belonging as ( -- bit n of a page: department n; bit 63: the whole estate
    select
        page, case when host = 'www.gov.uk' then coalesce(document_type, '') else '' end as kind,
        (1::ubigint << 63) | case
            when mark then 0
            when $tagged::boolean and $now::boolean then tagged_now
            when $tagged::boolean then tagged_then
            when $now::boolean then 1::ubigint << owner_now
            else 1::ubigint << owner_then
        end as bits
    from page
    where not $narrowed::boolean or page in (select unnest($pages::uinteger[]))
    union all
    select 0 as page, '' as kind, 1::ubigint << 63 as bits where not $narrowed::boolean -- a search before any page view
),
happened as (
    select session, page, kind from event where kind in (1, 5, 6)
    union all
    select session, page, 0 as kind from page_view where status in (404, 410)
)
select
    session.day, number.department,
    case $by::varchar when 'device' then session.device::varchar when 'channel' then session.channel::varchar
        when 'document_type' then belonging.kind else '' end as part,
    count(*) filter (happened.kind = 1) as searches, count(distinct session.session) filter (happened.kind = 1) as searching_sessions,
    count(*) filter (happened.kind = 0) as not_found, count(*) filter (happened.kind = 5) as useful_yes,
    count(*) filter (happened.kind in (5, 6)) as useful_answers
from happened
join session on session.session = happened.session
join belonging on belonging.page = happened.page
join number on (belonging.bits >> number.department) & 1 = 1
where session.day between $first::date and $last::date
    and (len($devices::utinyint[]) = 0 or list_contains($devices::utinyint[], session.device))
    and (len($channels::utinyint[]) = 0 or list_contains($channels::utinyint[], session.channel))
    and (len($countries::varchar[]) = 0
        or session.country in (select country from country where list_contains($countries::varchar[], name)))
group by session.day, number.department, part
order by session.day, number.department, part
