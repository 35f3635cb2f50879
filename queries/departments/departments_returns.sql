-- One row per day, department and value of a dimension: sessions that left a page of the set and came right back to it, as departments.sql counts the rest.
with number as (select unnest(range(64))::utinyint as department),
belonging as ( -- bit n of a page: department n; bit 63: the whole estate
    select
        page, case when host = 'www.gov.uk' then coalesce(document_type, '') else '' end as kind,
        (1::ubigint << 63) | case
            when $tagged::boolean and $now::boolean then tagged_now
            when $tagged::boolean then tagged_then
            when $now::boolean then 1::ubigint << owner_now
            else 1::ubigint << owner_then
        end as bits
    from page
    where not mark and (not $narrowed::boolean or page in (select unnest($pages::uinteger[])))
),
back as (
    select distinct page, session, day, device, channel
    from page_view_by_page
    where next_1 > 0 and next_2 = page
        and day between $first::date and $last::date
        and (len($devices::utinyint[]) = 0 or list_contains($devices::utinyint[], device))
        and (len($channels::utinyint[]) = 0 or list_contains($channels::utinyint[], channel))
        and (len($countries::varchar[]) = 0
            or country in (select country from country where list_contains($countries::varchar[], name)))
)
select
    back.day, number.department,
    case $by::varchar when 'device' then back.device::varchar when 'channel' then back.channel::varchar
        when 'document_type' then belonging.kind else '' end as part,
    count(distinct back.session) as returned
from back
join belonging on belonging.page = back.page
join number on (belonging.bits >> number.department) & 1 = 1
group by back.day, number.department, part
order by back.day, number.department, part
