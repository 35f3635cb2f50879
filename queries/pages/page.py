"""One page as a whole: its measures beside those before, the pages around it, who came right back, and who owns it."""

from dataclasses import replace
from functools import partial
from typing import Any, Final

import numpy as np
import polars as pl

from data import clean
from data.periods import Period
from queries import metrics, shapes
from queries.asking import Asking, Frames, Value
from queries.columns import Column, count, derived, filled, label
from queries.departments.summary import OTHER_DAYS, unlike
from queries.departments.summary_sums import DAILY, Sums
from queries.disclosure import rows
from queries.metrics import ratio
from queries.pages import next_pages, page_facts, publishing_page
from queries.pages.neighbours import SIDES, counted
from queries.pages.page_facts import OWNED
from queries.pages.publishing_page import Counts
from queries.periods import days_with_data
from queries.trends.trend_sums import by_pages
from queries.verdicts import changes
from queries.verdicts.by_day import by_day
from queries.verdicts.compared import Compared

MEASURES: Final = ("sessions", "page_views", "landings", "exits", "exit_rate", "single_page_rate", "searches")
FILTERS: Final = next_pages.FILTERS
PARAMETERS: Final = next_pages.Parameters
DEFINITION: Final = (
    "Earlier pages, loops (reloads) and landings add up to the page views, and so do later pages, loops and exits. Pogo-stick rate: "
    "sessions that went from the page to another and right back to it, as a share of its sessions; of pages of its kind, all pages of "
    "the same document type together. Usefulness: answers that say yes, as a share of yes and no. "
    f"{metrics.definitions(*MEASURES, 'not_found')}"
)
_ANSWERS: Final = ("useful_yes", "useful_no")
COLUMNS: Final[tuple[Column, ...]] = (
    label("page"), label("department"), *(label(name) for name in OWNED),
    *(column for name in MEASURES for column in changes.columns(name)), *changes.hidden_columns("single_page"),
    count("not_found", "page views"), count("returned", "sessions"),
    derived("pogo_stick_rate", "share", ratio("returned", "sessions"), denominators=("sessions",)),
    *(count(name, "answers") for name in _ANSWERS),
    derived("usefulness", "share", pl.when(pl.col("useful_yes") + pl.col("useful_no") > 0).then(
        pl.col("useful_yes") / (pl.col("useful_yes") + pl.col("useful_no"))), denominators=_ANSWERS[:1]),
    *(count(name, "events") for name in ("outbound", "download", "error")),
)  # fmt: skip
MORE_COLUMNS: Final[dict[str, tuple[Column, ...]]] = {
    **next_pages.MORE_COLUMNS,
    "named": next_pages.COLUMNS,
    "kind": (
        label("document_type"), label("department"), label("pages", "pages", pl.Int64), count("sessions", "sessions"),
        count("returned", "sessions"), derived("pogo_stick_rate", "share", ratio("returned", "sessions"), denominators=("sessions",)),
    ),
    "missing": (label("page"), label("department"), count("not_found", "page views")),
    "events": (label("kind"), label("name"), label("department"), count("events", "events")),
}  # fmt: skip

_FACTS: Final = ("page", "department", *OWNED)
_NEXT: Final = shapes.without(next_pages.COLUMNS, "side")
_TOTALS: Final = shapes.row(shapes.without(MORE_COLUMNS["totals"], "department"))
SHAPE: Final = shapes.row(
    tuple(one for one in COLUMNS if one.name in _FACTS), **_TOTALS["properties"], landings_by_channel=shapes.COUNTS, other=shapes.COUNTS,
    previous_pages=shapes.rows(_NEXT), next_pages=shapes.rows(_NEXT), measures=shapes.row(shapes.without(COLUMNS, *_FACTS)),
    kind=shapes.row(shapes.without(MORE_COLUMNS["kind"], "department")), not_found_from=shapes.rows(MORE_COLUMNS["missing"]),
    events=shapes.rows(MORE_COLUMNS["events"]),
)  # fmt: skip


def answer(asking: Asking[Any]) -> Frames:
    """One row of measures and facts; beside it the pages around, the kind's pogo-stick rate, what wasn't found and what was done."""
    if asking.parameters.publication:
        return publishing_page.published(asking, partial(_published, asking))
    around, facts = counted(asking), page_facts.owners(asking)
    department = around["totals"]["department"].item()
    events, missing = page_facts.events(asking, department), page_facts.missing(asking)
    seen, back, pages = page_facts.returned_of_kind(asking, facts["document_type"])
    kind = {
        "document_type": facts["document_type"],
        "department": None,
        "pages": pages,
        "sessions": seen,
        "returned": back,
    }
    measured, notes = _measured(asking)
    known = {"page": _shown(asking), "department": department, **facts, **_counts(asking, events, missing)}
    main = measured.with_columns(pl.lit(value).alias(name) for name, value in known.items())
    others = {**around, "kind": pl.DataFrame([kind]), "missing": missing, "events": events}
    return Frames(
        filled(main, COLUMNS), {name: filled(frame, MORE_COLUMNS[name]) for name, frame in others.items()}, notes=notes
    )


