"""What is known of a page beside its measures: who owns it, what people did on it, who came right back, what wasn't found."""

from typing import Any, Final

import numpy as np
import polars as pl

from data.contract import KINDS
from data.register import register
from data.store import Segment
from queries.asking import WHOLE_ESTATE, Asking, sql
from queries.cache import Kept
from queries.page_sets import definitions, sets
from queries.pages import page_names, page_sums, page_tables
from queries.pages.page_sums import LAST_PAGE, sessions_that_fit
from queries.pages.page_tables import Array
from queries.source import Source, every_session_fits, fitting, taken

LANDED: Final = "(landing)"
KEPT: Final = 256  # kinds of pages of a segment
VALUE_BITS: Final = 32  # that what an event was of takes
_kinds: Final[Kept[tuple[int, int, Array]]] = Kept(KEPT)
EVENTS: Final = {"kind": pl.String, "name": pl.String, "department": pl.String, "events": pl.Int64}
MISSING: Final = {"page": pl.String, "department": pl.String, "not_found": pl.Int64}
OWNED: Final = (
    "title",
    "document_type",
    "taxon",
    "step_by_step",
    "owner_then",
    "owner_now",
    "tagged",
    "service",
    "service_name",
    "memorandum",
)
NAMES: Final = {"outbound": "clicks out", "download": "downloads", "error": "errors shown", "useful_yes": "useful", "useful_no": "not useful"}  # fmt: skip


def owners(asking: Asking[Any]) -> dict[str, str | None]:
    """The fields of `OWNED`, from the newest segment that has the page; of several pages none are told."""
    for segment in reversed(_segments(asking)):
        pages = sets.seen(asking, segment, asking.period)
        if len(pages):
            found = asking.reading.run(segment, sql("page_owners"), {"pages": pages.tolist()})
            if found["key"].n_unique() == 1:
                return _owners(asking, found)
            break
    return dict.fromkeys(OWNED)


def _owners(asking: Asking[Any], found: pl.DataFrame) -> dict[str, str | None]:
    row = found.row(-1, named=True)
    names, service = register.department_names, register.services.get(row["service"] or "")
    then = names[row["owner_then"]]
    tagged = [name for number, name in names.items() if row["tagged_then"] >> number & 1]
    told = {name: row[name] for name in ("title", "document_type", "taxon", "step_by_step", "service")}
    return told | {
        "owner_then": then, "owner_now": names[row["owner_now"]], "tagged": ", ".join(tagged),
        "service_name": service.name if service else None, "memorandum": _memorandum(asking, then),
    }  # fmt: skip


def _memorandum(asking: Asking[Any], owner: str) -> str:
    """Whether the owner's memorandum is in force on the last day, in words."""
    if owner not in register.partners(asking.period.last):
        return "none needed"
    found = register.agreement(owner, asking.period.last)
    if found is None:
        return "none"
    return (
        f"in force since {found.signed:%-d %B %Y}"
        if found.signed and found.in_force(asking.period.last)
        else "sent, not signed"
    )


def events(asking: Asking[Any], department: str | None) -> pl.DataFrame:
    """What was done on the pages: kind, what it was of, how often. A cell is the department's that owns the pages."""
    parts = [pl.DataFrame(schema=EVENTS).drop("department"), *(_done(asking, one) for one in _segments(asking))]
    summed = pl.concat(parts).group_by("kind", "name").agg(pl.col("events").sum())
    ordered = summed.sort("kind", "events", "name", descending=[False, True, False])
    return ordered.with_columns(department=pl.lit(department, pl.String)).select(list(EVENTS))


