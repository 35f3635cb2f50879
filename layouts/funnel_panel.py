"""The filter panel of the Drop-offs page, what is set in it as tags, and the services to begin with."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from data.contract import CHANNELS, DEVICES
from data.register import register
from layouts import above, words
from layouts.components import choice, day_field, link, named, text_field
from layouts.funnel_state import BREAKDOWNS, DEFAULT, EVERY, FIELDS, MODES, PATH, FunnelState
from layouts.markup import Element, div, h2, h3, li, section, ul
from layouts.state import COMPARISONS

TAGGED: Final = (
    "exclude", "mode", "window", "by", "step", "every", "release", "from", "to", "compare", "device", "channel", "department",
    "account",
)  # fmt: skip


def panel(state: FunnelState, departments: Sequence[str]) -> Element:
    """The form. `departments` are those that the viewer may choose."""
    services = {"": "Choose a service"} | {
        one.slug: one.name for one in sorted(register.services.values(), key=lambda one: one.name)
    }
    in_sight = [
        div(choice("service", "Service", state.service, services), class_="panel-row__wide"),
        day_field("from", "First day", value(state, "from")), day_field("to", "Last day", value(state, "to")),
    ]  # fmt: skip
    return above.filters(
        PATH, "Drop-offs", in_sight,
        div(text_field("steps", "Steps of your own, such as /apply > /apply/photo > /done/apply", value(state, "steps")), class_="options__wide"),
        choice("mode", "How steps follow", state.mode, MODES),
        text_field("window", "Within so many seconds of the first step", value(state, "window") if state.window else "", inputmode="numeric"),
        text_field("exclude", "Without seeing these pages between", value(state, "exclude")),
        day_field("release", "A release on", value(state, "release")),
        choice("by", "Side by side", state.by, BREAKDOWNS),
        choice("compare", "Compared with", state.compare, COMPARISONS),
        choice("device", "Device", value(state, "device"), {"": "All"} | named(DEVICES)),
        choice("channel", "Channel", value(state, "channel"), {"": "All"} | named(CHANNELS)),
        choice("department", "Sessions that saw pages of", value(state, "department"), {"": "Any department"} | named(departments)),
        choice("account", "Account", state.account, words.ACCOUNTS),
        opened=not state.chosen,
    )  # fmt: skip


def value(state: FunnelState, name: str) -> str:
    """A field as it stands in the address."""
    found = getattr(state, FIELDS[name].of_state)
    return "" if found is None else FIELDS[name].write(found)


def chosen(state: FunnelState) -> tuple[str, ...]:
    """What is set, in words, beside days and account."""
    steps = (f"Steps: {state.steps}",) if state.steps else ()
    return (*steps, *(_said(state, name) for name in _set(state) if name not in {"from", "to"}))


def _set(state: FunnelState) -> list[str]:
    return [name for name in TAGGED if value(state, name) != value(DEFAULT, name)]


def _said(state: FunnelState, name: str) -> str:
    named = {
        "mode": MODES[state.mode],
        "by": BREAKDOWNS[state.by],
        "every": EVERY[state.every],
        "compare": COMPARISONS[state.compare],
    }
    return f"{FIELDS[name].label}: {named.get(name, value(state, name)).replace(',', ', ')}"


def tags(state: FunnelState) -> Element | None:
    """What is set, as tags that can be removed; nothing where nothing is."""

    def without(name: str) -> str:
        attribute = FIELDS[name].of_state
        return replace(state, **{attribute: getattr(DEFAULT, attribute)}).address()

    said = [(_said(state, name), without(name)) for name in _set(state)]
    return above.tags(said, FunnelState(service=state.service, steps=state.steps).address())


def offered(departments: Sequence[str]) -> Element:
    """Every service of the register, by department, to begin with; `departments` are those that the viewer may choose."""
    of = {short: [one for one in register.services.values() if one.department == short] for short in departments}
    return div(
        h2("Choose a service", class_="govuk-heading-m"),
        [
            section(
                h3(short, class_="govuk-heading-s"),
                ul(
                    [li(link(one.name, FunnelState(service=one.slug).address())) for one in services],
                    class_="govuk-list",
                ),
            )
            for short, services in of.items()
            if services
        ],
        class_="answer offered",
    )
