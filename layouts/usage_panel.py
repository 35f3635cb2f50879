"""The filter panel that the pages Pages, Page, Handovers and Searches share: what is in sight, more options, and tags."""

from collections.abc import Mapping, Sequence
from typing import Final

from data.contract import CHANNELS, DEVICES
from layouts import page_top, words
from layouts.address import Problem
from layouts.components import choice, day_field, named, text_field, tick
from layouts.markup import Child, Element, div, input_
from layouts.offered import Offered
from layouts.state import COMPARISONS
from layouts.usage_state import STRUCTURES, Page, Pages, Usage

FINDER: Final = "/pages/found"


def heading(state: Usage, title: str, lead: Child, form: Element, *, problems: Sequence[Problem]) -> Element:
    """What is wrong with the address, if anything, what the page shows, and its filters."""
    return page_top.heading(title, lead, form, page_top.tags(state), problems=problems)


def panel(state: Usage, in_sight: Sequence[Child], offered: Offered, label: str) -> Element:
    """The form: days and `in_sight`, and under More options whatever else the page knows."""
    days = [day_field(name, state.FIELDS[name].label, state.value(name)) for name in ("from", "to")]
    options = [_option(state, name, offered) for name in state.FIELDS]
    return page_top.filters(
        state.AT, label, [in_sight, days], options, _ticks(state), opened=isinstance(state, Page) and not state.page
    )


def finder(state: Usage, said: str = "Page") -> Element:
    """A box that finds a page by words of its address or title; the script makes it live."""
    among = Pages(first=state.first, last=state.last, account=state.account).address(FINDER)
    field = text_field(
        "page", said, state.page, data_finder=among, data_none=words.NOTHING_FOUND, data_looking=words.LOOKING
    )
    return div(field, class_="panel-row__wide")


def _option(state: Usage, name: str, offered: Offered) -> Element | None:
    """The control of a field that stands under More options."""
    options: Mapping[str, Mapping[str, str]] = {
        "compare": COMPARISONS, "structure": STRUCTURES,
        "device": {"": "All"} | named(DEVICES), "channel": {"": "All"} | named(CHANNELS), "account": words.ACCOUNTS,
    }  # fmt: skip
    if name in {"department", "topic"}:
        control: Element = getattr(offered, name)(state.value(name))
        return control
    if name == "document_type":
        return text_field(name, "Document type", state.value(name))
    return choice(name, state.FIELDS[name].label, state.value(name), options[name]) if name in options else None


def _ticks(state: Usage) -> Element:
    ticked = [name for name in ("pass_through", "publication") if name in state.FIELDS]
    boxes = [tick(name, state.FIELDS[name].label, ticked=state.value(name) == "true") for name in ticked]
    kept = [input_(type="hidden", name=name, value=state.value(name)) for name in ("measure",) if name in state.FIELDS]
    return div(boxes, kept, class_="options__ticks")
