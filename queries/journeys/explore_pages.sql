-- Every page of a segment by its number: the key it has in every segment, its owners, and whether it is a mark; in any order.
select page, key, owner_then, owner_now, mark
from page
