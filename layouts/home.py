"""The front page: what can be seen here, for each kind of reader, with an example out of this very estate."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from layouts import formats, journeys, pack, usage_panel, words
from layouts.components import covered, files, link
from layouts.journey_state import Journey
from layouts.markup import Child, Element, div, form, h1, h2, input_, label, li, p, section, ul
from layouts.markup import button as press
from queries.answers import Answer

TITLE: Final = "What can I see here?"
LEAD: Final = (
    "How people move across www.gov.uk and the services of the departments that share their analytics: "
    "where they arrive, where they go, where they leave. Each example below is live."
)
NO_FIGURES: Final = (
    "Your role sees who shared data and which days are here, and no figures about pages or people's visits."
)
MINE: Final = "Each on one screen: who comes and from where, where they stop, what goes wrong there, last year, and others like it."
FIND: Final = "page-to-find"


@dataclass(frozen=True)
class Examples:
    """What the examples are made of: a page that many land on, the journeys from it, the estate's figures, one's services."""

    page: str
    journeys: Answer
    estate: Answer
    mine: Mapping[str, str] = field(default_factory=dict)  # of a service owner: addresses of their services, by name


def heading(*, figures: bool) -> Element:
    """What the page is for, before anything is counted; for those who see `figures`, a way to the page they care for."""
    lead = p(LEAD if figures else NO_FIGURES, class_="govuk-body heading__lead")
    return div(h1(TITLE, class_="govuk-heading-l heading__title"), lead, _finder() if figures else None)


def _finder() -> Element:
    """A way straight to the journeys from a page of one's own; the script finds it as it is typed."""
    field = input_(
        class_="govuk-input", type="text", id=FIND, name="page", spellcheck="false", autocomplete="off",
        data_finder=usage_panel.FINDER, data_none=words.NOTHING_FOUND, data_looking=words.LOOKING,
    )  # fmt: skip
    named = label("A page you care for, by words of its address or title", class_="govuk-label", for_=FIND)
    go = press("See its journeys", type="submit", class_="govuk-button reader__go")
    row = div(field, go, class_="reader__row")
    return form(named, row, method="get", action="/journeys", class_="filters", role="search", aria_label="Your page")


def without_figures() -> Element:
    """The page of somebody who sees coverage alone."""
    to = p(link("See who shared data, and which days are here", "/coverage"), class_="govuk-body")
    return div(to, class_="answer")


def answered(found: Examples, *, pictures: bool) -> Element:
    """One part for each kind of reader."""
    return div(
        covered(found.estate.about),
        _reader("Your services", MINE, [link(name, to) for name, to in found.mine.items()]) if found.mine else None,
        _reader("You run a service", _journey_said(found), _of_a_service(found)),
        _reader("You look after the whole estate", estate_sentence(found.estate), _of_the_estate()),
        _reader("You write a report", f"Every chart leaves as a picture, a table or data, with its source, days, coverage and version inside. Take the journeys from {found.page} as an example.", []),
        files(lambda kind: _start(found).address(f"/files/journeys.{kind}"), pictures=pictures),
        pack.offered(pack.Packing(), pictures=pictures),
        class_="answer",
    )  # fmt: skip


def _reader(title: str, said: str, links: list[Child]) -> Element:
    listed = ul([li(one) for one in links], class_="govuk-list govuk-list--bullet") if links else None
    body = p(formats.breakable(said), class_="govuk-body")
    return section(h2(title, class_="govuk-heading-m"), body, listed, class_="reader")


def _start(found: Examples) -> Journey:
    return Journey(page=found.page)


def _journey_said(found: Examples) -> str:
    value: Any = found.journeys.value
    return journeys.sentence(_start(found), value)


def _of_a_service(found: Examples) -> list[Child]:
    before = Journey(page=found.page, direction="backward")
    return [
        link(f"See each step after {found.page}", _start(found).address()),
        link(f"See how people came to {found.page}", before.address()),
        link("See the same for mobile devices alone", Journey(page=found.page, device=("mobile",)).address()),
        link("See a service on one screen: who comes, where they stop, what goes wrong", "/service"),
    ]


def estate_sentence(estate: Answer) -> str:
    """The sessions of the whole estate, and how they changed."""
    rows: Any = estate.value
    whole = rows[0]
    counts = f"{formats.counted(whole['sessions'], 'session')} and {formats.counted(whole['page_views'], 'page view')}"
    said = f"{formats.period(estate.about.period)}: {counts}"
    before, change = whole["sessions_comparison"], whole["sessions_change"]
    if not before or change is None:
        return f"{said}."
    way = "more" if change >= 0 else "fewer"
    return f"{said}, {formats.rate(abs(change), before)} {way} sessions than in the days they are compared with."


def _of_the_estate() -> list[Child]:
    return [
        link("See what changed most, and where to act", "/review"),
        link("See how every department is doing, and which changes are likely real", "/estate"),
        link("See where all sessions land and where they go", "/journeys"),
        link("See how sessions cross from department to department", Journey(group="department").address()),
        link("See which departments share, and which days are missing", "/coverage"),
    ]
