"""What the forms of all kinds of things share: keeping a new one or a change, deleting, and where to go then."""

import re
from collections.abc import Sequence
from typing import Any, Final, Protocol, cast, get_args

from flask import Response, g, redirect, request

from callbacks import shell
from data import errors
from data.access import SeenBy, Viewer
from data.state import Made, Shelf, Wish
from layouts.address import Problem
from layouts.markup import Child
from layouts.shell import Page

SEE_OTHER: Final = 303
SCRIPTS: Final = ("vendor/page.js", "making.js")  # of a form that tries what is typed


class Form(Protocol):
    """The layout of a form that tries what is typed; `draft` is a value of its own `Draft`."""

    def title(self, draft: Any, /) -> str:
        """What the form makes or changes."""
        ...

    def page(
        self, draft: Any, viewer: Viewer, address: str, problems: Sequence[Problem] = (), /, *, tried: Child = None
    ) -> Child:
        """The form with what was typed, its problems, and what the lines typed have found."""
        ...


def form(
    layout: Form,
    draft: Any,
    address: str,
    problems: Sequence[Problem] = (),
    *,
    tried: Child = None,
    status: int = 400,
) -> Response:
    """The form as a page; `status` is that of one with problems."""
    main = layout.page(draft, g.viewer, address, problems, tried=tried)
    page = Page(layout.title(draft), main, address, scripts=SCRIPTS, wrong=bool(problems))
    return shell.page(page, status=status if problems else 200)


def keep(shelf: Shelf[Any], wish: Wish[Any], before: Made[Any] | None, revision: int) -> Made[Any]:
    """Make a thing, or change the one that was looked at. Raises `Conflict` where it has moved on since."""
    if before is None:
        return shelf.make(g.viewer, wish)
    return shelf.change(g.viewer, _looked_at(before, revision), wish)


def delete(shelf: Shelf[Any], slug: str) -> Made[Any]:
    """Delete the thing as it was looked at. Raises `NotFound`, `Forbidden`, `Conflict`."""
    return shelf.delete(g.viewer, _looked_at(shelf.find(g.viewer, slug), _revision()))


def problem(wrong: errors.EstateError) -> Problem:
    """What couldn't be kept, as a problem of the form."""
    return Problem(wrong.field or "name", f"{wrong.title}. {wrong.detail}", control=wrong.field is not None)


def seen_by(typed: str) -> SeenBy:
    """Who may see it, as a form said. Raises `BadRequest`."""
    if typed not in get_args(SeenBy):
        raise errors.BadRequest("This can't be chosen", f"Choose one of {', '.join(get_args(SeenBy))}", "seen_by")
    return cast("SeenBy", typed)


def go(address: str) -> Response:
    """Show another page after something was done."""
    answer = redirect(address, code=SEE_OTHER)
    assert isinstance(answer, Response)  # noqa: S101 - Flask's own class, which its types call Werkzeug's
    return answer


def _revision() -> int:
    typed = request.form.get("revision", "")
    if not re.fullmatch(r"\d{1,6}", typed, re.ASCII):
        raise errors.BadRequest("The page that this came from is out of date", "Open it again", "revision")
    return int(typed)


def _looked_at(thing: Made[Any], revision: int) -> Made[Any]:
    """The thing, if it is still the one that the form was made from. Raises `Conflict`."""
    if thing.revision != revision:
        raise errors.Conflict("Somebody else changed this", "Open it again, then make your change anew")
    return thing
