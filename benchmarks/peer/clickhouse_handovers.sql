-- Handovers in ClickHouse: sessions by pair of departments that follow each other.
select came, went, uniqExact(session)
from (
    select session, owner as came, leadInFrame(owner) over (
        partition by session order by position rows between current row and unbounded following
    ) as went
    from views
    where owner is not null
)
where came > 0 and went > 0 and came <> went
group by came, went
