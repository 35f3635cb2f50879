-- The step-by-step guides that each of these pages is part of, as it is sent with them.
select page, step_by_step
from page
where page in (select unnest($pages::uinteger[]))
order by page
