-- Every page of a segment as they are stored, by number: its key in every segment, its owner, whether it is a mark.
select page, key, case when $now::boolean then owner_now else owner_then end as owner, mark
from page
