"""Where departments hand people over to each other, and how start pages hand them over to services."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any, Final

import numpy as np
import polars as pl

from data import errors
from data.periods import Period
from data.register import register
from queries import shapes
from queries.asking import Asking, Frames, Value
from queries.columns import Column, count, derived, filled, label
from queries.departments import summary_sums
from queries.departments.summary import OTHER_DAYS, unlike
from queries.departments.summary_sums import Sums
from queries.disclosure import rows
from queries.handovers import handover_sums, handovers_services
from queries.handovers.handovers_published import published, require_publishable
from queries.metrics import ratio
from queries.pages.page_tables import Array
from queries.parameters import Common, Switch
from queries.periods import days_with_data
from queries.verdicts import changes
from queries.verdicts.by_day import by_day
from queries.verdicts.compared import Compared

FILTERS: Final = frozenset(
    {"department", "device", "channel", "country", "page", "service", "document_type", "organisation", "topic"}
)
SIDES: Final = ("", "_comparison")
BITS: Final = 8  # that a department's number takes
DEFINITION: Final = (
    "A handover is a step from a page of one department to a page of another within a session; hosts for sign-in and payment are "
    "passed through unless asked for. Sessions: different sessions with such a step, also as a share of all sessions that saw the "
    "department it went from. Filters on pages keep the steps from or to such a page. For services: of the sessions that saw a "
    "start page, start clicks went on to the service, arrivals were seen there later in the session, not seen arriving clicked and "
    "weren't; people who refuse cookies there, and pages without a tag, look the same. The others didn't click."
)
OF_CHANGE: Final = ("sessions_change", "sessions_change_low", "sessions_change_high", "sessions_unusual")
COLUMNS: Final[tuple[Column, ...]] = (
    label("from"), label("to"), label("department", shown=False),
    *changes.columns("sessions"), count("steps", "steps"),
    count("from_sessions", "sessions"), count("from_sessions_comparison", "sessions", shown=False),
    derived("share", "share", ratio("sessions", "from_sessions"), denominators=("from_sessions",)),
    derived("share_comparison", "share", ratio("sessions_comparison", "from_sessions_comparison"), denominators=("from_sessions_comparison",)),
)  # fmt: skip
MORE_COLUMNS: Final[dict[str, tuple[Column, ...]]] = {
    "services": handovers_services.COLUMNS,
    "total": (label("pairs", "pairs of departments", pl.Int64),),
}

SHAPE: Final = shapes.whole(
    total=shapes.NUMBER, handovers=shapes.rows(COLUMNS), services=shapes.rows(handovers_services.COLUMNS)
)


class Parameters(Common):
    """`pass_through` keeps hosts for sign-in and payment as departments' pages like any other."""

    pass_through: Switch = False


PARAMETERS: Final = Parameters


def answer(asking: Asking[Parameters]) -> Frames:
    """Pairs of departments, most sessions first; beside them every service with its start pages."""
    if asking.parameters.attribution == "tagged":
        raise errors.BadRequest("Handovers have one owner a page", "Leave out attribution", "attribution")
    if asking.parameters.publication:
        require_publishable(asking.parameters)
        return published(asking, _shown)
    found = {side: handover_sums.daily(asking, period) for side, period in _periods(asking).items()}
    pairs = np.unique(_pair(found[""]))
    now, before = (_sums(asking, found.get(side), period, pairs) for side, period in _both(asking).items())
    compared = Compared(now, before, frozenset(dict(_unchanged(asking))))
    steps = np.bincount(np.searchsorted(pairs, _pair(found[""])), found[""]["steps"].to_numpy(), len(pairs))
    counts = compared.measured("sessions") | {"steps": pl.Series(steps)} | _denominators(asking, pairs >> BITS)
    main = pl.DataFrame(_names(asking, pairs) | counts)
    notes = (*dict.fromkeys(reason for _, reason in _unchanged(asking)), *filter(None, [unlike(asking)]))
    others = {"services": handovers_services.table(asking)}
    return _shown(Frames(main, others, notes=notes), asking)


def present(frames: Frames, _: Asking[Parameters]) -> Value:
    """The pairs, how many there are in all, and the services."""
    hidden = [column.name for column in COLUMNS if not column.shown]
    return {
        "total": frames.others["total"]["pairs"].item(),
        "handovers": rows(frames.main.drop(hidden)),
        "services": rows(frames.others["services"]),
    }


