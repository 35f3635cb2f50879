-- The pages that these departments own (numbers), or that are tagged with them (bits), as it was then or as it is now.
select page
from page
where not mark
    and case
        when $tagged::boolean and $now::boolean then tagged_now & $bits::ubigint <> 0
        when $tagged::boolean then tagged_then & $bits::ubigint <> 0
        when $now::boolean then owner_now in (select unnest($numbers::utinyint[]))
        else owner_then in (select unnest($numbers::utinyint[]))
    end
order by page
