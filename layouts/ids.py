"""The ids of elements that a script, a callback or a link finds again."""

from typing import Final
from zlib import crc32

MAIN: Final = "main-content"
TITLE: Final = "title"
ANNOUNCED: Final = "announced"
UNREACHABLE: Final = "unreachable"
HEADING: Final = "heading"
FILTERS: Final = "filters"
ANSWER: Final = "answer"
SAID: Final = "said"
STEPS: Final = "steps"
NUMBERS: Final = "numbers"
PROBLEMS: Final = "problems"
MESSAGE: Final = "message"
ADDRESS: Final = "address"  # our reader of the address
MONTHS: Final = "months"  # of one service
TABLE: Final = "table"  # that is sorted by its heads
FIGURES: Final = "figures"  # what a Dash callback fills
PLOTLY: Final = "plotly"  # the script that draws


def node(step: int, page: str) -> str:
    """The id of a node, the same in every drawing, so that the focus finds it again."""
    return f"node-{step}-{crc32(page.encode()):08x}"


def field(name: str) -> str:
    """The id of a form's control."""
    return f"field-{name}"
