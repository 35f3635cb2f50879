-- Every page of a segment by its number: the key it has in every segment, its owner, and whether it is a mark.
select page, key, case when $now::boolean then owner_now else owner_then end as owner, mark
from page
