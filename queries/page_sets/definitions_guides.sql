-- The pages of these step-by-step guides; a page may be sent with several, with commas between them.
with wanted as (select unnest($values::varchar[]) as word)
select distinct page
from page
join wanted on contains(',' || replace(step_by_step, ', ', ',') || ',', ',' || word || ',')
where not mark
order by page
