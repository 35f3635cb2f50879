-- Finding a page in ClickHouse: the pages whose address or title holds both words, the most seen first.
select name
from pages
where position(text, 'tax') > 0 and position(text, 'page-12') > 0
order by page_views desc, name
limit 100
