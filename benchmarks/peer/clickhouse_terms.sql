-- Search terms in ClickHouse: the hundred that are searched for most, with their sessions.
select text, count() as searches, uniqExact(session) as sessions
from searches
group by text
order by searches desc, text
limit 100
