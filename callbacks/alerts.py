"""Alerts in the browser: the list of rules, the form that makes one, deleting and undoing, and those raised on a page."""

from typing import TYPE_CHECKING, Final

from flask import Response, g, request

from callbacks import current, forms, shell
from data import access, errors
from data.state import Wish
from layouts import alerts
from layouts.alerts import NEW, Draft
from layouts.markup import Element
from layouts.shell import Page
from queries.funnels import funnel_text, saved_funnels, watching

if TYPE_CHECKING:
    from collections.abc import Sequence

    from data.state import Made
    from layouts.address import Problem
    from queries.funnels.saved_funnels import SavedFunnel

FORM: Final = ("vendor/page.js", "making.js")


def listed() -> Response:
    """Every rule that the viewer may see; after deleting, the way back."""
    access.may_make(g.viewer).require()
    shelf, name = watching.shelf(current.estate()), request.args.get("deleted", "")
    back = next((made for made in shelf.deleted(g.viewer) if made.slug == name), None)
    names = {slug: made.name for slug, made in _funnels().items()}
    return shell.page(Page(alerts.TITLE, alerts.page(shelf.visible(g.viewer), names, g.viewer, back), "/alerts"))


def new() -> Response:
    """The form of a new rule; sent, it is kept."""
    access.may_make(g.viewer).require()
    return _sent() if request.method == "POST" else _form(Draft(funnel=request.args.get("funnel", "")))


def delete(slug: str) -> Response:
    """Delete a rule, and offer the way back."""
    forms.delete(watching.shelf(current.estate()), slug)
    return forms.go(f"/alerts?deleted={slug}")


def restore(slug: str) -> Response:
    """Bring a deleted rule back."""
    watching.shelf(current.estate()).restore(g.viewer, slug)
    return forms.go("/alerts")


def raised() -> Element | None:
    """The alerts that are raised now, for another page; nothing where the viewer sees no rule."""
    return alerts.part(current.asked("alerts", {})) if watching.visible(current.estate(), g.viewer) else None


def _sent() -> Response:
    draft = Draft.typed(request.form)
    funnel = _funnels().get(draft.funnel)
    if problems := draft.problems(len(funnel_text.read(funnel.definition.steps)) if funnel else 0):
        return _form(draft, problems)
    try:
        watching.shelf(current.estate()).make(g.viewer, Wish(draft.name, draft.made(), forms.seen_by(draft.seen_by)))
    except errors.BadRequest as wrong:
        return _form(draft, [forms.problem(wrong)])
    return forms.go("/alerts")


def _form(draft: Draft, problems: "Sequence[Problem]" = ()) -> Response:
    names = {slug: made.name for slug, made in _funnels().items()}
    page = Page(
        "Make an alert", alerts.form_page(draft, g.viewer, names, problems), NEW, scripts=FORM, wrong=bool(problems)
    )
    return shell.page(page, status=400 if problems else 200)


def _funnels() -> "dict[str, Made[SavedFunnel]]":
    """The saved funnels that the viewer may read, by slug."""
    return {made.slug: made for made in saved_funnels.readable(current.estate(), g.viewer)}


ROUTES: Final = (
    ("/alerts", "alerts", listed, ["GET"]),
    ("/alerts/new", "alert_new", new, ["GET", "POST"]),
    ("/alerts/<slug>/delete", "alert_delete", delete, ["POST"]),
    ("/alerts/<slug>/restore", "alert_restore", restore, ["POST"]),
)
