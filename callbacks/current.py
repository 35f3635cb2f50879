"""What a request at hand is answered with: the estate that is served, its viewer, and the departments of today."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import current_app, g

from data import access
from data.periods import Period
from data.register import register
from layouts import quick_days
from layouts.markup import Child
from layouts.offered import Offered
from queries import ask
from queries.answers import Answer
from queries.page_sets.topics import Catalogue
from queries.parameters import Common

if TYPE_CHECKING:
    from data.store import Estate


def estate() -> "Estate":
    """The estate that is served."""
    served: Estate = current_app.config["ESTATE"]
    return served


def asked(question: str, parameters: Mapping[str, Any]) -> Answer:
    """The answer that the viewer may have. Raises what `queries.ask` raises."""
    return ask.ask(estate(), g.viewer, question, parameters)


def period(state: Any, question: str) -> Period:
    """The days that a page of this question shows: those of its address, else those it is answered for."""
    given = {name: getattr(state, name) for name in ("first", "last", "account", "publication") if hasattr(state, name)}
    wanted = Common.model_construct(**given)
    return ask.days(ask.questions()[question], wanted, estate(), estate().newest)


def days(state: Any, question: str) -> dict[str, str]:
    """The same days as fields hold them; none of a page without any."""
    if not hasattr(state, "first"):
        return {}
    found = period(state, question)
    return {"from": str(found.first), "to": str(found.last)}


def quick(state: Any, question: str) -> Child:
    """Links to other days; none of a page without any."""
    if not hasattr(state, "first"):
        return None
    plain = {"first": None, "last": None} | ({"publication": False} if hasattr(state, "publication") else {})
    return quick_days.links(state, period(state, question), period(replace(state, **plain), question))


def settled(state: Any, question: str) -> Any:
    """The state without days that it would be answered for anyway: a form sends them, and they narrow nothing.

    Neither do those that the form held before publication was ticked, which is answered for whole months or weeks.
    """
    if not (getattr(state, "first", None) and getattr(state, "last", None)):
        return state
    plain = replace(state, first=None, last=None)
    filled = [plain, replace(plain, publication=False)] if getattr(state, "publication", False) else [plain]
    return plain if days(state, question) in [days(one, question) for one in filled] else state


def alive() -> list[str]:
    """The departments of today, by name."""
    today = current_app.config["SETTINGS"].today()
    return sorted(department.short for department in register.departments if department.exists(today))


def offered() -> Offered:
    """What a filter panel offers the viewer."""
    return Offered(alive(), {topic.slug: topic.name for topic in Catalogue(estate(), g.viewer).every()})


def own_departments() -> list[str]:
    """Those of them whose services the viewer may see."""
    return [short for short in alive() if access.may_see_services(g.viewer, short)]
