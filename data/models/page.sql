-- page: the pages of the segment, with a key that is the same in every segment.
insert into page by name
select * exclude (organisations), (md5_number_lower(host || path) >> 1)::bigint as key
from incoming
