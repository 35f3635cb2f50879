-- Every page view and mark, by session and position: the order in which they are stored, which DuckDB keeps
-- for a plain scan (`preserve_insertion_order`) and loses with a join or a subquery.
select session, page, seconds
from page_view
