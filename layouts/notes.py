"""What is written under every chart and in every file: where it comes from, when, how much is covered, what is hidden."""

from collections.abc import Sequence
from typing import Final

from layouts import formats
from layouts.words import coverage_line
from queries.answers import About

SOURCE: Final = (
    "Departments' web analytics, shared with the Government Digital Service under memorandums of understanding"
)
SHORTHAND: Final = (
    ("[c]", "Hidden: a small number of another department, or one that is too small to publish"),
    ("[z]", "No value: there is nothing to divide by, or the measure doesn't apply"),
    ("[x]", "Not available: the department has not shared this"),
)
JOURNEYS: Final = (
    ("step", "Steps are counted from the page outward, from 0; backward, step 1 is one page before it"),
    ("(other)", "Every page of the step that isn't among its most common, together"),
    ("(ended)", "Sessions whose journey stopped at the step before; nothing more was seen of them"),
    ("(began)", "Backward: sessions that began at the step before"),
    ("(hidden)", "Pages of other departments' services that this person isn't named for, together"),
    ("(not shared)", "A service whose department doesn't share its analytics"),
)
DROP_OFFS: Final = (
    ("share_of_start", "Of those who reached the first step; in an open funnel, of those who entered anywhere"),
    ("share_of_previous", "Of those who reached the step before, how many went on to this one"),
    ("drop_offs", "Those who reached this step and not the next"),
    ("skipped", "Those who went on without an optional step"),
)
INSIDE: Final = (
    "Not for publication. Cells of other departments below 10 are hidden and shown as [c]; "
    "in journeys such pages are counted under Other pages"
)
PUBLISHED: Final = "For publication. Figures are rounded to 10 without bias, below 10 shown as [c]; journeys are rounded so that they still add up"


def notes(title: str, sentence: str, about: About, filters: Sequence[str] = ()) -> tuple[tuple[str, str], ...]:
    """(name, text) pairs in the order that they are read; the first is the title. `filters` say what is counted."""
    kind = "Demonstration data; " if about.coverage.demonstration else ""
    return (
        ("Title", title),
        ("In words", sentence),
        ("Source", f"{kind}{SOURCE} (account {about.account})"),
        ("Period", f"{formats.period(about.period)}, Europe/London days"),
        ("Filters", "; ".join(filters) or "None set"),
        ("Coverage", coverage_line(about)),
        ("How this is counted", about.definition),
        ("Small numbers", PUBLISHED if about.publication else INSIDE),
        ("Version", f"Data version {about.version}"),
        *(("Note", note) for note in about.notes),
    )
