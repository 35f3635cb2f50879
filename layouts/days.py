"""Pages that are asked of days and an account alone: what they show, read from an address, and the form above them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from layouts import words
from layouts.address import Field
from layouts.components import choice, day_field
from layouts.markup import Element
from layouts.page_top import filters
from layouts.state import ACCOUNT, DAYS, State, by_name


@dataclass(frozen=True)
class Days(State):
    """The days and the account that a page looks at."""

    FIELDS: ClassVar[Mapping[str, Field]] = by_name(*DAYS, ACCOUNT)

    first: date | None = None
    last: date | None = None
    account: str = "joined"

    def question(self, **changes: Any) -> dict[str, Any]:
        """The parameters of the page's question."""
        days = {"from": self.first, "to": self.last}
        return {"account": self.account, **{name: value for name, value in days.items() if value}} | changes


def panel(state: Days, said: str) -> Element:
    """The form that chooses them; `said` is what it is called where it isn't seen."""
    days = [day_field("from", "First day", state.first), day_field("to", "Last day", state.last)]
    return filters(state.AT, said, [days, choice("account", "Account", state.account, words.ACCOUNTS)])
