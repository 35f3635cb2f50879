"""Annotations in the browser: the list, the form that makes or changes one, deleting and undoing."""

from typing import TYPE_CHECKING, Final

from flask import Response, g, request

from callbacks import current, forms, shell
from data import access, errors
from data.state import Made, Shelf, Wish
from layouts import annotations
from layouts.address import Problem
from layouts.annotations import NEW, Draft
from layouts.shell import Page
from queries.trends import noted
from queries.trends.noted import Annotation

if TYPE_CHECKING:
    from collections.abc import Sequence

FORM: Final = ("vendor/page.js", "making.js")


def listed() -> Response:
    """Every note that the viewer may see, by its days; after deleting, the way back."""
    access.may_make(g.viewer).require()
    name = request.args.get("deleted", "")
    back = next((made for made in _shelf().deleted(g.viewer) if made.slug == name), None)
    notes = noted.ordered(_shelf().visible(g.viewer))
    return shell.page(Page(annotations.TITLE, annotations.page(notes, g.viewer, back), "/annotations"))


def new() -> Response:
    """The form of a new note; sent, it is kept."""
    access.may_make(g.viewer).require()
    draft = Draft(first_day=request.args.get("day", ""))
    return _sent(NEW, None) if request.method == "POST" else _form(draft, NEW)


def edit(slug: str) -> Response:
    """The form of a note that somebody made; sent, it is kept."""
    found = _shelf().find(g.viewer, slug)
    access.may_change_made(g.viewer, found.audience).require("You can't change this")
    address = f"/annotations/{slug}/edit"
    return _sent(address, found) if request.method == "POST" else _form(Draft.of(found), address)


def delete(slug: str) -> Response:
    """Delete a note, and offer the way back."""
    forms.delete(_shelf(), slug)
    return forms.go(f"/annotations?deleted={slug}")


def restore(slug: str) -> Response:
    """Bring a deleted note back."""
    _shelf().restore(g.viewer, slug)
    return forms.go("/annotations")


def _sent(address: str, before: Made[Annotation] | None) -> Response:
    """Keep what a form sent; what can't be kept is told at its field, and what was typed stays."""
    draft = Draft.typed(request.form)
    if problems := draft.problems():
        return _form(draft, address, problems)
    try:
        if draft.department:
            access.may_see_services(g.viewer, draft.department).require()
        wish = Wish(draft.name, draft.annotation(g.viewer), forms.seen_by(draft.seen_by))
        forms.keep(_shelf(), wish, before, draft.revision)
    except (errors.BadRequest, errors.Conflict) as wrong:
        return _form(draft, address, [forms.problem(wrong)], status=wrong.status)
    except ValueError:
        return _form(draft, address, [Problem("department", "Choose a department of the list")])
    return forms.go("/annotations")


def _form(draft: Draft, address: str, problems: "Sequence[Problem]" = (), *, status: int = 400) -> Response:
    main = annotations.form_page(draft, g.viewer, address, current.own_departments(), problems=problems)
    page = Page(annotations.title(draft), main, address, scripts=FORM, wrong=bool(problems))
    return shell.page(page, status=status if problems else 200)


def _shelf() -> Shelf[Annotation]:
    return noted.shelf(current.estate())


_GET: Final = ["GET"]
_POST: Final = ["POST"]
ROUTES: Final = (
    ("/annotations", "annotations", listed, _GET),
    ("/annotations/new", "annotation_new", new, _GET + _POST),
    ("/annotations/<slug>/edit", "annotation_edit", edit, _GET + _POST),
    ("/annotations/<slug>/delete", "annotation_delete", delete, _POST),
    ("/annotations/<slug>/restore", "annotation_restore", restore, _POST),
)
