-- The pages whose host and path fit an expression as a whole; host and start are what all of them have, "" where unknown.
select page
from page
where ($host::varchar = '' or host = $host::varchar)
    and starts_with(path, $start::varchar)
    and regexp_full_match(host || path, $expression::varchar)
    and not mark
order by page
