"""The list of funnels that people saved, each with its steps and what can be done with it."""

from collections.abc import Sequence
from typing import Final

from data import access
from data.access import Viewer
from data.state import Made
from layouts import formats, forms, funnel_form, page_top
from layouts.components import link, more
from layouts.funnel_state import FunnelState
from layouts.markup import Child, Element, div, h2, li, p, section, ul
from queries.funnels.saved_funnels import SavedFunnel

TITLE: Final = "Saved funnels"
LEAD: Final = (
    "Funnels that you or your colleagues built. Every service of the register has one to begin with under Drop-offs."
)
Saved = Made[SavedFunnel]


def page(funnels: Sequence[Saved], viewer: Viewer, deleted: Saved | None) -> Child:
    """What was just deleted, if anything, and every saved funnel that the viewer may see."""
    return [
        forms.deleted(deleted, "/funnels"),
        page_top.heading(TITLE, LEAD),
        div(
            link("Build a funnel", "/funnels/new", class_="govuk-button", role="button"),
            link("Alerts on saved funnels", "/alerts", class_="govuk-button govuk-button--secondary", role="button"),
            class_="govuk-button-group",
        ),
        ul([li(_funnel(one, viewer), class_="saved") for one in funnels], class_="saved-list") if funnels else p("Nobody saved one yet.", class_="govuk-body"),
    ]  # fmt: skip


def state_of(funnel: SavedFunnel) -> FunnelState:
    """The page that shows a saved funnel."""
    return FunnelState(steps=funnel.steps, mode=funnel.mode, window=funnel.window, exclude=funnel.exclude)


def same(funnels: Sequence[Saved], state: FunnelState) -> Saved | None:
    """The one of saved funnels that a page shows, whatever its days and filters; none where nobody saved it."""
    looked_at = (state.steps, state.mode, state.window, state.exclude)
    whole = [(one.steps, one.mode, one.window, one.exclude) for one in (state_of(made.definition) for made in funnels)]
    return funnels[whole.index(looked_at)] if looked_at in whole else None


def ways(state: FunnelState, saved: Saved | None, viewer: Viewer) -> Element:
    """From a funnel that is looked at, `saved` under a name or not, to watching it, changing it or building one, and to the saved."""
    items = [
        li(link(f"Watch “{saved.name}”", _watch(saved))) if saved else None,
        li(_change(state, saved, viewer)) if state.chosen else None,
        li(link("Build a funnel", funnel_form.NEW)),
        li(link("Saved funnels", "/funnels")),
    ]
    return ul(items, class_="files ways", aria_label="Funnels")


def _change(state: FunnelState, saved: Saved | None, viewer: Viewer) -> Element:
    if saved and access.may_change_made(viewer, saved.audience):
        return link(f"Change “{saved.name}”", f"/funnels/{saved.slug}/edit")
    return link("Change or save these steps", state.address(funnel_form.NEW))


def _watch(made: Saved) -> str:
    return f"/alerts/new?funnel={made.slug}"


def _funnel(made: Saved, viewer: Viewer) -> Element:
    to = f"/funnels/{made.slug}"
    may_change = bool(access.may_change_made(viewer, made.audience))
    actions = div(
        link("Change it", f"{to}/edit", class_="govuk-button govuk-button--secondary", role="button") if may_change else None,
        link("Copy it", f"/funnels/new?copy={made.slug}", class_="govuk-button govuk-button--secondary", role="button"),
        link("Watch it", _watch(made), class_="govuk-button govuk-button--secondary", role="button"),
        forms.pressed("Delete it", f"{to}/delete", made.revision, kind="warning") if may_change else None,
        class_="govuk-button-group",
    )  # fmt: skip
    whose, changed = forms.whose(made.audience, viewer), formats.day(made.changed.date())
    return section(
        h2(link(made.name, to), class_="govuk-heading-m"),
        p(formats.breakable(made.definition.steps), class_="govuk-body"),
        p(f"Made by {whose[:1].lower()}{whose[1:]}, last changed on {changed}.", class_="govuk-body-s"),
        more(f"What can be done with {made.name}", actions),
    )  # fmt: skip
