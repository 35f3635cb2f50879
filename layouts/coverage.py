"""The Coverage page: who shares, which days came, what became of their rows, and in which version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final

from data.register import PLATFORM
from layouts import formats, measures, memorandums, page_top, reported, versions
from layouts.address import Problem
from layouts.components import figures, files, graph, leading, link, more, status
from layouts.days import Days, panel
from layouts.figures import coverage as picture
from layouts.markup import Child, Element, div, h2, p, section, span
from queries.answers import Answer

TITLE: Final = "Who shared data, and which days are here"
COUNTS: Final = {
    "days_expected": "Days expected", "days_received": "Days here", "days_totals_only": "Totals only", "days_missing": "Days missing", "rows_read": "Rows read",
    "rows_kept": "Kept", "rows_ignored": "Ignored", "rows_quarantined": "Quarantined", "rows_dropped_not_shared": "Not shared",
    "files_refused": "Files turned away",
}  # fmt: skip
HEAD: Final = ("Department", "Memorandum", "Newest day", *COUNTS.values())


@dataclass(frozen=True)
class Covered(Days):
    """The days and the account that the page looks at."""

    AT: ClassVar[str] = "/coverage"


def heading(state: Covered, problems: Sequence[Problem]) -> Element:
    """What the page shows, and its filters."""
    lead = "What each department sent under its memorandum, and what became of its rows."
    return page_top.heading(TITLE, lead, panel(state, "Coverage"), page_top.tags(state), problems=problems)


def sentence(value: Mapping[str, Any]) -> str:
    """The answer in one sentence with numbers: on screen, in files, and for those who listen."""
    rows = value["departments"]
    others = [row for row in rows if row["department"] != PLATFORM]
    senders = f"{sum(1 for row in others if row['extracts'])} of {formats.counted(len(others), 'department')}"
    first = (
        f"{PLATFORM} and {senders}"
        if any(row["extracts"] for row in rows if row["department"] == PLATFORM)
        else senders
    )
    silent = sum(1 for row in rows if row["days_expected"] and row["days_missing"] == row["days_expected"])
    missing = sum(row["days_missing"] for row in rows if row["days_missing"] < row["days_expected"])
    parts = [f"{first} sent data", *_silent(silent), _missing(missing)]
    kept, all_rows = sum(row["rows_kept"] for row in rows), sum(row["rows_read"] for row in rows)
    if all_rows:
        parts.append(f"{formats.rate(kept, all_rows)} of {formats.counted(all_rows, 'row')} were kept")
    return f"{'; '.join(parts)}."


def _silent(departments: int) -> list[str]:
    return [f"{formats.whole(departments)} whose memorandum is in force sent nothing"] if departments else []


def _missing(days: int) -> str:
    """Of those who sent anything: a department that is silent is no gap of some days."""
    if not days:
        return "no day of those who sent is missing"
    return f"{formats.counted(days, 'day')} of those who sent {'is' if days == 1 else 'are'} missing"


def subject(state: Covered) -> str:
    """What the coverage is of, in the names of files: nothing where it is of all departments."""
    return "" if state.account == Covered.account else f"{state.account} account"


def answered(state: Covered, answer: Answer, *, pictures: bool) -> Element:
    """The answer as sentence, chart, table, what was turned away, files, and how it is counted."""
    value: Any = answer.value
    said = f"{TITLE}. {sentence(value)}"
    return div(
        leading(answer.about, sentence(value)),
        h2("Days here, and days missing", class_="govuk-heading-m"),
        graph("coverage-days", picture.figure(value), said, picture.height(value)),
        table(answer, value["departments"]),
        p(reconciled(value["departments"]), class_="govuk-body"),
        p(
            link(reported.TITLE, state.address(reported.Totals.AT)),
            ", which no journey can hold, stands apart.",
            class_="govuk-body",
        ),
        _quarantined(value["departments"]),
        _version(value),
        versions.part(value["versions"]),
        memorandums.register_of_memorandums(),
        measures.breaks(),
        p(kept(value["retention"]), class_="govuk-body"),
        files(lambda kind: state.address(f"/files/coverage.{kind}"), pictures=pictures),
        more("How this is counted", p(answer.about.definition)),
        class_="answer",
    )


def table(answer: Answer, departments: Sequence[Mapping[str, Any]]) -> Element:
    """Every department's memorandum, days and rows."""
    rows: list[list[Child]] = [
        [
            row["department"], status(row["memorandum"]), _day_of(row["newest_day"]),
            *(formats.whole(row[name]) for name in COUNTS),
        ]
        for row in departments
    ]  # fmt: skip
    title = f"Departments, {formats.period(answer.about.period)}"
    return section(figures(title, HEAD, rows, numbers=frozenset(range(3, len(HEAD)))))


