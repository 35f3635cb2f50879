"""The tables of the Departments page: every department's value, change and standing, and its value week by week."""

from collections.abc import Mapping
from typing import Any, Final

from layouts import comparison, formats, ids
from layouts.comparison import Comparison
from layouts.components import figures, link, sorting, status
from layouts.figures.beside import why
from layouts.headlines import signed, written
from layouts.markup import Child, Element, a, section
from layouts.reported import Totals
from queries.answers import Answer
from queries.departments.row_names import TOTALS_ONLY
from queries.disclosure import SUPPRESSED
from queries.metrics import METRICS

HEADS: Final = {
    "department": "Department", "": "Services", "value": "", "interval": "95% interval", "rank": "Rank", "before": "Before", "change": "Change",
    "between": "Change lies between", "standing": "Against limits",
}  # fmt: skip
UNPUBLISHED: Final = frozenset({"interval", "between", "standing"})  # columns that rest on single days


def over_time(state: Comparison, drawn: Answer, most: int | None = None) -> Element:
    """Every department's value in each week or month, or in the newest `most` of them."""
    rows = _asked_to_share(drawn)
    times = sorted({str(row["group"]) for row in rows})[-(most or 0) :]
    own = {(row["department"], row["group"]): row for row in rows}
    names = dict.fromkeys(row["department"] for row in rows)
    body: list[list[Child]] = [[name, *(_at(state, own.get((name, time))) for time in times)] for name in names]
    heads = ["Department", *(formats.day(formats.of_iso(time)) for time in times)]
    title = f"{comparison.title(state)}, {state.part} by {state.part}"
    return figures(title, heads, body, numbers=frozenset(range(1, len(heads))))


def _at(state: Comparison, row: Mapping[str, Any] | None) -> str:
    return _said(state.measure, row, "value", set(row.get(SUPPRESSED) or ())) if row else ""


def _asked_to_share(answer: Answer) -> list[Mapping[str, Any]]:
    """The rows of departments that were asked to share, and of the whole estate."""
    rows = answer.table.to_dicts()
    return [row for row in rows if row["status"] or row["department"] == "Whole estate"]


def table(state: Comparison, whole: Answer) -> Element:
    """Every department with its value, change and standing; the heads sort."""
    name, order = state.sort or "value", state.order
    rows = sorted(_asked_to_share(whole), key=lambda row: str(row["department"]).casefold())
    rows.sort(key=lambda row: _sorted_by(row, name) or 0, reverse=order == "descending")
    rows.sort(key=lambda row: (row["department"] != "Whole estate", _sorted_by(row, name) is None))
    columns = [key for key in HEADS if not (state.publication and key in UNPUBLISHED)]
    heads = [_head(state, key, HEADS[key] or METRICS[state.measure].title) for key in columns]
    title = f"Departments, {formats.period(whole.about.period)}"
    cells = [[cell for key, cell in zip(HEADS, _row(state, row), strict=True) if key in columns] for row in rows]
    numbers = frozenset(place for place, key in enumerate(columns) if key not in {"department", "", "standing"})
    table = figures(title, heads, cells, numbers=numbers, ordered=(columns.index(name), order), name=ids.TABLE)
    return section(table, class_="departments")


def _sorted_by(row: Mapping[str, Any], name: str) -> Any:
    if name == "department":
        return str(row["department"]).casefold()
    return row[{"before": "value_comparison"}.get(name, name)]


def _head(state: Comparison, name: str, said: str) -> Child:
    """A head that sorts by its column, the other way round where it does already."""
    if name not in comparison.SORTS:
        return said
    sorted_ = (state.sort or "value") == name
    order = "ascending" if sorted_ and state.order == "descending" else "descending"
    return sorting(said, state.address(sort=name, order=order), state.order if sorted_ else None)


def _row(state: Comparison, row: Mapping[str, Any]) -> list[Child]:
    name, measure, shared = str(row["department"]), state.measure, str(row["status"])
    hidden = set(row.get(SUPPRESSED) or ())
    tag: Child = status(shared) if shared else ""
    if shared == TOTALS_ONLY:
        tag = a(tag, href=Totals(state.first, state.last, state.account, name).address(), class_="govuk-link")
    named: Child = (
        name
        if name == "Whole estate"
        else link(name, state.address(focus=name), aria_current="true" if name == state.focus else None)
    )
    return [
        named, tag, _said(measure, row, "value", hidden), _between(row, ("low", "high"), lambda one: written(measure, one)),
        "" if row["rank"] is None else formats.whole(row["rank"]), _said(measure, row, "value_comparison", hidden),
        _change(measure, row, "change"), _between(row, ("change_low", "change_high"), lambda one: _moved(measure, row, one)),
        f"{row['standing'] or ''}",
    ]  # fmt: skip


def _said(measure: str, row: Mapping[str, Any], name: str, hidden: set[str]) -> str:
    if name in hidden:
        return formats.HIDDEN
    return (
        why(row) if row[name] is None and name == "value" else "" if row[name] is None else written(measure, row[name])
    )


def _between(row: Mapping[str, Any], ends: tuple[str, str], write: Any) -> str:
    low, high = (row[end] for end in ends)
    return "" if low is None or high is None else f"{write(low)} to {write(high)}"


def _change(measure: str, row: Mapping[str, Any], name: str) -> str:
    return "" if row[name] is None else _moved(measure, row, row[name])


def _moved(measure: str, row: Mapping[str, Any], value: float) -> str:
    """A change with its sign: per cent of what a count was, points of a rate."""
    if METRICS[measure].is_share:
        return signed(value * 100, "points")
    before = row["value_comparison"]
    return signed(max(value / before, -1) * 100, "%") if before else ""
