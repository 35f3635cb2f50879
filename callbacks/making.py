"""What the forms of all kinds of things share: keeping a new one or a change, deleting, and where to go then."""

import re
from typing import Any, Final, cast, get_args

from flask import Response, g, redirect, request

from data import errors
from data.access import SeenBy
from data.state import Made, Shelf, Wish
from layouts.address import Problem

SEE_OTHER: Final = 303


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