def _day_of(written_day: str | None) -> Child:
    return span(formats.day(date.fromisoformat(str(written_day))), class_="day") if written_day else "none"


def reconciled(departments: Sequence[Mapping[str, Any]]) -> str:
    """That every row read is accounted for, or by how many rows it isn't."""
    read, kept_, ignored, held = (
        sum(row[f"rows_{name}"] for row in departments) for name in ("read", "kept", "ignored", "quarantined")
    )
    parts = f"{formats.whole(kept_)} kept, {formats.whole(ignored)} ignored and {formats.whole(held)} in quarantine"
    off = read - kept_ - ignored - held
    end = "every row is accounted for" if not off else f"{formats.counted(abs(off), 'row')} can't be accounted for"
    return f"Reconciliation: {formats.counted(read, 'row')} read are {parts}; {end}."


def kept(retention: Mapping[str, Any]) -> str:
    """How long journeys and totals are kept, in words."""
    days = retention["month_closes_after_days"]
    closes = f"closes, {formats.counted(days, 'day')} after its end" if days else "ends"
    key = f"The key of a month's pseudonyms is destroyed when the month {closes}."
    if retention["journey_months"] is None:
        return f"Retention is off: days of any age are kept. {key}"
    first = formats.day(date.fromisoformat(str(retention["first_kept_day"])))
    journeys, totals = (formats.counted(retention[f"{name}_months"], "month") for name in ("journey", "total"))
    return (
        f"Retention: journeys are kept for {journeys}, now from {first} on, and totals that departments report and the daily counts of saved "
        f"funnels for {totals}; older days are refused and removed. {key}"
    )


def _quarantined(departments: Sequence[Mapping[str, Any]]) -> Element | None:
    rows: list[list[Child]] = [
        [row["department"], rule.replace("_", " "), formats.whole(count)]
        for row in departments
        for rule, count in row["quarantined"].items()
    ]
    if not rows:
        return None
    return section(figures("Rows in quarantine, by rule", ["Department", "Rule", "Rows"], rows, numbers=frozenset({2})))


def _version(value: Mapping[str, Any]) -> Element:
    """What the version holds, which files its import turned away, and sessions that aren't whole."""
    version, refused = value["version"], value["version"]["refused"]
    held = f"Version {version['version']} holds {formats.counted(version['extracts'], 'extract')}. "
    turned = (
        f"{formats.counted(len(refused), 'file')} turned away in the last weeks."
        if refused
        else "No file was turned away in the last weeks."
    )
    told = [held + turned, *_sessions(value)]
    rows: list[list[Child]] = [
        [one["department"] or "not known", _day_of(one["day"]), one["reason"].replace("_", " "), one["sha256"][:16]]
        for one in refused
    ]
    head = ["Department", "On", "Reason", "SHA-256 begins with"]
    listed = figures("Files turned away", head, rows, numbers=frozenset()) if rows else None
    return section([p(line, class_="govuk-body") for line in told], listed)


def _sessions(value: Mapping[str, Any]) -> list[str]:
    said = {
        "sessions_cut": "cut by a month's end or a missing day",
        "sessions_without_page_view": "without a page view",
    }
    return [
        f"{formats.counted(value[name], 'session')} {how}." for name, how in said.items() if value[name] is not None
    ]
