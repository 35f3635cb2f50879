"""Pages that are asked of days and an account alone: what they show, read from an address, and the form above them."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar, Final

from layouts import words
from layouts.above import filters
from layouts.address import Field, day, one_of, written
from layouts.components import choice, day_field
from layouts.markup import Element


@dataclass(frozen=True)
class Days:
    """The days and the account that a page looks at."""

    AT: ClassVar[str]  # the page's path

    first: date | None = None
    last: date | None = None
    account: str = "joined"

    def question(self, **changes: Any) -> dict[str, Any]:
        """The parameters of the page's question."""
        days = {"from": self.first, "to": self.last}
        return {"account": self.account, **{name: value for name, value in days.items() if value}} | changes

    def address(self, path: str = "", **changes: Any) -> str:
        """The address of this state, with `changes`."""
        return written(path or self.AT, FIELDS.values(), replace(self, **changes), type(self)())


FIELDS: Final = {
    field.name: field
    for field in (
        Field("from", "First day", day, attribute="first"),
        Field("to", "Last day", day, attribute="last"),
        Field("account", "Account", one_of(*words.ACCOUNTS)),
    )
}


def panel(state: Days, said: str) -> Element:
    """The form that chooses them; `said` is what it is called where it isn't seen."""
    days = [day_field("from", "First day", state.first), day_field("to", "Last day", state.last)]
    return filters(state.AT, said, [days, choice("account", "Account", state.account, words.ACCOUNTS)])
