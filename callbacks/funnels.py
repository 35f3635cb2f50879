"""Saved funnels in the browser: the list, one by its address, the form that builds or changes one, deleting and undoing."""

from functools import partial
from typing import Any, Final

from flask import Response, g, request

from callbacks import current, forms, shell
from data import access, errors
from data.state import Made, Shelf, Wish
from layouts import formats, funnel_form, funnel_state, funnels
from layouts.address import Problem
from layouts.funnel_form import Draft, Tried
from layouts.funnel_state import FunnelState
from layouts.markup import Child, render
from layouts.shell import Page
from queries.funnels import funnel_text, saved_funnels
from queries.funnels.funnel_definition import LEAST_STEPS
from queries.funnels.saved_funnels import SavedFunnel

_form: Final = partial(forms.form, funnel_form)
SUGGESTED: Final = 3
LONGEST_ADDRESS: Final = 7_000  # characters: the server takes some 8,000
NAMES_PAGES: Final = frozenset({"exact", "pattern"})


def listed() -> Response:
    """Every saved funnel that the viewer may see; after deleting, the way back."""
    access.may_make(g.viewer).require()
    name = request.args.get("deleted", "")
    back = next((made for made in _shelf().deleted(g.viewer) if made.slug == name), None)
    shown = saved_funnels.readable(current.estate(), g.viewer)
    return shell.page(Page(funnels.TITLE, funnels.page(shown, g.viewer, back), "/funnels"))


def one(slug: str) -> Response:
    """The page of drop-offs that shows it as it is now. Raises `NotFound`, `Forbidden`."""
    return forms.go(funnels.state_of(_found(slug).definition).address())


def new() -> Response:
    """The form of a new funnel: empty, of a copy, or of the steps in the address; sent, it does what was pressed."""
    access.may_make(g.viewer).require()
    if request.method == "POST":
        return _sent(funnel_form.NEW, None)
    if stands := _stands(funnel_form.NEW):
        return stands
    if copied := request.args.get("copy", ""):
        found = _found(copied)
        return _form(Draft.of(funnels.state_of(found.definition), f"Copy of {found.name}"), funnel_form.NEW)
    state, problems = FunnelState.read(request.args.items(multi=True))
    return _form(Draft.of(state), funnel_form.NEW, problems)


def edit(slug: str) -> Response:
    """The form of a saved funnel; sent, it does what was pressed."""
    found = _found(slug)
    access.may_change_made(g.viewer, found.audience).require("You can't change this")
    address = f"/funnels/{slug}/edit"
    if request.method == "POST":
        return _sent(address, found)
    return _stands(address) or _form(_draft(found), address)


def tried() -> Response:
    """What the steps of a form find, as a part of its page."""
    access.may_make(g.viewer).require()
    return Response(render(_tried(Draft.typed(request.form))), mimetype="text/html")


def delete(slug: str) -> Response:
    """Delete a funnel, and offer the way back."""
    forms.delete(_shelf(), slug)
    return forms.go(f"/funnels?deleted={slug}")


def restore(slug: str) -> Response:
    """Bring a deleted funnel back."""
    _shelf().restore(g.viewer, slug)
    return forms.go("/funnels")


def _sent(address: str, before: Made[SavedFunnel] | None) -> Response:
    """Do what was pressed; what can't be done is told at its field, and what was typed stays."""
    draft, act = Draft.typed(request.form), request.form.get("act", "try")
    if act not in {"show", "save"}:
        return _again(draft if act == "try" else draft.acted(act), address)
    try:
        saved = saved_funnels.checked(draft.text(), **_obeyed(draft))
        saved_funnels.require_topics(current.estate(), g.viewer, saved)
        if act == "show":
            return forms.go(draft.state().address())
        made = forms.keep(_shelf(), Wish(draft.name, saved, forms.seen_by(draft.seen_by)), before, draft.revision)
        return forms.go(f"/funnels/{made.slug}")
    except (errors.BadRequest, errors.Conflict) as wrong:
        return _form(draft, address, [_problem(draft, wrong)], status=wrong.status)


def _again(draft: Draft, address: str) -> Response:
    """The form as it stands now, by an address of its own, so that going back in the browser sends nothing twice."""
    there = draft.address(address)
    return forms.go(there) if len(there) <= LONGEST_ADDRESS else _form(draft, address, tried=_tried(draft))


def _stands(address: str) -> Response | None:
    """The form that an address of its own stands for; none where it doesn't."""
    if "count" not in request.args:
        return None
    draft = Draft.typed(request.args)
    return _form(draft, address, tried=_tried(draft))


