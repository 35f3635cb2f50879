"""The words of the pages and of every file, in one place: names, sentences that return, and what each number means."""

from typing import Final

from data.register import register
from layouts import formats
from queries.answers import About

SERVICE: Final = "GOV.UK estate performance"
PHASE: Final = "Alpha"
DEMONSTRATION: Final = "Demonstration data: made-up sessions of real services."
THIS_MACHINE: Final = "There is no sign-in yet, so only this machine can open the service."
NEEDS_SCRIPT: Final = (
    "The figures on this page need JavaScript. The command line and the files give the same numbers without it."
)
FILES: Final = {
    "png": "Picture (PNG)", "svg": "Picture (SVG)", "csv": "Table (CSV)", "xlsx": "Table (Excel)",
    "ods": "Table (OpenDocument)", "json": "Data (JSON)",
}  # fmt: skip
PICTURES: Final = frozenset({"png", "svg"})
NO_PICTURES: Final = (
    "Pictures need the browser Chromium where this service runs, and there is none. The tables hold the same numbers."
)
NOTHING_FOUND: Final = "No page has this in its name"
COPY: Final = "Copy this with its source"
COPIED: Final = "Copied"
LOOKING: Final = "Looking"

ALL_WORDS: Final = {
    "Session": "One visit in one browser. It belongs to the day, in London, of its first page view.",
    "Page view": "One page shown in a session.",
    "Page": "A host and a path after cleaning, shown as its path, with the host where that isn't www.gov.uk.",
    "Step": "One page of a session after immediate repeats are taken together. The page you start from is step 0.",
    "Journey": "An ordered list of steps. A session takes part once, from its first or its last view of the page.",
    "Landing page": "The first page of a session.",
    "Exit page": "The last page of a session.",
    "Ended here": "Nothing more was seen of the session. It may have clicked out to another site, downloaded a file, "
    "gone to a service that isn't shared, or stopped; it doesn't mean that people left GOV.UK.",
    "Other pages": "Every page of a step that isn't among the most common. Nothing is left out of the count.",
    "Not shared": "A step that went to a service whose department doesn't share its analytics. It is counted, and nothing else is "
    "known of it.",
    "Hidden": "Pages of another department's service, counted together under its name, because you aren't named for it.",
    "Share": "Sessions as a share of all sessions that the journey starts with.",
    "Expected": "What a day was expected to be, from the same weekday of the eight weeks before, last year and the bank holidays. "
    "Of ordinary days one in a hundred falls outside.",
    "Likely real": "A change that is larger than what earlier stretches of the same length did by themselves in 95 of 100 cases. "
    "Otherwise it could be chance. It is never told across a definition break.",
    "Could be chance": "A difference of two shares that chance and the days' own ups and downs can make. Higher or lower stand "
    "where it is more than that.",
    "Contribution": "What one page, channel, device, department or service adds to a change. Contributions add up to it.",
    "Department": "The body that signs a memorandum and owns pages. Each has dates and successors.",
    "Topic": "A named set of pages across departments: pages, patterns, taxons, step-by-step guides, document types. A page belongs to it if any fits.",
    "Annotation": "A dated note with its author, drawn on the charts over time of those whom it is shared with.",
    "Alert": "A rule on a saved funnel: its drop-off rate lies outside its expected band, or over a limit.",
    "Memorandum": "The agreement under which a department shares its analytics. Without one nothing of its services is kept.",
    "Extract": "What one sender declares for one day.",
    "Quarantine": "Where broken rows are counted: their line and their rule, never their text.",
    "Version": "A signed list of what the store holds. Every figure on a page is of one version.",
    "[c]": "A hidden value: fewer than 10 sessions of a department that you aren't named for, or too few to publish.",
    "No value": "There is nothing to divide by, or the measure doesn't exist for this period. It isn't zero.",
}

DIRECTIONS: Final = {"forward": "After the page", "backward": "Before the page"}
OCCURRENCES: Final = {"first": "The first time it was seen", "last": "The last time it was seen"}
GROUPS: Final = {
    "page": "Page", "document_type": "Document type", "service": "Service", "department": "Department",
    "section": "Section of a service", "patterns": "Patterns of your own",
}  # fmt: skip
COMPARISONS: Final = {"previous": "The days before", "year": "The same days a year before", "days": "Other days"}
ACCOUNTS: Final = {"joined": "Joined account, all departments", "gds": "GOV.UK account, before joining"}


COUNTED: Final = (
    (
        "Filters choose whole sessions. Then pages that you leave out are taken out, immediate repeats become one step, and "
        "the page you start from is found: its first view in the session, or its last."
    ),
    (
        "Steps are numbered outward from there. Every step adds up to the step before it, to the last session: pages, other "
        "pages and hidden pages of one step are pages, other pages, hidden pages and what ended of the next."
    ),
    "Nothing is sampled, and nothing is cut before it is counted. A page that isn't shown by name is in Other pages.",
)
STANDARD: Final = (
    "This service is made to the Web Content Accessibility Guidelines 2.2 at level AA.",
    "It isn't published on GOV.UK, and only this machine can open it.",
)
WORKS: Final = (
    "everything that a mouse can do, a keyboard can do: Tab goes from page to page, arrow keys go along and across the steps, Enter opens",
    "each chart has a sentence that says what it shows, and a table with the same numbers, which a screen reader can read",
    "nothing is told by colour alone, and nothing moves if you ask your device for less motion",
    "pages work at 400% zoom, at 320 pixels wide, and with your own or high-contrast colours",
)
LIMITS: Final = (
    "the bands between the columns of a journey are a drawing for those who see it; the buttons and the table hold the same",
    "on a narrow screen the bands are left out, and the steps stand one under the other",
    "the text in a chart saved as PNG can't be read by a screen reader; its sentence is in the file, and the table is a file beside it",
)
TESTED: Final = "Every page is tested with axe-core in every state that it has, and the whole way through a journey with a keyboard alone."


def coverage_line(about: About) -> str:
    """What stands beside every figure: who shared, what is missing, who is counted, until when, which version."""
    covered = about.coverage
    shared = f"{len(covered.sharing)} of {covered.departments} departments shared data on these days"
    parts = [
        shared if register.account(about.account).whole else "www.gov.uk alone, from GDS's own account",
        f"{formats.counted(covered.missing_days, 'day')} missing" if covered.missing_days else "no day missing",
        *(
            [f"totals only from {formats.listed([*covered.totals_only])}, which no journey can hold"]
            if covered.totals_only
            else []
        ),
        "people who accepted analytics cookies",
        f"data to {formats.day(covered.data_to)}, version {about.version}" if covered.data_to else "no data yet",
    ]
    return "; ".join(parts)
