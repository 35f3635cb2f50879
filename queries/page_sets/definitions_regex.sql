-- The pages in whose form shown an expression is found.
select page
from page
where not mark and regexp_matches(case when host = 'www.gov.uk' then path else host || path end, $expression::varchar)
order by page
