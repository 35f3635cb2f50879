"""The contract of a cleaned frame: what every format's rows become before they are stored.

One row is one page view or one other event of one extract. It holds no personal data and no raw identifier.
"""

from typing import Final

import polars as pl

DEVICES: Final = ("desktop", "mobile", "tablet", "other")
CHANNELS: Final = (
    "direct",
    "search engine",
    "AI assistant",
    "GOV.UK email",
    "other government",
    "social",
    "referral",
    "paid",
    "other",
)
KINDS: Final = ("page_view", "search", "outbound", "download", "error", "useful_yes", "useful_no", "not_shared")

LONGEST_PATH: Final = 2_048  # characters
MOST_PAGE_VIEWS: Final = 10_000  # in a session

_COLUMNS: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    # 16 bytes each, HMAC of the raw identifier under the key of the row's London month, and of the month before
    # for rows in the first two days of a month (else null): a session is known by the key of its start.
    "session": pl.Binary,
    "session_before": pl.Binary,
    "visitor": pl.Binary,
    "visitor_before": pl.Binary,
    # Full time as sent, UTC; null for sequences, which have an order but no clock.
    "time": pl.Datetime("us", "UTC"),
    "order": pl.UInt32,  # the format's own order among equal times
    "row": pl.UInt32,  # the row in the file, from 1
    "occurrences": pl.UInt32,  # how many sessions this row stands for; 1 but for sequences
    "kind": pl.Enum(KINDS),
    "host": pl.String,
    "path": pl.String,
    "title": pl.String,
    "document_type": pl.String,
    "content_id": pl.String,
    "taxon": pl.String,
    "step_by_step": pl.String,
    "organisations": pl.String,  # tagged organisations as sent, such as <D10><EA74>; the primary one first
    "device": pl.Enum(DEVICES),
    "channel": pl.Enum(CHANNELS),
    "country": pl.String,
    "status": pl.UInt16,
    "value": pl.String,  # the search term, the host clicked out to, the file's name, the error's name
}

CLEANED: Final = pl.Schema(_COLUMNS)

# Returns of services: one row is one figure of one service in one period.
RATINGS: Final = tuple(f"rating_{number}" for number in range(1, 6))  # how many people gave each score
ALL_CHANNELS: Final = "all"
RETURNED: Final = pl.Schema(
    {
        "line": pl.UInt32(),  # of the file, from 1; the figures of one line stand and fall together
        "service": pl.String(),  # its slug
        "title": pl.String(),  # its name, where the file tells it
        "department": pl.String(),  # as sent; once judged, its short name in the register
        "agency": pl.String(),
        "first": pl.Date(),  # the London days of the period
        "last": pl.Date(),
        # transactions (by channel), started, completed, rating_1 to rating_5, cost in pounds, target_* of each KPI
        "measure": pl.String(),
        "channel": pl.String(),
        "value": pl.Float64(),  # null: returned without a figure
    }
)

# Reports of an analytics tool: one row is one figure of one page, or of all that the report is of, in one period.
REPORTED: Final = pl.Schema(
    {
        "line": pl.UInt32(),  # of the file, from 1; the figures of one line stand and fall together
        "first": pl.Date(),  # the days of the period as the tool counts them; null: those declared with the import
        "last": pl.Date(),
        "what": pl.String(),  # of REPORTS: what one row of the report is of
        "host": pl.String(),  # as sent; once cleaned null where the file names none, or the row is of no page
        "path": pl.String(),  # the page as sent; once cleaned its path, or one of BUCKETS
        "measure": pl.String(),  # page_views, sessions, visitors or landings
        "value": pl.Int64(),
        "doubt": pl.String(),  # what the report says against itself, or null
    }
)
REPORTS: Final = ("days", "hosts", "pages", "landing pages")
BUCKETS: Final = ("(other)", "(not set)")  # what a tool writes for pages that it doesn't tell apart
