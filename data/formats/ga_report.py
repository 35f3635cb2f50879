"""`ga_report`: what an analytics tool reports in sums, saved from its screens (CSV) or from its reporting API (CSV, JSON).

A row is a day, a host, a page or a landing page, with page views, sessions, visitors or landings. Sums hold no session to
follow, so they feed totals and trends, and no journey. Rows by device, channel and the like are parts of totals that don't
add up (Google counts a session in each), and refuse the file. Of CSV the block of comments tells the days; the row of
totals, whose first column is empty, and every further table are ignored and counted. JSON is an object with `data` or
`rows` (the answer of `runReport`); a line is then a record's number.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import orjson
import polars as pl

from data import errors
from data.contract import BUCKETS, REPORTED
from data.intake import casts, columns, delimited, lines, tables
from data.intake.batches import BROKEN, Batch, Batches
from data.intake.quarantine import said
from data.intake.source import Source
from data.periods import whole_month

NAME: Final = "ga_report"
KIND: Final = "page totals"
SUFFIXES: Final = (".csv", ".tsv", ".txt", ".json")
TIMED: Final = False

WORDS: Final = {
    **dict.fromkeys(("page", "pagepath", "pagepath+querystring", "pagepathplusquerystring"), "page"),
    **dict.fromkeys(("pagepathandscreenclass", "fullpageurl", "pagelocation", "pageurl"), "page"),
    **dict.fromkeys(("landingpage", "landingpage+querystring", "landingpageplusquerystring"), "landing"),
    **dict.fromkeys(("hostname", "domain", "host"), "host"),
    **dict.fromkeys(("date", "day"), "date"),
    **dict.fromkeys(("yearmonth", "monthofyear"), "month"),
    **dict.fromkeys(("pageviews", "views", "screenpageviews"), "page_views"),
    **dict.fromkeys(("sessions", "visits", "uniquepageviews"), "sessions"),
    **dict.fromkeys(("users", "totalusers", "visitors"), "visitors"),
    **dict.fromkeys(("activeusers", "activevisitors"), "active_visitors"),  # counted where no others are
    "entrances": "landings",
}
COLUMNS: Final = frozenset(WORDS)
PARTS: Final = frozenset(
    {
        "device", "devicecategory", "browser", "os", "operatingsystem", "osversion", "country", "region", "city",
        "language", "languagecode", "source", "medium", "source/medium", "sessionsource", "sessionmedium",
        "sessionsource/medium", "sessionsourcemedium", "channel", "defaultchannelgrouping", "hour", "dateplushour",
        "sessiondefaultchannelgroup", "sessiondefaultchannelgrouping", "eventname", "filename", "eventlabel", "daterange",
    }
)  # fmt: skip
INDEX: Final = frozenset({"dayindex", "hourindex", "weekindex", "monthindex", "nthday", "nthhour"})
MOST_SAVED: Final = 5_000  # rows that Universal Analytics saves of a screen
COUNT: Final = r"^(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.0+)?$"
SPAN: Final = re.compile(r"^#\s*(\d{8})\s*-\s*(\d{8})\s*$")
EDGE: Final = re.compile(r"^#\s*(start|end) date:?\s*(\d{8})\s*$", re.IGNORECASE)
AGO: Final = re.compile(r"(\d{1,4})daysago")
Days = tuple[date | None, date | None]
NO_DAYS: Final[Days] = (None, None)


@dataclass(frozen=True)
class _Report:
    """A report as it lies there: rows of text under our names, the days that it says it is of, what speaks against it."""

    names: tuple[str, ...]
    found: Mapping[str, str]
    rows: pl.DataFrame  # line, and our columns as text
    broken: pl.DataFrame
    days: Days
    doubts: Sequence[str]
    ignored: int = 0


def read(source: Source) -> Batches:
    """The figures of each row, one a row of REPORTED; a row that can't be understood breaks alone."""
    report = _of_json(source) if tables.holds_json(source) else _of_text(source)
    understood, broken = _understood(report)
    batch = Batch(understood, pl.concat([report.broken, broken]))
    return Batches(columns.ignored(report.names, report.found), iter([batch]), {None: report.ignored})


def _chosen(names: Sequence[str]) -> dict[str, str]:
    """The columns to read. Raises `Refused` for rows that are parts of totals, of no page and no day, or without a figure."""
    found = columns.chosen(tuple(names), WORDS)
    for name, label in zip(names, columns.shown(names), strict=True):
        if columns.plain(name) in PARTS:
            detail = f"Rows by {label!r} don't add up to totals: send a report by page, by host or by day alone"
            raise errors.Refused("parts_of_totals", "The report holds parts of totals", detail)
    if not {"page", "landing", "host", "date", "month"} & set(found.values()):
        columns.need(found, "page")
    if not {"page_views", "sessions", "visitors", "active_visitors", "landings"} & set(found.values()):
        columns.need(found, "page_views")
    return found


