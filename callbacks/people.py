"""Who is asking. In the demonstration a mock person is chosen in the header; sign-in will take this module's place."""

import re
from typing import Final
from urllib.parse import urlsplit

from flask import Request, Response, current_app, redirect, request

from data import access, errors
from data.access import Viewer
from data.settings import Settings

COOKIE: Final = "person"
HEADER: Final = "X-Demo-Person"
HOME: Final = "/"
KEPT_SECONDS: Final = 8 * 3600


def viewer(asked: Request, settings: Settings) -> Viewer:
    """The person of a request. Raises `BadRequest` for a header, `SignInNeeded` for a cookie that names nobody.

    Outside the demonstration no mock person exists. Whoever sits at this machine, the only one that can reach the
    server, is its operator with the key, and sees what the command line shows by default.
    """
    if settings.mode != "demonstration":
        return access.person(access.DEFAULT_PERSON)
    if named := asked.headers.get(HEADER):
        return access.person(named)
    name = asked.cookies.get(COOKIE, access.DEFAULT_PERSON)
    if name not in access.PEOPLE:
        raise errors.SignInNeeded("Nobody is signed in", "Choose a person at the top of the page, then open it again")
    return access.person(name)


def known(asked: Request, settings: Settings) -> Viewer | None:
    """The person of a request that needs none, if it names one."""
    try:
        return viewer(asked, settings)
    except errors.EstateError:
        return None


def switch() -> Response:
    """Remember the chosen mock person and go back to the page that the form stood on."""
    settings: Settings = current_app.config["SETTINGS"]
    if settings.mode != "demonstration":
        raise errors.NotFound("There is no page here", "Mock people exist in the demonstration only")
    person = access.person(request.form.get("person", ""))
    answer = redirect(local(request.form.get("next", HOME)), code=303)
    answer.set_cookie(COOKIE, person.person, max_age=KEPT_SECONDS, httponly=True, samesite="Strict", path="/")
    assert isinstance(answer, Response)  # noqa: S101 - Flask's own class, which its types call Werkzeug's
    return answer


def local(address: str) -> str:
    """The address if it is a path of this service, else the first page."""
    parts = urlsplit(address)
    usable = re.fullmatch(r"/[^\\\s\x00-\x1f\x7f]*", address) and not address.startswith("//")
    return address if usable and not parts.scheme and not parts.netloc else HOME