def _periods(asking: Asking[Any]) -> dict[str, Period]:
    return {side: period for side, period in _both(asking).items() if period is not None}


def _both(asking: Asking[Any]) -> dict[str, Period | None]:
    """The period, and the one it is compared with where that has any data."""
    compared = asking.comparison
    there = compared is not None and days_with_data(asking.reading, asking.account, compared)
    return dict(zip(SIDES, (asking.period, compared if there else None), strict=True))


def _pair(found: pl.DataFrame) -> Array:
    """The departments of each row as one number: `from_department << BITS | to_department`."""
    came, went = (found[name].to_numpy() for name in handover_sums.PAIR)
    pair: Array = came.astype(np.int64) << BITS | went
    return pair


def _sums(asking: Asking[Any], found: pl.DataFrame | None, period: Period | None, pairs: Array) -> Sums:
    """Sessions by day and pair; no value without a period."""
    days = period or asking.period
    if found is None:
        counts = {"sessions": np.zeros((days.days, len(pairs)))}
    else:
        known = found.filter(np.isin(_pair(found), pairs))
        counts = by_day(known, days, np.searchsorted(pairs, _pair(known)), rows=len(pairs), names=("sessions",))
    with_data = days_with_data(asking.reading, asking.account, days)
    sums = Sums(counts, np.zeros(len(pairs)), tuple(n for n, day in enumerate(days) if day in with_data))
    return sums if period else sums.empty()


def _names(asking: Asking[Any], pairs: Array) -> dict[str, pl.Series]:
    """Names of departments. A cell is both departments' own: who isn't named for one of them sees no small one."""
    names, own = register.department_names, asking.viewer.own
    came, went = ([names[number] for number in side.tolist()] for side in (pairs >> BITS, pairs & (1 << BITS) - 1))
    whose = [there if here in own else here for here, there in zip(came, went, strict=True)]
    labels = {"from": came, "to": went, "department": whose}
    return {name: pl.Series(name, values, pl.String) for name, values in labels.items()}


def _denominators(asking: Asking[Any], came: Array) -> dict[str, pl.Series]:
    """The sessions that saw each of these departments, in both periods, as `summary` counts them without sets of pages.

    Those of the comparison are of like days, as its handovers are.
    """
    everywhere = asking.parameters.model_copy(update=dict.fromkeys(summary_sums.PAGES, ()))
    of_all, found = replace(asking, parameters=everywhere), {}
    for side, period in _both(asking).items():
        seen = np.full(1 << BITS, np.nan)
        if period is not None:
            days = summary_sums.daily(of_all, period)
            if side:
                days = days.filter(pl.col("day").is_in(_like_days(asking, period)))
            counts = np.bincount(days["department"].to_numpy(), days["sessions"].to_numpy(), len(seen))
            seen = np.where(counts > 0, counts, np.nan)
        found[f"from_sessions{side}"] = pl.Series("", seen[came], pl.Float64, nan_to_null=True).cast(pl.Int64)
    return found


def _like_days(asking: Asking[Any], compared: Period) -> list[date]:
    """The days of the comparison that have data, as their pairs do."""
    days = list(compared)
    return [days[place] for place in changes.like_days(asking.reading, asking.account, asking.period, compared)]


def _unchanged(asking: Asking[Any]) -> Iterator[tuple[str, str]]:
    """Why no change of sessions is computed, if none is."""
    if asking.comparison is None:
        yield "sessions", "No change is computed: there is no period to compare with."
    elif not (asking.parameters.publication or changes.same_weekdays(asking.period, asking.comparison)):
        yield "sessions", OTHER_DAYS
    else:
        for _, reason in changes.broken(("handovers",), asking.account, asking.period, asking.comparison):
            yield "sessions", reason


def _shown(frames: Frames, asking: Asking[Any]) -> Frames:
    """The pairs asked for in their order, every column with its type."""
    main = filled(frames.main, COLUMNS)
    if any(True for _ in _unchanged(asking)):
        main = main.with_columns(pl.lit(None, main.schema[name]).alias(name) for name in OF_CHANGE)
    ordered = main.sort("sessions", "from", "to", descending=[True, False, False]).head(asking.parameters.limit)
    others = {**frames.others, "total": pl.DataFrame({"pairs": [frames.main.height]}, schema={"pairs": pl.Int64})}
    return Frames(ordered, others, notes=frames.notes)
