"""What must be said of the filters of an answer: what they leave out by rights, and values that nothing of these days has."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from data import access
from data.register import register
from queries.asking import Asking
from queries.page_sets import definitions

SEEN: Final = {"page": "page {}", "document_type": "page of the document type {}"}  # by filter on pages


def notes(asking: Asking[Any], question: str) -> Iterator[str]:
    """Sentences for `about.notes`. A page that may not be seen is told like one that isn't there."""
    asked = asking.parameters
    for short in asked.department:
        if ended := closed(short, asking.period.first):
            yield f"{ended}."
        if question not in access.OPEN_TOTALS and not asking.viewer.owns(short):
            yield f"You are not named for {short}: of its pages those of www.gov.uk alone are counted."
    for name, words in SEEN.items():
        for value in getattr(asked, name):
            if not _seen(asking, name, value):
                yield f"No {words.format(value)} was seen on these days."
    for country in asked.country:
        if not _came(asking, country):
            yield f"No session from {country} was seen on these days."


def closed(name: str, day: date) -> str:
    """That a department ended before the day and who answers for its pages since, or nothing, as for any other name."""
    gone = next(
        (one for one in register.departments if one.short == name and one.last_day and one.last_day < day), None
    )
    if gone is None:
        return ""
    since = f"{gone.short} closed on {gone.last_day:%-d %B %Y}"
    return f"{since}; its pages are those of {' and '.join(gone.successors)} since" if gone.successors else since


def _seen(asking: Asking[Any], name: str, value: str) -> bool:
    segments = asking.reading.segments(asking.account, asking.period)
    return any(len(definitions.pages(asking, one, name, (value,))) for one in segments)


def _came(asking: Asking[Any], country: str) -> bool:
    return any(len(found) for found in asking.each("explore_countries", names=[country]))
