"""Made-up traffic for benchmarks: cleaned frames of months, 200,000 pages by Zipf's law.

`month` is the hardest to store: 4 page views a session, of pages that follow each other independently. `walked` is the
likeliest to be asked about: three quarters of the sessions see one page, 2 in 100 pages are in 87 of 100 journeys, as
GOV.UK's own analysis of a week of 2018 found, and what follows a page is mostly one of a few usual pages.
"""

from calendar import monthrange
from datetime import UTC, date, datetime
from typing import Any, Final

import numpy as np
import polars as pl

from data.contract import CHANNELS, CLEANED, DEVICES, KINDS
from data.register import register
from data.segment import CleanedFrame

Array = np.ndarray[Any, Any]
Walk = tuple[Array, Array]  # page views of each session, and the page of each view

MONTH: Final = date(2020, 10, 1)
PAGES: Final = 200_000
VIEWS_A_SESSION: Final = 4
SESSIONS_A_VISITOR: Final = 1.6
SINGLE: Final = 0.75  # of the sessions of `walked`
STEPS_BEYOND: Final = 4  # page views after the first of its other sessions, on average
STEEP: Final = 1.17  # the n-th page is seen as (n + 2) ** -STEEP: the first is 1 of 16 page views
HABITS: Final = (
    0.05,
    0.1,
    0.6,
)  # of the views after the first: reloaded, a step back, a usual one; the rest go anywhere
FOLLOWERS: Final = 8  # usual next pages of a page
EVENT_SHARE: Final = 0.12  # other events beside page views
TERMS: Final = 20_000
OUTBOUND: Final = 300  # hosts clicked out to
HOSTS: Final = ("www.tax.service.gov.uk", "www.vehicletax.service.gov.uk", "www.passport.service.gov.uk")
DEVICE_SHARES: Final = (0.4, 0.53, 0.06, 0.01)
CHANNEL_SHARES: Final = (0.2, 0.58, 0.01, 0.03, 0.05, 0.04, 0.06, 0.02, 0.01)
PATHS: Final = ("tax", "visa", "benefit", "school", "health", "guide", "form", "news", "rates")
TYPES: Final = ("guide", "answer", "transaction", "detailed_guide", "news_story")


def pages(random: np.random.Generator) -> pl.DataFrame:
    """One row a page, the most visited in no order of its address; one in seven is on a service's host."""
    picked = random.integers(0, len(PATHS), (PAGES, 2)).tolist()
    paths = [f"/{PATHS[first]}-{PATHS[second]}/page-{number}" for number, (first, second) in enumerate(picked)]
    columns = {
        "host": random.choice(["www.gov.uk", *HOSTS], PAGES, p=[0.85, 0.05, 0.05, 0.05]),
        "path": paths,
        "title": [f"Title of {path} - GOV.UK" for path in paths],
        "document_type": random.choice(TYPES, PAGES),
        "organisations": random.choice([f"<{one.code}>" for one in register.departments], PAGES),
    }
    return pl.DataFrame(columns, dict.fromkeys(columns, pl.String))


