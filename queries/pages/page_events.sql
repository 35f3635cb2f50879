-- What was done on these pages: each event's session, its kind and the number of what it was of; in any order.
select session, kind, value
from event
where kind between 2 and 6
    and page between $low::uinteger and $high::uinteger
    and page in (select unnest($pages::uinteger[]))
