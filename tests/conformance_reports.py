"""Real reports of agencies, kept elsewhere, held against the project: a part of `make conformance DATA=folder`.

Reads what `facts.json` says of each agency, and the same files through the format `ga_report` and the whole way in.
"""

import csv
import gzip
import json
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from data import errors
from data.access import PEOPLE
from data.formats import ga_report
from data.intake import Extract, read_extract
from data.intake.source import Source
from data.store import Estate
from data.store.publish import import_extracts
from data.store.verify import verify
from queries.ask import ask
from tests.deliveries import key
from tests.homes import settings_of

FACTS: Final = "facts.json"
PAGES: Final = "all-domains-30-days.csv.gz"
SENDER: Final = Extract("joined", "HMRC", format="ga_report")  # whose memorandum stands for an agency's


def holds(folder: Path) -> bool:
    """Whether the folder has reports of agencies, each in a folder of its own, and the facts of each."""
    facts = folder / FACTS
    return facts.is_file() and all((folder / agency).is_dir() for agency in json.loads(facts.read_text()))


def report(folder: Path) -> Iterator[str]:
    """A line a check, which begins with `passed` or `failed`."""
    for agency, facts in json.loads((folder / FACTS).read_text()).items():
        files = folder / agency
        yield _line(f"{agency}: visits of {facts['days']} days", facts["csv_sum_visits"], _visits(files, facts))
        yield _line(f"{agency}: rows by device", "parts_of_totals", _refusal(files / "devices.csv"))
        read, views = _pages(files / PAGES)
        expected = _told(facts) - _damaged(files / PAGES)
        yield _line(
            f"{agency}: pages, and page views of lines that aren't damaged",
            (facts["pages_rows"], expected),
            (read, views),
        )
        for name in ("top-pages-30-days", "top-landing-pages-30-days"):
            sent = {_sum(files / f"{name}.{kind}") for kind in ("csv", "json")}
            yield _line(f"{agency}: {name} as CSV and JSON", 1, len(sent))


def _visits(files: Path, facts: dict[str, Any]) -> object:
    """The sessions that an estate tells which imported the agency's days."""
    with tempfile.TemporaryDirectory() as home:
        settings = settings_of(Path(home))
        import_extracts(read_extract(files / "users.csv", SENDER, settings, key), settings)
        if not verify(settings).right:
            return "doesn't verify"
        with closing(Estate.open(settings)) as estate:
            asked = {"from": facts["first"], "to": facts["last"]}
            value: Any = ask(estate, PEOPLE["estate-analyst"], "reported", asked).value
            return value["totals"][0]["sessions"]


def _refusal(file: Path) -> str:
    try:
        with file.open("rb") as content:
            ga_report.read(Source(content, file.name, 1 << 30, 100))
    except errors.Refused as refused:
        return refused.reason
    return "read"


def _pages(file: Path) -> tuple[int, int]:
    """How many lines there are, and their page views."""
    with file.open("rb") as content:
        (batch,) = ga_report.read(Source(content, file.name, 1 << 30, 100)).batches
    views = batch.rows.filter(batch.rows["measure"] == "page_views")["value"].sum()
    return batch.rows["line"].n_unique() + batch.broken.height, int(views)


def _damaged(file: Path) -> int:
    """The page views of lines with characters that were lost before: these stand in quarantine."""
    with gzip.open(file, "rt", newline="") as text:
        lost = [row for row in csv.DictReader(text) if "\ufffd" in "".join(row.values())]
    views = (int(value) for row in lost for name, value in row.items() if ga_report.WORDS.get(name) == "page_views")
    return sum(views)


def _told(facts: dict[str, Any]) -> int:
    """The page views of the pages, whose name there isn't our word."""
    return next(int(value) for name, value in facts.items() if name.startswith("pages_p") and name.endswith("_sum"))


def _sum(file: Path) -> int:
    with file.open("rb") as content:
        (batch,) = ga_report.read(Source(content, file.name, 1 << 30, 100)).batches
    return int(batch.rows["value"].sum())


def _line(name: str, expected: object, found: object) -> str:
    return f"passed  {name}: {found}" if expected == found else f"failed  {name}: expected {expected}, found {found}"