def _obeyed(draft: Draft) -> dict[str, Any]:
    if draft.window.strip() and not draft.state().window:
        raise errors.BadRequest("The time can't be used", "Type a whole number of seconds, or leave it empty", "window")
    return {"mode": draft.mode, "window": draft.state().window, "exclude": draft.left_out}


def _problem(draft: Draft, wrong: errors.EstateError) -> Problem:
    """What is wrong, at the step or the field that it came from."""
    field, said = wrong.field or "", funnel_state.said(wrong)
    if field.startswith("exclusion"):
        return Problem("exclude", said)
    if field == "topic":
        return Problem(
            f"pages-{next(n for n, step in enumerate(draft.steps, 1) if 'topic:' in step.pages)}", str(wrong)
        )
    if field.startswith("steps"):
        empty = next((n for n, step in enumerate(draft.steps, 1) if not step.pages.strip()), 1)
        place = field.partition("[")[2].partition("]")[0]
        return Problem(f"pages-{int(place) + 1 if place.isdigit() else empty}", said)
    return forms.problem(wrong)


def _tried(draft: Draft) -> Child:
    """What each step finds by itself, the funnel of all of them, and what people open after the last."""
    steps = [one for step in draft.steps for one in step.read()]
    if not steps:
        return None
    try:
        each = [_finds(step) for step in steps]
        counts = _counts(draft, len(steps))
        answer = current.asked("pages", {"limit": 1})
        return funnel_form.found(each, counts, formats.period(answer.about.period), _next(steps))
    except errors.BadRequest as wrong:
        return f"{wrong.title}: {wrong.detail}"


def _finds(step: dict[str, Any]) -> Tried:
    said = funnel_text.write([step])
    if pages := _pages(step):
        value: Any = current.asked("pages", {"page": pages, "limit": 1}).value
        first: dict[str, Any] = value["pages"][0] if value["pages"] else {"page": "", "page_views": 0}
        return Tried(said, value["total"], first["page"], first["page_views"])
    matcher = {name: step[name] for name in ("match", "value", "any") if name in step}
    twice: Any = current.asked("funnel", {"steps": [matcher, {**matcher, "optional": False}], "compare": "none"}).value
    return Tried(said, sessions=twice["counts"][0])


def _counts(draft: Draft, steps: int) -> list[int | None]:
    if steps < LEAST_STEPS:
        return []
    saved = saved_funnels.checked(draft.text(), **_obeyed(draft))
    value: Any = current.asked("funnel", saved.question() | {"compare": "none"}).value
    return list(value["counts"])


def _next(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The pages most often opened right after the last step that names pages, but for those of the funnel."""
    pages = _pages(steps[-1])
    if not pages:
        return []
    value: Any = current.asked("next_pages", {"page": pages, "limit": SUGGESTED + len(steps)}).value
    known = {page for step in steps for page in _pages(step)}
    return [row for row in value["following"] if row["page"] not in known and not row["page"].startswith("(")][
        :SUGGESTED
    ]


def _pages(step: dict[str, Any]) -> list[str]:
    """The pages and patterns of a step; none where it names something else."""
    if step.get("match") not in NAMES_PAGES:
        return []
    return [step["value"]] if isinstance(step["value"], str) else list(step["value"])


def _draft(made: Made[SavedFunnel]) -> Draft:
    draft = Draft.of(funnels.state_of(made.definition), made.name)
    return Draft(**{**vars(draft), "seen_by": made.audience.seen_by, "revision": made.revision})


def _found(slug: str) -> Made[SavedFunnel]:
    found = _shelf().find(g.viewer, slug)
    if not saved_funnels.may_read(g.viewer, found):
        raise errors.Forbidden(
            "You can't see this", "It names pages of services that you are not named for; ask who made it"
        )
    return found


def _shelf() -> Shelf[SavedFunnel]:
    return saved_funnels.shelf(current.estate())


_GET: Final = ["GET"]
_POST: Final = ["POST"]
ROUTES: Final = (
    ("/funnels", "funnels", listed, _GET),
    ("/funnels/<slug>", "funnel", one, _GET),
    ("/funnels/new", "funnel_new", new, _GET + _POST),
    ("/funnels/<slug>/edit", "funnel_edit", edit, _GET + _POST),
    ("/funnels/try", "funnel_tried", tried, _POST),
    ("/funnels/<slug>/delete", "funnel_delete", delete, _POST),
    ("/funnels/<slug>/restore", "funnel_restore", restore, _POST),
)
