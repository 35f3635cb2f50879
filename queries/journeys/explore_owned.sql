-- The sessions with a view of a page of these departments (bits), as then or as now; in any order.
select session
from session
where case when $now::boolean then departments_now else departments_then end & $bits::ubigint <> 0