def month(page_views: int, seed: int = 20_201_001) -> list[CleanedFrame]:
    """The cleaned frames of a whole month, one a day, with about this many page views."""
    random = np.random.default_rng(seed)
    known, visitors = pages(random), _pseudonyms(int(page_views / VIEWS_A_SESSION / SESSIONS_A_VISITOR), random)
    days = [MONTH.replace(day=1 + n) for n in range(monthrange(MONTH.year, MONTH.month)[1])]
    return [
        _day(day, _views(day, _independent(page_views // len(days), random), known, visitors, random=random), random)
        for day in days
    ]


def walked(first: date, page_views: int) -> list[CleanedFrame]:
    """The cleaned frames of the month that begins on `first`, one a day, as people walk; with about this many page views."""
    random = np.random.default_rng(first.toordinal())
    known, usual = pages(np.random.default_rng(1)), _steep((PAGES, FOLLOWERS), np.random.default_rng(2))
    days = [first.replace(day=1 + n) for n in range(monthrange(first.year, first.month)[1])]
    sessions = int(page_views / len(days) / (1 + (1 - SINGLE) * STEPS_BEYOND))
    visitors = _pseudonyms(int(sessions * len(days) / SESSIONS_A_VISITOR), random)
    return [
        _day(day, _views(day, _walks(sessions, usual, random), known, visitors, random=random), random) for day in days
    ]


def _walks(sessions: int, usual: Array, random: np.random.Generator) -> Walk:
    """Page views of each session, and the page of each: reloaded, one step back, a usual one, or any."""
    views = 1 + (random.random(sessions) >= SINGLE) * random.geometric(1 / STEPS_BEYOND, sessions)
    starts = np.cumsum(views) - views
    page = _steep(int(views.sum()), random)
    for k in range(1, int(views.max())):
        at = starts[views > k] + k
        before, drawn = page[at - 1], random.random(len(at))
        follower = usual[before, random.geometric(0.4, len(at)).clip(1, FOLLOWERS) - 1]
        page[at] = np.select(
            [drawn < share for share in np.cumsum(HABITS)], [before, page[at - min(k, 2)], follower], page[at]
        )
    return views, page


def _steep(shape: int | tuple[int, int], random: np.random.Generator) -> Array:
    """Numbers of pages, as often as they are seen, in an order that tells nothing."""
    share = np.cumsum((np.arange(1, PAGES + 1) + 2) ** -STEEP)
    shuffled: Array = np.random.default_rng(PAGES).permutation(PAGES)[
        np.searchsorted(share, random.random(shape) * share[-1])
    ]
    return shuffled


def _independent(page_views: int, random: np.random.Generator) -> Walk:
    """Page views of each session, and the page of each."""
    views = random.geometric(1 / VIEWS_A_SESSION, page_views // VIEWS_A_SESSION)
    return views, _zipf(int(views.sum()), PAGES, random)


def _pseudonyms(count: int, random: np.random.Generator) -> pl.Series:
    return pl.Series(np.frombuffer(random.bytes(16 * count), "V16").tolist(), dtype=pl.Binary)


def _zipf(count: int, among: int, random: np.random.Generator) -> Array:
    """Numbers below `among`; the n-th most frequent comes 1/n as often as the first, in an order that tells nothing."""
    share = np.cumsum(1 / np.arange(1, among + 1))
    places = np.searchsorted(share, random.random(count) * share[-1])
    shuffled: Array = np.random.default_rng(among).permutation(among)[places]
    return shuffled


def _views(
    day: date, walk: Walk, known: pl.DataFrame, visitors: pl.Series, *, random: np.random.Generator
) -> pl.DataFrame:
    """The page views of a day, session by session: how many each has, and the page of each."""
    views, page = walk
    of = np.repeat(np.arange(len(views)), views)
    sessions = _sessions(len(views), visitors, random)[of]
    rows = pl.concat([sessions, known[page]], how="horizontal")
    fixed = {"order": 0, "row": 0, "occurrences": 1, "kind": "page_view", "status": 200}
    rest = {name: pl.lit(fixed.get(name)).cast(kind) for name, kind in CLEANED.items() if name not in rows.columns}
    return rows.with_columns(**rest | {"time": _times(day, views, of, random)}).select(CLEANED.names())


def _sessions(count: int, visitors: pl.Series, random: np.random.Generator) -> pl.DataFrame:
    country = np.where(random.random(count) < 0.92, 0, random.zipf(1.5, count).clip(0, 190))
    return pl.DataFrame(
        {
            "session": _pseudonyms(count, random),
            "visitor": visitors.gather(random.integers(0, len(visitors), count)),
            "device": pl.Series(DEVICES, dtype=pl.Enum(DEVICES)).gather(
                random.choice(len(DEVICES), count, p=DEVICE_SHARES)
            ),
            "channel": pl.Series(CHANNELS, dtype=pl.Enum(CHANNELS)).gather(
                random.choice(len(CHANNELS), count, p=CHANNEL_SHARES)
            ),
            "country": pl.Series([f"Country {number}" for number in range(191)]).gather(country),
        }
    )


def _times(day: date, views: Array, of: Array, random: np.random.Generator) -> pl.Series:
    """Moments between 7 and 22 o'clock, half of the steps within half a minute, none half an hour."""
    since = np.cumsum(random.lognormal(3.4, 1.3, len(of)).clip(1, 1_790))
    since -= since[np.cumsum(views) - views][of]
    start = random.integers(7 * 3600, 22 * 3600, len(views))[of]
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
    return pl.Series(((midnight + start + since) * 1_000_000).astype(np.int64)).cast(pl.Datetime("us", "UTC"))


def _day(day: date, views: pl.DataFrame, random: np.random.Generator) -> CleanedFrame:
    """The page views and, among them, searches, clicks out and downloads, in the order of their times."""
    some = np.flatnonzero(random.random(len(views)) < EVENT_SHARE)
    kind = random.integers(1, 4, len(some))
    word = _zipf(len(some), TERMS, random) % np.where(kind == KINDS.index("outbound"), OUTBOUND, TERMS)
    events = views[some].with_columns(
        kind=pl.Series(KINDS, dtype=pl.Enum(KINDS)).gather(kind),
        time=pl.col("time") + pl.duration(milliseconds=500),
        value=pl.format("words {}", pl.Series(word)),
    )
    frame = pl.concat([views, events]).sort("time").with_columns(row=pl.int_range(1, pl.len() + 1, dtype=pl.UInt32))
    return CleanedFrame(register.sender_number("GDS"), day, frame)