def _done(asking: Asking[Any], segment: Segment) -> pl.DataFrame:
    """The events of one segment by kind and name."""
    source, pages = Source(asking, segment), sets.of(asking, segment)
    rows = source.fetch("page_events", **_range(pages))
    if not every_session_fits(source):
        rows = taken(rows, np.flatnonzero(fitting(source)[rows["session"]]))
    done, counts = np.unique(rows["kind"].astype(np.int64) << VALUE_BITS | rows["value"], return_counts=True)
    kind, value = done >> VALUE_BITS, done & (1 << VALUE_BITS) - 1
    what = value[value > 0].tolist()
    names = dict(asking.reading.run(segment, sql("page_values"), {"values": what}).iter_rows()) if what else {}
    columns = {
        "kind": [KINDS[number] for number in kind.tolist()],
        "name": [names.get(number) for number in value.tolist()],
        "events": counts,
    }
    return pl.DataFrame(columns, {name: EVENTS[name] for name in columns})


def missing(asking: Asking[Any]) -> pl.DataFrame:
    """Page views that weren't found by the page that led there, those that may not be seen as one."""
    parts = [pl.DataFrame(schema=MISSING)]
    for segment in _segments(asking):
        pages = sets.of(asking, segment)
        if len(pages) and page_sums.any_of("not_found", asking, segment, pages):
            found = asking.reading.run(segment, sql("page_missing"), _views(asking, pages))
            parts.append(_led(asking, segment, found))
    summed = pl.concat(parts).group_by("page", "department").agg(pl.col("not_found").sum())
    return summed.sort("not_found", "page", descending=[True, False])


def _led(asking: Asking[Any], segment: Segment, found: pl.DataFrame) -> pl.DataFrame:
    none = pl.DataFrame([(0, LANDED, WHOLE_ESTATE)], page_names.NAMED, orient="row")
    named = pl.concat([none, page_names.named(asking, segment, found["before"])])
    joined = found.join(named, left_on="before", right_on="number")
    return joined.select(pl.col("name").alias("page"), "department", pl.col("not_found").cast(pl.Int64))


def returned(asking: Asking[Any]) -> int:
    """Sessions that went from one of the pages to another page and right back."""
    pages = [(one, sets.of(asking, one)) for one in _segments(asking)]
    return sum(asking.reading.run(one, sql("page_returned"), _views(asking, some)).item() for one, some in pages)


def returned_of_kind(asking: Asking[Any], document_type: str | None) -> tuple[int, int, int]:
    """Sessions of each page of a document type, added up, the same of those that came right back, and how many pages these are."""
    parts = [_of_kind(asking, one, document_type) for one in _segments(asking)] if document_type else []
    keys = np.unique(np.concatenate([np.zeros(0, np.int64), *(keys for _, _, keys in parts)]))
    return sum(seen for seen, _, _ in parts), sum(back for _, back, _ in parts), len(keys)


def _of_kind(asking: Asking[Any], segment: Segment, document_type: str) -> tuple[int, int, Array]:
    """Of a segment, kept under its hash: every page of the type asks for the same."""

    def read() -> tuple[int, int, Array]:
        pages = definitions.pages(asking, segment, "document_type", (document_type,))
        rows = asking.reading.run(segment, sql("page_returns"), _views(asking, pages))
        key = page_tables.table(asking.reading, segment).key
        return int(rows["seen"].sum()), int(rows["back"].sum()), key[rows["page"].to_numpy()]

    days = asking.period.overlap(segment.period)
    return _kinds.find(
        (segment.sha256, document_type, days, str(sessions_that_fit(asking)), asking.viewer.rights), read
    )


def _segments(asking: Asking[Any]) -> list[Segment]:
    return asking.reading.segments(asking.account, asking.period)


def _sessions(asking: Asking[Any]) -> dict[str, object]:
    return {"first": asking.period.first, "last": asking.period.last} | sessions_that_fit(asking)


def _views(asking: Asking[Any], pages: Array) -> dict[str, object]:
    return _sessions(asking) | _range(pages)


def _range(pages: Array) -> dict[str, object]:
    ends = {"low": int(pages[0]), "high": int(pages[-1])} if len(pages) else {"low": LAST_PAGE, "high": 0}
    return ends | {"pages": pages.tolist()}
