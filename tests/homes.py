"""Homes for tests: settings of a temporary home, and cleaned days made of stories."""

import hashlib
from contextlib import closing
from datetime import date
from pathlib import Path

from data.intake import CleanedDay, Quarantined
from data.periods import Period
from data.register import register
from data.segment import CleanedFrame
from data.settings import Settings
from data.store import Estate
from tests.stories import DAY, cleaned

SENDERS = {register.sender_number(name): name for name in ("GDS", "HMRC", "DfT", "Home Office", "DWP")}
EVER = Period(date(2000, 1, 1), date(2100, 1, 1))
SUMS = """
select
    (select count(*) from session)::bigint as sessions,
    (select count(*) from page_view)::bigint as page_views,
    (select count(*) from page_view_by_page where next_1 > 0)::bigint as moves
"""


def settings_of(folder: Path, clock: date = date(2019, 10, 20), **others: object) -> Settings:
    """Settings of a home in this folder, with a key beside it."""
    key = folder / "estate.key"
    if not key.exists():
        key.write_bytes(hashlib.sha256(str(folder).encode()).digest())
    given = {"home": folder / "home", "key_file": key, "clock": clock, "memory_limit": "500MB", "threads": 1}
    return Settings(**(given | others))  # type: ignore[arg-type]  # a test gives what it means


def extracts(*stories: str, day: date = DAY, account: str = "joined") -> list[CleanedDay]:
    """One extract for each sender and day of the stories; the same stories give the same file."""
    return [
        extract(one, account)
        for one in cleaned(*stories, day=day)
    ]  # fmt: skip


def sums(settings: Settings, account: str = "joined") -> dict[str, int]:
    """Sessions, page views and moves of a published account, counted in its segments."""
    with closing(Estate.open(settings)) as estate, estate.pinned() as reading:
        found = [reading.run(one, SUMS).row(0, named=True) for one in reading.segments(account, EVER)]
    return {name: sum(one[name] for one in found) for name in ("sessions", "page_views", "moves")}


def extract(one: CleanedFrame, account: str = "joined") -> CleanedDay:
    """A cleaned frame as it comes from the way in; the same rows are the same file."""
    frame, rows = one.frame, one.frame.height
    return CleanedDay(
        account=account,
        sender=SENDERS[one.sender],
        day=one.day,
        kind="events",
        format="hits",
        sha256=hashlib.sha256(repr(frame.rows()).encode()).hexdigest(),
        frame=frame,
        read=rows + 1,
        kept=rows,
        ignored=0,
        quarantined={"bad_time": 1},
        quarantine=(Quarantined(rows + 1, "bad_time", "0" * 32),),
        dropped_unshared={},
        ignored_columns=(),
    )
