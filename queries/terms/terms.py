"""What people searched for: how often, from which pages, what they opened next, what ended there, and what is rising."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Final, Literal

import numpy as np
import polars as pl

from data.periods import Period
from queries import shapes
from queries.asking import Asking, Frames, Value
from queries.cache import Kept
from queries.columns import Column, count, derived, empty, filled, label
from queries.departments.summary import OTHER_DAYS, unlike
from queries.departments.summary_sums import Sums
from queries.disclosure import rows
from queries.metrics import ratio
from queries.page_sets import sets
from queries.parameters import Common
from queries.periods import days_with_data
from queries.terms import publishing_terms, term_sums
from queries.terms.term_sums import Searches, added
from queries.trends.trend_bands import banded
from queries.trends.trend_sums import BEFORE_PAGES, Held
from queries.verdicts import changes
from queries.verdicts.compared import Compared

FILTERS: Final = frozenset(
    {"department", "device", "channel", "country", "page", "service", "document_type", "organisation", "topic"}
)
PAGES: Final = 5  # of a term and place
KEPT: Final = 64  # answers, of which the pages of their terms are kept: 0.3 MB each
_kept: Final[Kept[dict[str, pl.DataFrame]]] = Kept(KEPT)
RARE: Final = "(rare)"
PLACES: Final = {"pages": "page", "before": "before", "next": "after"}  # frames, and where their pages stand
BAND: Final = ("expected", "expected_low", "expected_high")
NO_BAND: Final = "With filters no term is held against its own past: that is known of all searches together."
DEFINITION: Final = (
    "Site searches by their cleaned term. A term is known once 10 sessions of its month have it; the others are one row, (rare), so a "
    "term that was rare in an earlier month counts as none there. "
    "Sessions: different sessions that searched for it. Ended: searches after which no page view, click out or download was seen, "
    "also as a share of its searches. Page: the one it was most searched from, which may be the page of results; before: the page "
    "right before that; next: the page view right after. Rising terms are ordered by the least that their change may be, and held "
    "against what their own days before led to expect (of 100 terms called likely real at most 5 are so by chance)."
)
COLUMNS: Final[tuple[Column, ...]] = (
    label("term"), label("department"), *changes.columns("searches"), count("sessions", "sessions"), label("page"),
    count("ended", "searches"),
    derived("ended_share", "share", ratio("ended", "searches"), denominators=("searches",)),
    *(derived(name, "searches", ("searches",)) for name in BAND), derived("verdict", "text", ("searches",), dtype=pl.String),
)  # fmt: skip
_OF_PAGES: Final = (
    label("term"), label("page"), label("department"), count("searches", "searches"), count("sessions", "sessions"),
)  # fmt: skip
MORE_COLUMNS: Final[dict[str, tuple[Column, ...]]] = {
    **dict.fromkeys(PLACES, _OF_PAGES), "total": (label("terms", "terms", pl.Int64),),
}  # fmt: skip

_LISTS: Final = {name: shapes.rows(shapes.without(_OF_PAGES, "term")) for name in PLACES}
SHAPE: Final = shapes.whole(total=shapes.NUMBER, terms=shapes.rows(COLUMNS, **_LISTS))


class Parameters(Common):
    """Which terms come first: those searched for most, those that end most often, or those that rise."""

    sort: Literal["searches", "ended", "rising"] = "searches"


PARAMETERS: Final = Parameters


@dataclass(frozen=True)
class Both:
    """The searches of the period, and of the one that it is compared with where that has data."""

    now: list[Searches]
    before: list[Searches]
    compared: Period | None


def answer(asking: Asking[Parameters]) -> Frames:
    """The terms asked for, each with the pages around its searches."""
    if asking.parameters.publication:
        return publishing_terms.published(asking, partial(_published, asking))
    compared = asking.comparison
    there = compared if compared and days_with_data(asking.reading, asking.account, compared) else None
    both = Both(term_sums.searches(asking, asking.period), term_sums.searches(asking, there) if there else [], there)
    every = added([one.by_term() for one in both.now], "term")
    unchanged = _unchanged(asking)
    top = _first(every, both, asking).head(asking.parameters.limit)
    terms = top["term"]
    listed = _listed(both, asking, terms)
    most = listed["pages"].group_by("term", maintain_order=True).agg(pl.col("page").first())
    main = top.drop("searches").hstack(_compared(both, asking, terms.to_list(), unchanged))
    main = main.join(most, on="term", how="left", maintain_order="left").hstack(_band(asking, terms.to_list()))
    main = main.with_columns(department=pl.lit(_owner(both, asking), pl.String))
    others = {name: frame.select(c.name for c in _OF_PAGES) for name, frame in listed.items()}
    others["total"] = pl.DataFrame({"terms": [every.height]}, {"terms": pl.Int64})
    return Frames(filled(main, COLUMNS), others, notes=_notes(asking, unchanged))


def _published(asking: Asking[Parameters], terms: pl.DataFrame) -> Frames:
    """The terms asked for out of rounded counts, without the pages around them."""
    ended = asking.parameters.sort == "ended"
    known = terms.filter(pl.col("term") != RARE) if ended else terms
    told = known.with_columns(ended=pl.when(pl.col("ended") >= 0).then("ended"))
    order = (pl.col("ended") / pl.col("searches")) if ended else pl.col("searches")
    top = told.sort(order, "searches", "term", descending=[True, True, False], nulls_last=True).select("term")
    rows_ = top.head(asking.parameters.limit).join(terms, on="term", maintain_order="left")
    if "searches" in (unchanged := _unchanged(asking)):
        rows_ = rows_.with_columns(searches_change=None)
    others = {name: empty(_OF_PAGES) for name in PLACES}
    others["total"] = pl.DataFrame({"terms": [terms.height]}, {"terms": pl.Int64})
    return Frames(filled(rows_, COLUMNS), others, notes=(*_notes(asking, unchanged), publishing_terms.NOTE))


def present(frames: Frames, _: Asking[Parameters]) -> Value:
    """How many terms there are, and those asked for, each with its pages."""
    lists: dict[str, dict[str, list[dict[str, Any]]]] = {name: {} for name in PLACES}
    for name, by_term in lists.items():
        for row in rows(frames.others[name]):
            by_term.setdefault(row.pop("term"), []).append(row)
    told = [row | {name: lists[name].get(row["term"], []) for name in PLACES} for row in frames.main.to_dicts()]
    return {"total": frames.others["total"]["terms"].item(), "terms": told}


def _first(every: pl.DataFrame, both: Both, asking: Asking[Parameters]) -> pl.DataFrame:
    """Every term in the order asked for."""
    sort = asking.parameters.sort
    if sort == "searches":
        return every.sort("searches", "term", descending=[True, False])
    known = every.filter(pl.col("term") != RARE)
    if sort == "ended":
        return known.sort(pl.col("ended") / pl.col("searches"), "searches", "term", descending=[True, True, False])
    changed = _compared(both, asking, known["term"].to_list(), {})
    least = changed["searches_change_low"].fill_null(-np.inf)
    return (
        known.with_columns(least=least).sort("least", "searches", "term", descending=[True, True, False]).drop("least")
    )


def _compared(both: Both, asking: Asking[Any], terms: list[str], unchanged: dict[str, str]) -> pl.DataFrame:
    """Searches of these terms, those of the comparison, and the change."""
    now = _sums(asking, both.now, asking.period, terms)
    before = _sums(asking, both.before, both.compared, terms) if both.compared else now.empty()
    return pl.DataFrame(Compared(now, before, frozenset(unchanged)).measured("searches"))


def _sums(asking: Asking[Any], found: list[Searches], period: Period, terms: list[str]) -> Sums:
    with_data = days_with_data(asking.reading, asking.account, period)
    places = tuple(n for n, day in enumerate(period) if day in with_data)
    return Sums({"searches": term_sums.days_of(found, period, terms)}, np.full(len(terms), np.nan), places)


def _unchanged(asking: Asking[Any]) -> dict[str, str]:
    """Why no change is computed, if none is."""
    if asking.comparison is None:
        return {}
    if not (asking.parameters.publication or changes.same_weekdays(asking.period, asking.comparison)):
        return {"searches": OTHER_DAYS}
    return dict(changes.broken(("searches",), asking.account, asking.period, asking.comparison))


def _filtered(asking: Asking[Any]) -> bool:
    return any(getattr(asking.parameters, name) for name in FILTERS)


def _band(asking: Asking[Parameters], terms: list[str]) -> pl.DataFrame:
    """What was expected of each term, where rising ones are asked for."""
    types = dict.fromkeys(BAND, pl.Float64) | {"verdict": pl.String}
    if asking.parameters.sort != "rising" or not terms or _filtered(asking):
        return pl.DataFrame([pl.Series(name, [None] * len(terms), kind) for name, kind in types.items()])
    longer = Period(asking.period.first - timedelta(BEFORE_PAGES), asking.period.last)
    with_data = days_with_data(asking.reading, asking.account, longer)
    held = Held(tuple(longer), tuple(terms), {"searches": term_sums.past(asking, longer, terms)}, with_data)
    told = banded(held, asking, ("searches",)).changes()
    return pl.DataFrame([{name: one[name] for name in types} for one in told], types)


def _listed(both: Both, asking: Asking[Any], terms: pl.Series) -> dict[str, pl.DataFrame]:
    """The pages of these terms by place, kept by the segments that they were counted in."""

    def rank() -> dict[str, pl.DataFrame]:
        return {
            name: _ranked(asking, [one.by_page(terms, place) for one in both.now], place)
            for name, place in PLACES.items()
        }

    keys = [one.key for one in both.now]
    return _kept.find((*keys, tuple(terms)), rank) if keys and all(keys) else rank()


def _ranked(asking: Asking[Any], parts: list[pl.DataFrame], place: str) -> pl.DataFrame:
    """The pages of each term that stand first; equal ones in an order that stays."""
    ordered = added(parts, "term", "code", "owner").sort("searches", "code", "owner", descending=[True, False, False])
    return term_sums.named(asking, ordered.group_by("term", maintain_order=True).head(PAGES), place)


def _owner(both: Both, asking: Asking[Any]) -> str | None:
    """The one department whose pages were searched from, or none."""
    if not sets.narrowed(asking):
        return None
    owners = set[str | None]().union(*(one.owners() for one in both.now))
    return owners.pop() if len(owners) == 1 else None


def _notes(asking: Asking[Parameters], unchanged: dict[str, str]) -> tuple[str, ...]:
    band = [NO_BAND] if asking.parameters.sort == "rising" and _filtered(asking) else []
    return (*unchanged.values(), *filter(None, [unlike(asking)]), *band)
