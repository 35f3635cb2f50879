"""Topics in the browser: the list, the page of one, the form that makes or changes one, deleting and undoing."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from flask import Response, g, request
from pydantic import ValidationError

from callbacks import current, figures, forms, shell
from callbacks.files import picture
from callbacks.framed import Framed
from data import access, errors
from data.state import Made, Wish
from layouts import formats, topic, topic_form, topics
from layouts.address import Problem
from layouts.markup import Child, render
from layouts.shell import Page
from layouts.topic import Topical
from layouts.topic_form import Draft, Tried
from queries.answers import Answer
from queries.ask import ask
from queries.page_sets.topics import Catalogue, Definition, Topic

_form: Final = partial(forms.form, topic_form)
MOST_TRIED: Final = 20  # lines that are tried one by one
DRAFT: Final = "a draft"  # no slug has a blank


def listed() -> Response:
    """Every topic that the viewer may see; after deleting, the way back."""
    access.may_make(g.viewer).require()
    name = request.args.get("deleted", "")
    back = next((_of(made) for made in _catalogue().shelf.deleted(g.viewer) if made.slug == name), None)
    return shell.page(Page(topics.TITLE, topics.page(_catalogue().every(), g.viewer, back), "/topics"))


def one(slug: str) -> Response:
    """The page before any figure; Dash asks for those. Raises `NotFound`, `Forbidden`."""
    access.may_make(g.viewer).require()
    _catalogue().find(slug)
    return PAGE.view()


def one_figures(pairs: figures.Pairs) -> Child:
    """The answer of the page, from its address alone."""
    state = _named(topic.Topical.read(pairs)[0])
    split = state.drivers(topic.SHOWN) if state.why and state.compare != "none" else None
    found = topic.Found(
        current.asked("trend", state.question()),
        current.asked("pages", state.summary() | {"limit": topic.PAGES}),
        current.asked("drivers", state.question(measure=state.measure, by="department")),
        {way: current.asked("explore", journey.question()) for way, journey in topic.ways(state).items()},
        current.asked("drivers", split) if split else None,
    )
    return topic.answered(state, found, pictures=picture.possible())


def new() -> Response:
    """The form of a new topic, empty, or of a copy; sent, it is tried or kept."""
    access.may_make(g.viewer).require()
    if request.method == "POST":
        return _sent(topic_form.NEW, None)
    copied = request.args.get("copy", "")
    draft = _draft(_catalogue().find(copied), copied=True) if copied else Draft(pages=request.args.get("pages", ""))
    return _form(draft, topic_form.NEW)


def edit(slug: str) -> Response:
    """The form of a topic that somebody made; sent, it is tried or kept."""
    found = _catalogue().find(slug)
    if found.made is None:
        raise errors.Forbidden("This can't be changed", "Everybody finds this topic here; make a copy of your own")
    access.may_change_made(g.viewer, found.made.audience).require("You can't change this")
    address = f"/topics/{slug}/edit"
    return _sent(address, found.made) if request.method == "POST" else _form(_draft(found, copied=False), address)


def tried() -> Response:
    """What the lines of a form find, as a part of its page."""
    access.may_make(g.viewer).require()
    return Response(render(_tried(Draft.typed(request.form))), mimetype="text/html")


def delete(slug: str) -> Response:
    """Delete a topic, and offer the way back."""
    forms.delete(_catalogue().shelf, slug)
    return forms.go(f"/topics?deleted={slug}")


def restore(slug: str) -> Response:
    """Bring a deleted topic back."""
    _catalogue().shelf.restore(g.viewer, slug)
    return forms.go(f"/topics/{slug}")


def _sent(address: str, before: Made[Definition] | None) -> Response:
    """Try or keep what a form sent; what can't be kept is told at its field, and what was typed stays."""
    draft = Draft.typed(request.form)
    if "try" in request.form:
        return _form(draft, address, tried=_tried(draft))
    try:
        wish = Wish(draft.name, draft.definition(), forms.seen_by(draft.seen_by))
        return forms.go(f"/topics/{forms.keep(_catalogue().shelf, wish, before, draft.revision).slug}")
    except ValidationError as wrong:
        return _form(draft, address, topic_form.problems_of(wrong))
    except (errors.BadRequest, errors.Conflict) as wrong:
        return _form(draft, address, [forms.problem(wrong)], status=wrong.status)


def _tried(draft: Draft) -> Child:
    try:
        whole = draft.definition()
    except ValidationError as wrong:
        return topic_form.wrong(topic_form.problems_of(wrong))
    singly = whole.pages[:MOST_TRIED]
    each = [_finds(line, Definition(pages=(line,)))[0] for line in singly]
    together, answer = _finds("", whole)
    days = formats.period(answer.about.period)
    return topic_form.found(each, together, days, left=len(whole.pages) - len(singly))


def _finds(line: str, definition: Definition) -> tuple[Tried, Answer]:
    draft = {DRAFT: Topic(DRAFT, DRAFT, definition)}
    answer = ask(current.estate(), g.viewer, "pages", {"topic": DRAFT, "limit": 1}, drafts=draft)
    value: Any = answer.value
    return Tried(line, value["total"], value["pages"]), answer


def _draft(found: Topic, *, copied: bool) -> Draft:
    """The form of a topic with the lines that the viewer may see."""
    shown = found.shown_to(g.viewer)
    if shown is None:
        raise errors.Forbidden("You can't copy this", "All of its lines name services that you are not named for")
    return Draft.of(found, shown, copied=copied)


def _read(pairs: figures.Pairs) -> tuple[Topical, tuple[Problem, ...]]:
    """The state of an address that names its topic at its end."""
    state, problems = topic.Topical.read([*pairs, ("topic", request.path.rpartition("/")[2])])
    return _named(state), problems


def _named(state: Topical) -> Topical:
    return replace(state, name=_catalogue().find(state.slug).name)


def _heading(state: Topical, problems: Sequence[Problem]) -> Child:
    return topic.heading(state, _catalogue().find(state.slug), g.viewer, problems)


def _of(made: Made[Definition]) -> Topic:
    return Topic(made.slug, made.name, made.definition, made)


def _catalogue() -> Catalogue:
    return Catalogue(current.estate(), g.viewer)


PAGE: Final = Framed("trend", _read, lambda state: state.name, _heading, one_figures)
_GET: Final = ["GET"]
_POST: Final = ["POST"]
ROUTES: Final = (
    ("/topics", "topics", listed, _GET),
    ("/topics/<slug>", "topic", one, _GET),
    ("/topics/new", "topic_new", new, _GET + _POST),
    ("/topics/<slug>/edit", "topic_edit", edit, _GET + _POST),
    ("/topics/try", "topic_tried", tried, _POST),
    ("/topics/<slug>/delete", "topic_delete", delete, _POST),
    ("/topics/<slug>/restore", "topic_restore", restore, _POST),
)