def _published(asking: Asking[Any], counts: Counts, of_kind: Counts, around: Frames) -> Frames:
    """The same out of rounded counts, without what isn't published."""
    facts, unchanged = page_facts.owners(asking), _unchanged(asking, asking.comparison)
    *_, pages = page_facts.returned_of_kind(asking, facts["document_type"])
    row = pl.DataFrame([{"page": _shown(asking), "department": facts["owner_then"], **facts, **counts}])
    nothing = [pl.lit(None, pl.Float64).alias(f"{name}_change") for name in unchanged]
    kind = pl.DataFrame([{"document_type": facts["document_type"], "department": None, "pages": pages, **of_kind}])
    others = {
        **around.others,
        "named": around.main,
        "kind": kind,
        "missing": pl.DataFrame(schema=page_facts.MISSING),
        "events": pl.DataFrame(schema=page_facts.EVENTS),
    }
    return replace(
        around,
        main=filled(row.with_columns(nothing), COLUMNS),
        others={name: filled(frame, MORE_COLUMNS[name]) for name, frame in others.items()},
        notes=(*around.notes, *_notes(asking, unchanged)),
    )


def present(frames: Frames, _: Asking[Any]) -> Value:
    """The page, its measures, and its parts; sides as in `next_pages`."""
    (row,) = rows(frames.main.drop("single_page", "single_page_comparison"))
    around: Any = next_pages.present(Frames(frames.others["named"], frames.others), _)
    sides = {"previous_pages": around.pop(SIDES[0]), "next_pages": around.pop(SIDES[1])}
    (kind,) = rows(frames.others["kind"].drop("department"))
    return {
        "page": row.pop("page"), **{name: row.pop(name) for name in ("department", *OWNED)}, **around, **sides, "measures": row,
        "kind": kind, "not_found_from": rows(frames.others["missing"]), "events": rows(frames.others["events"]),
    }  # fmt: skip


def _shown(asking: Asking[Any]) -> str:
    """The page in the form shown, patterns as they were asked for."""
    return ", ".join(page if "*" in page else clean.shown(*clean.page(page)) for page in asking.parameters.page)


def _measured(asking: Asking[Any]) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """One row: each measure, what it was in the comparison, and its change; and why some have no change."""
    compared = asking.comparison
    there = compared is not None and bool(days_with_data(asking.reading, asking.account, compared))
    now = _sums(asking, asking.period)
    before = _sums(asking, compared) if compared and there else now.empty()
    unchanged = _unchanged(asking, compared)
    found = Compared(now, before, frozenset(unchanged))
    parts = [found.measured(name) for name in MEASURES] + [found.counted("single_page")]
    frame = pl.DataFrame({key: series for part in parts for key, series in part.items()})
    return frame, _notes(asking, unchanged)


def _notes(asking: Asking[Any], unchanged: dict[str, str]) -> tuple[str, ...]:
    return (*sorted(set(unchanged.values())), *filter(None, [unlike(asking)]))


def _unchanged(asking: Asking[Any], compared: Period | None) -> dict[str, str]:
    if compared is None:
        return {}
    if not (asking.parameters.publication or changes.same_weekdays(asking.period, compared)):
        return dict.fromkeys(MEASURES, OTHER_DAYS)
    return dict(changes.broken(MEASURES, asking.account, asking.period, compared))


def _sums(asking: Asking[Any], period: Period) -> Sums:
    """The page's sums by day, as `trend` counts them."""
    _, found = by_pages(asking, period)
    array = by_day(found, period, np.zeros(found.height, np.int64), rows=1, names=DAILY)
    with_data = days_with_data(asking.reading, asking.account, period)
    return Sums(array, np.full(1, np.nan), tuple(n for n, day in enumerate(period) if day in with_data))


def _counts(asking: Asking[Any], events: pl.DataFrame, missing: pl.DataFrame) -> dict[str, int]:
    """What is counted beside the daily measures: views that weren't found, who came right back, and the events by kind."""
    done = dict(events.group_by("kind").agg(pl.col("events").sum()).iter_rows())
    kinds = {name: done.get(name, 0) for name in (*_ANSWERS, "outbound", "download", "error")}
    return {"not_found": int(missing["not_found"].sum()), "returned": page_facts.returned(asking), **kinds}
