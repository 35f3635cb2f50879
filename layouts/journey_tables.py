"""The tables of the Journeys page: the answer row for row, every move with its median time, and whole journeys."""

from collections.abc import Mapping
from typing import Any, Final

from layouts import formats, journeys_compared, words
from layouts.components import figures, left_out, more
from layouts.journey_columns import special, step_name
from layouts.journey_state import Journey
from layouts.markup import Child, Element, section
from layouts.owners import Owners
from queries.answers import Answer

ROWS_SHOWN: Final = 120  # of the table; the files hold all of it


def table(journey: Journey, answer: Answer) -> Element:
    """The table face of the answer, row for row."""
    rows = answer.table.head(ROWS_SHOWN).to_dicts()
    compares = "compared_share" in answer.table.columns
    cells: list[list[Child]] = [
        [
            step_name(journey, row["step"]), _named(journey, row["page"]),
            row["department"] or "", formats.whole(row["sessions"]), formats.share(row["share"]),
            *(_other_cells(journey, row) if compares else ()),
        ]
        for row in rows
    ]  # fmt: skip
    head = ["Step", words.GROUPS[journey.group], "Department", "Sessions", "Share of all"]
    head += _other_heads(journey) if compares else []
    more_rows = left_out(answer.table.height - len(rows), "row")
    return section(
        figures("The same numbers as a table", head, cells, numbers=frozenset(range(3, 9 if compares else 5))),
        more_rows,
    )


def _other_heads(journey: Journey) -> list[str]:
    side = journeys_compared.briefly(journey)
    return [f"Sessions, {side}", f"Share, {side}", "Points between", "95% interval", "Verdict"]


def _other_cells(journey: Journey, row: Mapping[str, Any]) -> list[Child]:
    """The other side of a row of the table."""
    compared = {name: row[f"difference_{name}"] for name in ("low", "high", "unusual")} | {
        "difference": row["difference"]
    }
    known = row["difference"] is not None
    return [
        formats.whole(row["compared_sessions"]), formats.share(row["compared_share"]),
        formats.points(row["difference"]) if known else "", journeys_compared.interval(compared), journeys_compared.verdict(journey, compared).replace(" ", "\N{NO-BREAK SPACE}"),
    ]  # fmt: skip


def moves(journey: Journey, value: Mapping[str, Any], owners: Owners) -> Element:
    """Every move between what is shown, with its median time, and where it crosses into another department."""
    rows = value["links"][:ROWS_SHOWN]
    cells: list[list[Child]] = [
        [
            step_name(journey, row["step"]), _named(journey, row["from"]), _named(journey, row["to"]),
            formats.whole(row["sessions"]), formats.duration(row["median_seconds"]), owners.crossed(row) or "",
            *_other_move(row),
        ]
        for row in rows
    ]  # fmt: skip
    head = [
        "Step",
        "From",
        "To",
        "Sessions",
        "Median time",
        f"{'From' if journey.backward else 'Into'} another department",
    ]
    more_rows = left_out(len(value["links"]) - len(rows), "row")
    return more(
        "Every move, with its median time",
        figures("Moves between steps", head, cells, numbers=frozenset({3, 4})),
        more_rows,
        id="moves",
    )


def _other_move(row: Mapping[str, Any]) -> list[Child]:
    """The other side of a move."""
    if "compared" not in row:
        return []
    return [formats.whole(row["compared"]["sessions"]), formats.duration(row["compared"]["median_seconds"])]


def _named(journey: Journey, page: str) -> Child:
    return special(journey, page) or formats.breakable(page)


def paths(value: Mapping[str, Any]) -> Element | None:
    """Whole journeys, most common first; nothing where none were asked for."""
    if not value.get("paths"):
        return None
    rows: list[list[Child]] = [
        [formats.breakable(" > ".join(path["pages"])), formats.whole(path["sessions"]), formats.share(path["share"])]
        for path in value["paths"]
    ]
    rest = value["paths_other"]
    rows.append(["All other journeys", formats.whole(rest), formats.rate(rest, value["sessions"])])
    return section(
        figures(
            "Whole journeys, most common first",
            ["Journey", "Sessions", "Share of all"],
            rows,
            numbers=frozenset({1, 2}),
        )
    )
