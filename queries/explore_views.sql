-- Every page view and mark, by session and position, where $all; else those of the sessions named.
select session, page, seconds
from page_view
where $all::boolean or session in (select unnest($sessions::uinteger[]))
