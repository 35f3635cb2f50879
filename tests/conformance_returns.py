"""Real volumes of services, kept elsewhere, held against the project: a part of `make conformance DATA=folder`.

Reads `volumes_quarterly.csv` and `services.csv` with the standard library, imports the same files, and compares what is asked of
the estate.
"""

import csv
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from data.access import PEOPLE
from data.intake import Extract, read_extract
from data.settings import Settings
from data.store import Estate
from data.store.publish import import_extracts
from data.store.verify import verify
from queries.ask import ask
from tests.deliveries import key
from tests.homes import settings_of

FILE: Final = "volumes_quarterly.csv"
LIST: Final = "services.csv"
YEAR_OF_LIST: Final = "2016-10-01..2017-09-30"
YEAR: Final = ("2016-Q4", "2017-Q1", "2017-Q2", "2017-Q3")
Row = dict[str, str]


def report(folder: Path) -> Iterator[str]:
    """A line a check, which begins with `passed` or `failed`."""
    with (folder / FILE).open(newline="") as file:
        sent = list(csv.DictReader(file))
    with tempfile.TemporaryDirectory() as home:
        settings = settings_of(Path(home))
        days = read_extract(folder / FILE, Extract("joined", "GDS", format="kpi"), settings, key)
        import_extracts(days, settings)
        yield _line("every row is kept", len(sent), sum(one.kept for one in days))
        yield _line("the estate verifies", True, verify(settings).right)
        with closing(Estate.open(settings)) as estate:
            yield from _asked(estate, sent)
        yield from _listed(folder / LIST, settings, _totals(sent))


def _listed(path: Path, settings: Settings, totals: dict[str, int]) -> Iterator[str]:
    """The list of services beside them, whose totals of a year are those of the quarters."""
    with path.open(newline="") as file:
        sent = list(csv.DictReader(file))
    days = read_extract(path, Extract("joined", "GDS", format="kpi"), settings, key)
    yield _line("every service of the list is kept", len(sent), sum(one.kept for one in days))
    import_extracts(days, settings)
    with closing(Estate.open(settings)) as estate:
        found = {
            row["service"]: row["transactions"]
            for row in _rows(estate, **{"from": "2017-09-01"})
            if row["period"] == YEAR_OF_LIST
        }
    yield _line(
        "their totals of the year are those of the quarters",
        totals,
        {slug: n for slug, n in found.items() if n is not None},
    )


def _asked(estate: Estate, sent: list[Row]) -> Iterator[str]:
    year, periods, departments = (
        _rows(estate, **asked)
        for asked in ({"each": "year"}, {"from": "2012-07-01"}, {"each": "year", "by": "department"})
    )
    totals, whose = _totals(sent), {row["service_slug"]: row["department_abbr"] for row in sent}
    found = {row["service"]: row["year_transactions"] for row in year if row["year_transactions"] is not None}
    yield _line("services with a 12-month total, each the sum of its four quarters", totals, found)
    yield _line("services that are listed, published or not", len(whose), len(year))
    silent = len(set(whose.values()) - {whose[slug] for slug in totals})
    yield _line("departments without one", silent, sum(row["status"] == "not published" for row in departments))
    above = sum(
        _number(row["digital_transactions"]) > _number(row["transactions"]) for row in sent if row["transactions"]
    )
    yield _line(
        "service-quarters flagged with digital above total",
        above,
        sum("digital above total" in row["flags"] for row in periods),
    )


def _totals(sent: list[Row]) -> dict[str, int]:
    """The sum of a service's four quarters, where all four have a figure."""
    quarters: dict[str, list[float]] = defaultdict(list)
    for row in sent:
        if row["quarter"] in YEAR and row["transactions"]:
            quarters[row["service_slug"]].append(_number(row["transactions"]))
    return {slug: int(sum(values)) for slug, values in quarters.items() if len(values) == len(YEAR)}


def _number(text: str) -> float:
    return float(text or 0)


def _rows(estate: Estate, **asked: str) -> list[dict[str, Any]]:
    """Every row of an answer; the table isn't cut to so many as JSON is."""
    table = ask(estate, PEOPLE["estate-analyst"], "services", {"to": "2017-09-30", **asked}).table
    return [row | {"flags": row["flags"] or ""} for row in table.to_dicts()]


def _line(what: str, expected: object, found: object) -> str:
    said = found if not isinstance(found, dict) else f"{len(found)}, {sum(found.values()):,} together"
    return f"{'passed' if expected == found else 'failed'}    {what}: {said}"