def _of_text(source: Source) -> _Report:
    head = delimited.header(source)
    found = _chosen(head.names)
    records = pl.concat(lines.records(source, head.separator))
    comments = records.filter(pl.col("text").str.starts_with(delimited.COMMENT))
    above = comments.filter(pl.col("line") < head.line)["text"].to_list()
    table, further = _tables(records.filter(pl.col("line") > head.line), head.separator)
    empty = pl.col("text").str.starts_with(head.separator) | pl.col("text").str.starts_with(f'""{head.separator}')
    totals = table.filter(empty & (head.names[0] in found))
    rows = table.join(totals, on="line", how="anti", maintain_order="left")
    batch = delimited.batch(rows, head, found)
    doubts = ["sampled"] if any("sampl" in line.casefold() for line in comments["text"].to_list()) else []
    doubts += ["cut short"] if rows.height == MOST_SAVED else []
    return _Report(head.names, found, batch.rows, batch.broken, _days_of(above), doubts, further.height + totals.height)


def _tables(records: pl.DataFrame, separator: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The records of the first table, and those of every further one; comments are in neither."""
    begins = pl.col("text").str.split(separator).list.first().map_elements(_is_index, pl.Boolean)
    comment = pl.col("text").str.starts_with(delimited.COMMENT)
    ended = (comment | begins).cum_sum() > 0
    return records.filter(~ended), records.filter(ended & ~comment)


def _is_index(name: str) -> bool:
    return columns.plain(name.strip('"')) in INDEX


def _days_of(comments: Iterable[str]) -> Days:
    edges: dict[str, date] = {}
    for line in comments:
        if found := SPAN.match(line):
            edges |= {"start": _date(found[1]), "end": _date(found[2])}
        elif found := EDGE.match(line):
            edges[found[1].lower()] = _date(found[2])
    return edges.get("start", edges.get("end")), edges.get("end", edges.get("start"))


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise errors.Refused("bad_period", "The report's days can't be read", "Save it again with whole days") from None


def _of_json(source: Source) -> _Report:
    whole = _object(b"".join(source.chunks()).removeprefix(lines.BYTE_ORDER))
    records, doubts = _answered(whole) if "dimensionHeaders" in whole else _saved(whole)
    names = tuple(dict.fromkeys(name for one in records if isinstance(one, dict) for name in one))
    found = _chosen(names)
    rows, broken = [], []
    for line, one in enumerate(records, 1):
        texts = one if isinstance(one, dict) else {}
        if texts and all(isinstance(value, str | int | float | None) for value in texts.values()):
            rows.append((line, *(_text(texts.get(name)) for name in found)))
        else:
            broken.append((line, "bad_json", str(one)))
    schema = {"line": pl.UInt32(), **dict.fromkeys(found.values(), pl.String())}
    return _Report(
        names, found, pl.DataFrame(rows, schema, orient="row"), pl.DataFrame(broken, BROKEN, orient="row"),
        _days_asked(whole), doubts,
    )  # fmt: skip


def _text(value: object) -> str | None:
    return None if value is None or value == "" else str(value)


def _object(content: bytes) -> dict[str, Any]:
    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError:
        found = None
    if isinstance(found, list):
        found = {"data": found}
    if not isinstance(found, dict):
        raise errors.Refused("unreadable", "The file can't be read", "It is no JSON: save the report again")
    return found


def _saved(whole: Mapping[str, Any]) -> tuple[list[Any], list[str]]:
    """The records of an object with `data`, beside it maybe the `query` that they answer."""
    records, query = whole.get("data"), whole.get("query")
    if not isinstance(records, list) or not records:
        raise errors.Refused("no_header", "The file holds no record", "Send an object with `data`, a list of records")
    limit = query.get("limit") if isinstance(query, dict) else None
    return records, ["cut short"] if str(limit) == str(len(records)) else []


def _answered(whole: Mapping[str, Any]) -> tuple[list[Any], list[str]]:
    """The records of an answer of the reporting API. Raises `Refused` where it isn't made as one."""
    try:
        names = [header["name"] for part in ("dimensionHeaders", "metricHeaders") for header in whole[part]]
        values = [
            [cell["value"] for part in ("dimensionValues", "metricValues") for cell in row[part]]
            for row in whole["rows"]
        ]
        records = [dict(zip(names, row, strict=True)) for row in values]
        about = whole.get("metadata") or {}
        doubts = {
            "sampled": about.get("samplingMetadatas"), "cut short": int(whole.get("rowCount", 0)) > len(records),
        }  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError):
        raise columns.wrong_schema("`dimensionHeaders`, `metricHeaders` and `rows` don't fit together") from None
    return records, [doubt for doubt, is_there in doubts.items() if is_there]


