"""One measure of every department beside the others: interval, rank, control limits, and what it was before."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Annotated, Any, Final, Literal, get_args

import polars as pl
from pydantic import Field

from data import errors
from data.contract import CHANNELS, DEVICES
from data.register import NO_OWNER, register
from queries import metrics, shapes
from queries.asking import Asking, Frames, Value
from queries.columns import Column, count, derived, label
from queries.departments import row_names
from queries.departments.departments_beside import PAIR, SAME, Rows, beside, rows_of
from queries.departments.departments_sums import MOST_TOPICS, TIMES, UNKNOWN, from_views, parts
from queries.departments.summary import ADDS_UP, NOT_SHARED, SIDES, TAGGED, atoms, unchanged, unlike
from queries.departments.summary_sums import DAILY, ESTATE, why_no_visitors
from queries.metrics import METRICS
from queries.parameters import MOST_ROWS, Common, Whole
from queries.periods import atoms_of, named
from queries.publication import HIDDEN, RATE_LIMIT

FILTERS: Final = frozenset({"department", "device", "channel", "country", "document_type", "topic"})
ALIKE: Final = (
    "Departments that don't share their services have www.gov.uk alone here, so they have no rank and no limits."
)
ON_GOV_UK: Final = "Document types are those of www.gov.uk, where every department can be held against every other."
TOPICS: Final = "A page in several topics counts in each of them, so topics may add up to more than the total."
TOO_MANY: Final = f"The first {MOST_TOPICS} topics are counted: name others to see them."
Measure = Literal[
    "sessions", "page_views", "pages_per_session", "visitors", "landings", "exits", "exit_rate", "single_page_rate",
    "searches", "search_share", "pogo_stick_rate", "not_found", "usefulness",
]  # fmt: skip
MEASURES: Final[tuple[str, ...]] = get_args(Measure)
DEFINITION: Final = (
    "A value's interval holds it in 95 of 100 cases, from how much days of the same weekday differ. Control limits hold a "
    "department that is one of the others in 95 and 99.8 of 100 cases: chance, and how much departments differ anyway (Spiegelhalter "
    "2005). Of a count, limits are where it would lie had it changed as departments did together. Ranks count from the largest. "
    f"{metrics.definitions(*MEASURES)}"
)


def _value(side: str) -> pl.Expr:
    """A count, or a rate of two that are large enough to be published."""
    top, bottom = pl.col(f"count{side}"), pl.col(f"of{side}")
    rate = pl.when((bottom >= RATE_LIMIT) & (top <= bottom)).then(top / bottom)
    return pl.when(bottom.is_null()).then(top.cast(pl.Float64)).otherwise(rate)


PLACE: Final = pl.when(pl.col("rank").is_not_null()).then(_value("")).rank("min", descending=True).over("group")
COLUMNS: Final[tuple[Column, ...]] = (
    label("department"), label("status"), label("group"), label("first_day", "date", pl.Date), label("last_day", "date", pl.Date),
    label("days_here", "days", pl.Int64),
    count("count", "as the measure"), count("of", "as the measure"),
    derived("value", "as the measure", _value("")), derived("low", "as the measure", SAME), derived("high", "as the measure", SAME),
    derived("rank", "place", PLACE, dtype=pl.Int64),
    count("count_comparison", "as the measure"), count("of_comparison", "as the measure"),
    derived("value_comparison", "as the measure", _value("_comparison")),
    derived("change", "as the measure", _value("") - _value("_comparison")),
    *(derived(name, "as the measure", PAIR) for name in ("change_low", "change_high")),
    derived("unusual", "true or false", PAIR, dtype=pl.Boolean),
    *(derived(f"limit_{level}_{end}", "as the measure", PAIR) for level in ("95", "998") for end in ("low", "high")),
    derived("standing", "text", PAIR, dtype=pl.String),
)  # fmt: skip
MORE_COLUMNS: Final[dict[str, tuple[Column, ...]]] = {
    "targets": (
        label("group"),
        *(label(name, "as the measure", pl.Float64) for name in ("target", "overdispersion", "between")),
    ),
}


class Parameters(Common):
    """The measure, and the second dimension that departments are told apart by; of topics those that `topic` names, or all."""

    measure: Measure = "sessions"
    by: Literal["device", "channel", "document_type", "topic", "week", "month"] | None = None
    limit: Annotated[Whole, Field(ge=1, le=MOST_ROWS)] = MOST_ROWS


PARAMETERS: Final = Parameters
SHAPE: Final = shapes.whole(
    measure=shapes.TEXT, by=shapes.TEXT, rows=shapes.rows(COLUMNS), targets=shapes.rows(MORE_COLUMNS["targets"])
)


def answer(asking: Asking[Parameters]) -> Frames:
    """A row for each department, the whole estate first; with a second dimension one for each of its values too."""
    if asking.parameters.publication:
        _require_publishable(asking)
        return Frames(pl.DataFrame(), atoms=_atoms(asking), rebuilt=partial(_published, asking=asking))
    numbers = _rows(asking)
    who, measure = _who([row_names.named(number) for number in numbers], asking), asking.parameters.measure
    changed = asking.comparison is not None and measure not in unchanged(asking, MEASURES)
    found = beside(METRICS[measure], who, parts(asking, numbers), changed=changed)
    return _frames(found.rows, asking, found.targets)


def present(frames: Frames, asking: Asking[Parameters]) -> Value:
    """The rows, and what the limits of each group were made of."""
    asked = asking.parameters
    rows, targets = frames.main.head(asked.limit).to_dicts(), frames.others["targets"].to_dicts()
    return {"measure": asked.measure, "by": asked.by, "rows": rows, "targets": targets}


def _rows(asking: Asking[Parameters]) -> list[int]:
    """The rows of the summary, and the departments that were gone before these days."""
    found = row_names.rows(asking)
    gone = [] if asking.parameters.department else [register.number(short) for short in row_names.closed(asking)]
    return sorted({*found, *gone}, key=lambda number: (number != ESTATE, number == NO_OWNER, number))


def _statuses(names: Iterable[str], asking: Asking[Parameters]) -> dict[str, str]:
    """Each row's status."""
    gone = row_names.closed(asking)
    return {name: row_names.CLOSED if name in gone else row_names.status(name, asking) for name in names}


