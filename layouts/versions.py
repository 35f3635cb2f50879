"""What each version of the data changed: what came, was replaced or withdrawn, and by how much the totals moved."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from data.periods import Period
from layouts import formats
from layouts.components import figures, more
from layouts.markup import Child, Element, p, section

SHOWN: Final = 10  # versions; the file of the data and the API have those before
TITLE: Final = "What each version changed"
HEAD: Final = (
    "Version", "Published", "Extracts", "Sessions", "Change of sessions", "Page views", "Change of page views", "Files turned away",
)  # fmt: skip
OF_SENDERS: Final = ("Department", "Days", "New", "Replaced", "Withdrawn")
NOTHING: Final = "none: time closed a month, or tables were built again"
UNKNOWN: Final = (
    "What the versions up to this one changed wasn't recorded when they were published; the audit log has it."
)
HOW: Final = ("new", "replaced", "withdrawn")


def part(versions: Sequence[Mapping[str, Any]]) -> Element:
    """The newest versions as a table, and for each what came by department."""
    if not versions:
        return section(p(UNKNOWN, class_="govuk-body"))
    shown = versions[:SHOWN]
    table = figures(TITLE, HEAD, [_row(one) for one in shown], numbers=frozenset(range(3, len(HEAD))))
    return section(table, [_senders(one) for one in shown if one["extracts"]])


def _row(one: Mapping[str, Any]) -> list[Child]:
    counts = [sum(each[how] for each in one["extracts"]) for how in HOW]
    told = ", ".join(f"{formats.whole(count)} {how}" for count, how in zip(counts, HOW, strict=True) if count)
    sums = [cell for name in ("sessions", "page_views") for cell in _told(one, name)]
    return [
        f"Version {one['version']}",
        _day(one["published"]),
        told or ("none" if one["files_refused"] else NOTHING),
        *sums,
        formats.whole(one["files_refused"]),
    ]


def _senders(one: Mapping[str, Any]) -> Element:
    rows: list[list[Child]] = [
        [
            each["department"], formats.period(Period(*(date.fromisoformat(each[f"{end}_day"]) for end in ("first", "last")))),
            *(formats.whole(each[how]) for how in HOW),
        ]
        for each in one["extracts"]
    ]  # fmt: skip
    title = f"Version {one['version']}, by department"
    return more(title, figures(title, OF_SENDERS, rows, numbers=frozenset({2, 3, 4}), hidden_title=True))


def _day(iso: str) -> str:
    return formats.day(date.fromisoformat(iso))


def _told(one: Mapping[str, Any], name: str) -> list[str]:
    """A total and its change; nothing where the version held none of the account."""
    return [formats.whole(one[name]), formats.signed(one[f"{name}_change"])] if name in one else ["", ""]
