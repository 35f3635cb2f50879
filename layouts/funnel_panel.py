"""The filter panel of the Drop-offs page."""

from collections.abc import Sequence

from data.contract import CHANNELS, DEVICES
from data.register import register
from layouts import page_top, words
from layouts.components import choice, day_field, named, text_field, tick
from layouts.funnel_state import BREAKDOWNS, MODES, FunnelState
from layouts.markup import Element, div
from layouts.state import COMPARISONS


def panel(state: FunnelState, departments: Sequence[str]) -> Element:
    """The form. `departments` are those that the viewer may choose."""
    services = {"": "Choose a service"} | {
        one.slug: one.name for one in sorted(register.services.values(), key=lambda one: one.name)
    }
    in_sight = [
        div(choice("service", "Service", state.service, services), class_="panel-row__wide"),
        day_field("from", "First day", state.value("from")), day_field("to", "Last day", state.value("to")),
    ]  # fmt: skip
    return page_top.filters(
        state.AT, "Drop-offs", in_sight,
        div(text_field("steps", "Steps of your own, such as /apply > /apply/photo > /done/apply", state.value("steps")), class_="options__wide"),
        choice("mode", "How steps follow", state.mode, MODES),
        text_field("window", "Within so many seconds of the first step", state.value("window") if state.window else "", inputmode="numeric"),
        text_field("exclude", "Without seeing these pages between", state.value("exclude")),
        day_field("release", "A release on", state.value("release")),
        choice("by", "Side by side", state.by, BREAKDOWNS),
        choice("compare", "Compared with", state.compare, COMPARISONS),
        choice("device", "Device", state.value("device"), {"": "All"} | named(DEVICES)),
        choice("channel", "Channel", state.value("channel"), {"": "All"} | named(CHANNELS)),
        choice("department", "Sessions that saw pages of", state.value("department"), {"": "Any department"} | named(departments)),
        choice("account", "Account", state.account, words.ACCOUNTS),
        div(tick("publication", "Round for publication", ticked=state.publication), class_="options__ticks"),
        opened=not state.chosen,
    )  # fmt: skip
