"""The parts of forms in which people make things: fields with their problem, who sees it, deleting with a way back."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from data.access import Audience, Viewer
from data.state import Made
from layouts import formats, ids
from layouts.address import Problem
from layouts.markup import (
    Attribute,
    Child,
    Element,
    button,
    div,
    fieldset,
    form,
    h2,
    input_,
    label,
    legend,
    p,
    textarea,
    unseen,
)

SEEN_BY: Final = {
    "me": "Only me and estate analysts",
    "department": "Everybody named for my departments",
    "everyone": "Everybody who may see figures",
}
NUMBER: Final = re.compile(r"\d{1,6}", re.ASCII)
SHARED: Final = {"me": "not shared", "department": "shared within the department", "everyone": "shared with everybody"}


def line(
    name: str, said: str, value: str, problems: Sequence[Problem] = (), *, hint: str = "", focus: bool = False
) -> Element:
    """A one-line text field with its hint and its problem; with `focus` it is typed into at once."""
    named = _named(name, "govuk-input", problems, hint)
    control = input_(type="text", value=value, autocomplete="off", spellcheck="false", autofocus=focus, **named)
    return _group(name, said, control, problems, hint=hint)


def lines(
    name: str, said: str, value: str, problems: Sequence[Problem] = (), *, hint: str = "", rows: int = 3
) -> Element:
    """A text field of several lines with its hint and its problem."""
    control = textarea(value, rows=rows, spellcheck="false", **_named(name, "govuk-textarea", problems, hint))
    return _group(name, said, control, problems, hint=hint)


def seen_by(chosen: str, viewer: Viewer) -> Element:
    """Who else may see it; the departments of somebody who is named for none are left out."""
    offered = {name: said for name, said in SEEN_BY.items() if name != "department" or viewer.departments}
    return radios("seen_by", "Who may see it", chosen, offered)


def radios(name: str, said: str, chosen: str, offered: Mapping[str, str]) -> Element:
    """One of a few, all in sight."""
    items = [
        _radio(name, value, shown, chosen=value == chosen, first=not n)
        for n, (value, shown) in enumerate(offered.items())
    ]
    head = legend(said, class_="govuk-fieldset__legend govuk-fieldset__legend--s")
    listed = div(items, class_="govuk-radios govuk-radios--small", data_module="govuk-radios")
    return div(fieldset(head, listed, class_="govuk-fieldset"), class_="govuk-form-group")


def hidden(name: str, value: str | int) -> Element:
    """A value that goes with a form unseen."""
    return input_(type="hidden", name=name, value=value)


def pressed(said: Child, address: str, revision: int, *, kind: str = "secondary") -> Element:
    """One button that does something at once; `revision` says which one of the thing was looked at."""
    press = button(said, type="submit", class_=f"govuk-button govuk-button--{kind}", data_prevent_double_click="true")
    return form(hidden("revision", revision), press, method="post", action=address, class_="pressed")


def chosen(given: Mapping[str, str], name: str, offered: Collection[str]) -> str:
    """What a form chose of a few; the first of them where it sent nothing that is offered."""
    typed = given.get(name, "")
    return typed if typed in offered else next(iter(offered))


def number(typed: str) -> int:
    """A whole number as it was typed; 0 where it is none."""
    return int(typed) if NUMBER.fullmatch(typed.strip()) else 0


def whose(audience: Audience, viewer: Viewer) -> str:
    """Who made a thing, and who may see it."""
    by = "You" if audience.person == viewer.person else audience.person.replace("-", " ")
    return f"{by}, {SHARED[audience.seen_by]}"


def deleted(made: Made[Any] | None, place: str) -> Element | None:
    """What was just deleted, if anything, and the way back; `place` is where things of its kind stand."""
    if made is None:
        return None
    head = div(
        h2("Deleted", class_="govuk-notification-banner__title", id="deleted"),
        class_="govuk-notification-banner__header",
    )
    told = p(
        formats.breakable(f"{made.name} was deleted. It can be brought back for 30 days."),
        class_="govuk-notification-banner__heading",
    )
    undo = pressed(["Undo", unseen(f" deleting {made.name}")], f"{place}/{made.slug}/restore", made.revision)
    body = div(told, undo, class_="govuk-notification-banner__content")
    return div(head, body, class_="govuk-notification-banner", role="region", aria_labelledby="deleted")


def _radio(name: str, value: str, said: str, *, chosen: bool, first: bool) -> Element:
    of = ids.field(name) if first else f"{ids.field(name)}-{value}"  # a link to the problem goes to the first
    control = input_(type="radio", id=of, name=name, value=value, checked=chosen, class_="govuk-radios__input")
    return div(control, label(said, for_=of, class_="govuk-label govuk-radios__label"), class_="govuk-radios__item")


def _group(name: str, said: str, control: Element, problems: Sequence[Problem], *, hint: str) -> Element:
    wrong = _problem(name, problems)
    of = ids.field(name)
    told = p(unseen("Error: "), wrong, class_="govuk-error-message", id=f"{of}-error") if wrong else None
    return div(
        label(said, class_="govuk-label", for_=of),
        div(hint, class_="govuk-hint", id=f"{of}-hint") if hint else None,
        told, control, class_=f"govuk-form-group{' govuk-form-group--error' if wrong else ''}",
    )  # fmt: skip


def _named(name: str, kind: str, problems: Sequence[Problem], hint: str) -> dict[str, Attribute]:
    wrong, of = _problem(name, problems), ids.field(name)
    described = " ".join([*([f"{of}-hint"] if hint else []), *([f"{of}-error"] if wrong else [])])
    return {
        "id": of, "name": name, "class_": f"{kind} {kind}--error" if wrong else kind, "aria_describedby": described or None,
        "aria_invalid": "true" if wrong else None,
    }  # fmt: skip


def _problem(name: str, problems: Sequence[Problem]) -> str:
    return next((one.sentence for one in problems if one.field == name), "")