def _who(names: list[str], asking: Asking[Parameters]) -> Rows:
    """Who stands beside each other, and who of them can be held against each other."""
    alike = bool(asking.parameters.document_type) or not register.account(asking.account).whole
    return rows_of(names, [*_statuses(names, asking).values()], alike=alike)


def _frames(rows: pl.DataFrame, asking: Asking[Parameters], targets: list[dict[str, Any]]) -> Frames:
    told = _statuses(rows["department"].unique(), asking)
    status = rows["department"].replace_strict(told, return_dtype=pl.String).alias("status")
    nothing = [pl.lit(None).alias(column.name) for column in COLUMNS if column.name not in {*rows.columns, "status"}]
    main = rows.with_columns(status, *nothing).select(pl.col(column.name).cast(column.type) for column in COLUMNS)
    schema = {column.name: column.type for column in MORE_COLUMNS["targets"]}
    return Frames(main, {"targets": pl.DataFrame(targets, schema=schema)}, notes=tuple(_notes(asking)))


def _notes(asking: Asking[Parameters]) -> Iterator[str]:
    asked = asking.parameters
    yield from (ADDS_UP, NOT_SHARED, ON_GOV_UK if from_views(asking) and asked.document_type else ALIKE)
    yield from filter(None, [unlike(asking)])
    if asked.attribution == "tagged":
        yield TAGGED
    for short in sorted(row_names.closed(asking)):
        one = register.department(short)
        yield f"{short} closed on {one.last_day}; its pages are now those of {' and '.join(one.successors)}."
    if asked.by == "topic":
        yield TOPICS
        yield from [TOO_MANY] if not asked.topic and len(asking.topics) > MOST_TOPICS else []
    if asked.measure == "visitors":
        yield why_no_visitors(asking, asking.period) or "Visitors aren't told apart by a second dimension."
    yield from filter(None, [unchanged(asking, MEASURES).get(asked.measure, "")])


