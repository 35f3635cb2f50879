-- Every page of a segment with its words and owner, and how often it was seen; in any order.
with seen as (
    select page, sum(page_views) as page_views from page_day group by page
)
select
    page.key, page.host, page.path, page.title, page.document_type, page.owner_then, page.owner_now,
    coalesce(seen.page_views, 0)::bigint as page_views
from page
left join seen on seen.page = page.page
where not page.mark
