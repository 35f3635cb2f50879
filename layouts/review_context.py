"""What stands beside the review: breaks, dated events and annotations of these days, and how complete and fresh the data is."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from data.periods import Period
from data.register import register
from layouts import coverage, formats
from layouts.components import figures, link
from layouts.markup import Child, Element, h2, li, p, section, ul
from layouts.review import Reviewed
from queries.answers import Answer

FRESH: Final = "Coverage and freshness"
NOTED: Final = "Breaks, dated events and annotations of these days"
MEASURES: Final = ("sessions", "exit_rate", "usefulness", "handovers", "searches")
WHOLE: Final = "Of everybody who shares every day is here, no row is in quarantine, and no file was turned away."
LACKING: Final = ("days_missing", "rows_quarantined", "files_refused")
HEAD: Final = ("Department", "Newest day", "Days missing", "Rows in quarantine", "Files turned away")


def fresh(state: Reviewed, answer: Answer) -> Element:
    """Who sent what, in a sentence, and a row for each department whose data isn't all here."""
    value: Any = answer.value
    newest = max((row["newest_day"] for row in value["departments"] if row["newest_day"]), default=None)
    said = f"{coverage.sentence(value)}{f' The newest day is {_day(newest)}.' if newest else ''}"
    rows: list[list[Child]] = [
        [row["department"], _day(row["newest_day"]), *(formats.whole(row[name]) for name in LACKING)]
        for row in value["departments"]
        if any(row[name] for name in LACKING)
    ]
    table = figures("Departments whose data isn't all here", HEAD, rows, numbers=frozenset({2, 3, 4}))
    return section(
        h2(FRESH, class_="govuk-heading-l"),
        p(formats.breakable(said), class_="govuk-body"),
        table if rows else p(WHOLE, class_="govuk-body"),
        p(link("Coverage in full", state.address(coverage.Covered.AT)), class_="govuk-body"),
        class_="departments",
    )


def _day(iso: str | None) -> str:
    return formats.day(date.fromisoformat(iso)) if iso else "none"


def noted(answer: Answer) -> Element:
    """Definition breaks of any measure that is reviewed, dated events and people's notes within the days that were reviewed."""
    value: Any = answer.value
    of = answer.about.period, answer.about.account
    found = [one for name in MEASURES for one in register.calendar.breaks_in(of[0], name, of[1])]
    breaks = [f"{formats.day(one.day)}: {one.name}. {one.why}" for one in dict.fromkeys(found)]
    events = [f"{_days(one)}: {one['name']}{_whose(one)}" for one in value]
    listed = ul([li(one) for one in (*breaks, *events)], class_="govuk-list govuk-list--bullet")
    return section(
        h2(NOTED, class_="govuk-heading-l"),
        listed if breaks or events else p("There are none.", class_="govuk-body"),
        p(
            link("Add an annotation", "/annotations/new"),
            " or ",
            link("see all annotations", "/annotations"),
            ".",
            class_="govuk-body",
        ),
    )


def _days(event: Mapping[str, Any]) -> str:
    return formats.period(Period(*(formats.of_iso(event[f"{end}_day"]) for end in ("first", "last"))))


def _whose(event: Mapping[str, Any]) -> str:
    """Whose figures a note is about, and who wrote it."""
    about = f", about {event['department']}" if event["department"] else ""
    return f"{about} (annotation by {event['by']})" if event["by"] else about