def _require_publishable(asking: Asking[Parameters]) -> None:
    """Raise `BadRequest` for what isn't made of the atoms of departments."""
    asked = asking.parameters
    if not set(METRICS[asked.measure].counts) <= {*DAILY, "visitors"} or asked.measure == "pages_per_session":
        raise errors.BadRequest(
            "This can't be published", "Choose sessions, page views or another count of them", "measure"
        )
    if asked.by in {"document_type", "topic"}:
        raise errors.BadRequest(
            "This can't be published", "Leave out by: document types and topics are free sets", "by"
        )
    if asked.by in TIMES and asked.by != _kind(asking):
        raise errors.BadRequest("These days can't be published", f"Ask for it by {_kind(asking)}", "by")


def _kind(asking: Asking[Any]) -> str:
    return "week" if "W" in named(atoms_of(asking.period)[0]) else "month"


def _atoms(asking: Asking[Parameters]) -> pl.DataFrame:
    """The atoms of the summary with the group that each belongs to; by time there is nothing before."""
    asked, every = asking.parameters, atoms(asking, _rows(asking))
    if asked.by in TIMES:
        firsts = {named(atom): str(atom.first) for atom in atoms_of(asking.period)}
        now = every.filter(pl.col("side") == SIDES[0])
        return now.with_columns(group=pl.col("period").replace_strict(firsts, return_dtype=pl.String))
    if asked.by is None:
        return every.with_columns(group=pl.lit(""))
    words = dict(enumerate((UNKNOWN, *(DEVICES if asked.by == "device" else CHANNELS))))
    return every.with_columns(group=pl.col(asked.by).cast(pl.Int64).replace_strict(words, return_dtype=pl.String))


def _published(frames: Frames, asking: Asking[Parameters]) -> Frames:
    """The rows made of rounded atoms; what has none is hidden, for it may be anything below the limit."""
    told = frames.atoms if frames.atoms is not None else pl.DataFrame()
    days = {str(one.first): one for one in atoms_of(asking.period)} if asking.parameters.by in TIMES else {}
    groups = pl.DataFrame({"group": list(days or {""})})
    if told.height and not days:
        groups = told.select("group").unique(maintain_order=True)
    names = pl.DataFrame({"department": [row_names.named(number) for number in _rows(asking)]})
    found = names.join(groups, how="cross")
    for side in SIDES:
        found = _beside(found, told.filter(pl.col("side") == side), METRICS[asking.parameters.measure].counts, side)
    nothing = [pl.lit(None, pl.Int64).alias(name) for name in PAIR if name not in found.columns]
    found = found.with_columns(*nothing)
    placed = found.with_columns(rank=pl.when(_comparable(found, asking)).then(1))
    whole = placed.with_columns(metrics.formulas(COLUMNS))
    if asking.parameters.measure in unchanged(asking, MEASURES):
        whole = whole.with_columns(change=None)
    ends = {
        name: whole["group"].replace_strict(
            {day: getattr(one, end) for day, one in days.items()}, default=None, return_dtype=pl.Date
        )
        for name, end in (("first_day", "first"), ("last_day", "last"))
    }
    return _frames(whole.with_columns(**ends).with_columns(group=pl.col("group").replace("", None)), asking, [])


def _comparable(rows: pl.DataFrame, asking: Asking[Parameters]) -> pl.Expr:
    """Whether a row's value is told and can be held against others'."""
    who = _who(rows["department"].unique(maintain_order=True).to_list(), asking)
    alike = [name for name, ranked in zip(who.names, who.ranked, strict=True) if ranked]
    large = (pl.col("of") >= RATE_LIMIT).fill_null(value=True)
    return pl.col("department").is_in(alike) & (pl.col("count") != HIDDEN) & large


def _beside(rows: pl.DataFrame, told: pl.DataFrame, counts: tuple[str, ...], side: str) -> pl.DataFrame:
    """The rows with the counts of one side, hidden where they have none; null where there is no such side."""
    known = {name: of for name, of in zip((f"count{side}", f"of{side}"), counts, strict=False) if of in told.columns}
    own = told.select("department", "group", **{name: pl.col(of) for name, of in known.items()})
    joined = rows.join(own, on=["department", "group"], how="left", maintain_order="left")
    return joined.with_columns(pl.col(list(known)).fill_null(HIDDEN)) if told.height else joined