def _days_asked(whole: Mapping[str, Any]) -> Days:
    """The days that a saved report was asked for, where it says so; words such as `30daysAgo` count from `taken_at`."""
    try:
        asked, taken = whole["query"]["dateRanges"], date.fromisoformat(whole["taken_at"][:10])
        (only,) = asked
        return _asked(only["startDate"], taken), _asked(only["endDate"], taken)
    except (KeyError, TypeError, ValueError, OverflowError):
        return NO_DAYS


def _asked(text: str, taken: date) -> date:
    words = {"today": 0, "yesterday": 1}
    found = AGO.fullmatch(text.lower())
    back = int(found[1]) if found else words.get(text.lower())
    return date.fromisoformat(text) if back is None else taken - timedelta(days=back)


def _understood(report: _Report) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The figures of rows (REPORTED), and the rows that can't be understood (BROKEN)."""
    there = frozenset(report.found.values())
    counts = [name for name in ("page_views", "sessions", "visitors", "active_visitors", "landings") if name in there]
    rows = report.rows.with_columns(pl.col(name).str.strip_chars() for name in there)
    rows = rows.with_columns(*_periods(rows, there, report.days), *(_number(name).alias(f"{name}_") for name in counts))
    ruled = rows.with_columns(pl.coalesce(_rules(there, counts)).alias("rule"))
    broken = ruled.filter(pl.col("rule").is_not_null())
    texts = said([broken[name] for name in sorted(there)])
    figures = _figures(ruled.filter(pl.col("rule").is_null()), there, counts)
    doubt = pl.lit(", ".join(report.doubts) or None, pl.String).alias("doubt")
    return figures.with_columns(doubt).select(REPORTED.names()), broken.select("line", "rule", texts)


def _number(name: str) -> pl.Expr:
    digits = pl.col(name).str.replace_all(",", "").str.replace(r"\.0+$", "")
    return pl.when(pl.col(name).str.contains(COUNT)).then(digits).cast(pl.Int64)


def _periods(rows: pl.DataFrame, there: frozenset[str], days: Days) -> list[pl.Series]:
    """The first and the last day of each row: those that it says, else those of the report."""
    named = "date" if "date" in there else "month" if "month" in there else None
    if named is None:
        return [
            pl.Series(name, [day] * rows.height, pl.Date) for name, day in zip(("first", "last"), days, strict=True)
        ]
    plain = rows[named].str.replace_all("-", "", literal=True) + ("" if named == "date" else "01")
    first = casts.days(plain).alias("first")
    if named == "date":
        return [first, first.alias("last")]
    last = [whole_month(day).last if day else None for day in first.to_list()]
    return [first, pl.Series("last", last, pl.Date)]


def _rules(there: frozenset[str], counts: Sequence[str]) -> Iterator[pl.Expr]:
    """The rules that a row may break, in the order in which they are tried."""
    for name in ("page", "landing"):
        if name in there:
            yield pl.when(pl.col(name).fill_null("") == "").then(pl.lit("null_key"))
    if {"date", "month"} & there:
        yield pl.when(pl.col("first").is_null()).then(pl.lit("bad_period"))
    for name in counts:
        wrong = pl.col(f"{name}_").is_null() & pl.col(name).is_not_null()
        yield pl.when(wrong & pl.col(name).str.starts_with("-")).then(pl.lit("range"))
        yield pl.when(wrong).then(pl.lit("not_integer"))
    yield pl.when(pl.all_horizontal(pl.col(f"{name}_").is_null() for name in counts)).then(pl.lit("null_key"))


def _figures(rows: pl.DataFrame, there: frozenset[str], counts: Sequence[str]) -> pl.DataFrame:
    """One row for each figure. Of landing pages only sessions count, and these are landings."""
    measures = {name: pl.col(f"{name}_") for name in counts if name != "active_visitors"}
    if "active_visitors" in there and "visitors" not in there:
        measures["visitors"] = pl.col("active_visitors_")
    what, page = "hosts" if "host" in there else "days", pl.lit(None, pl.String)
    if "page" in there:
        what, page = "pages", pl.col("page")
    elif "landing" in there:
        what, page, sessions = "landing pages", pl.col("landing"), measures.get("landings", measures.get("sessions"))
        measures = {"landings": sessions} if sessions is not None else {}
    host = pl.col("host") if "host" in there else pl.lit(None, pl.String)
    bucket = host.is_in(BUCKETS)
    known = rows.select(
        "line", "first", "last", pl.lit(what).alias("what"),
        pl.when(~bucket.fill_null(value=False)).then(host).alias("host"),
        pl.when(bucket).then(host).otherwise(page).alias("path"),
        *(measure.alias(name) for name, measure in measures.items()),
    )  # fmt: skip
    index = ["line", "first", "last", "what", "host", "path"]
    long = known.unpivot(on=list(measures), index=index, variable_name="measure", value_name="value")
    return long.cast({"value": pl.Int64, "measure": pl.String}).drop_nulls("value").sort("line", "measure")
