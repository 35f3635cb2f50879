"""What every request and every answer is checked for: where it comes from, how big and deep it is, what a browser may do."""

import base64
from collections.abc import Iterable
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Request, Response, current_app

from data import errors
from layouts.shell import START
from queries import parameters

MOST_BYTES: Final = 256 * 1024
MOST_DEPTH: Final = 32
LONGEST_ADDRESS: Final = 8_192  # characters of a path with its query
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
FEATURES: Final = (
    "camera",
    "display-capture",
    "geolocation",
    "microphone",
    "payment",
    "usb",
    "browsing-topics",
    "fullscreen",
)


class MethodNotAllowed(errors.EstateError):
    """A route that exists, asked by a method that it doesn't take; `allowed` are those that it takes."""

    status = 405

    def __init__(self, allowed: Iterable[str]) -> None:
        super().__init__("This can't be done here", "Use the links and buttons of the pages")
        self.allowed = ", ".join(sorted(allowed))


class TooLarge(errors.EstateError):
    """A body over the limit."""

    status = 413


class TooLong(errors.EstateError):
    """An address over the limit."""

    status = 414


def from_here(asked: Request) -> None:
    """Refuse a host name that isn't this machine's, which a rebound name of somebody else's would be."""
    if urlsplit(f"//{asked.host}").hostname not in LOOPBACK:
        raise errors.BadRequest("This name isn't ours", "Open http://127.0.0.1 with the port that the server says")
    if len(asked.full_path) > LONGEST_ADDRESS:
        raise TooLong("The address is too long", "Choose fewer values")


def small_enough(asked: Request) -> None:
    """Refuse a body over 256 KB before reading it; one without a length is cut off there while it is read."""
    if (asked.content_length or 0) > MOST_BYTES:
        raise TooLarge("That is too much at once", f"Send at most {MOST_BYTES // 1024} KB")


def same_origin(asked: Request) -> None:
    """Refuse what another site's page makes a browser send."""
    site = asked.headers.get("Sec-Fetch-Site", "same-origin")
    origin = asked.headers.get("Origin")
    if site not in {"same-origin", "none"} or (origin is not None and origin != asked.host_url.rstrip("/")):
        raise errors.Forbidden("Not from this page", "Another site sent this; open the service itself")


def body(asked: Request) -> Any:
    """The JSON of a request. Raises `BadRequest` where it is none, says something twice, or is over 32 levels deep."""
    value = parameters.of_json(asked.get_data())
    level = [value]
    for _ in range(MOST_DEPTH):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return value
    raise errors.BadRequest("The body is nested too deeply", f"Use at most {MOST_DEPTH} levels")


def _inside(value: object) -> Iterable[object]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def policy(*, figures: bool) -> str:
    """The content security policy of a page; plotly.js and Dash put styles of their own into the page."""
    scripts = " ".join(["'self'", *current_app.config["SCRIPT_HASHES"]])
    styles = "'self' 'unsafe-inline'" if figures else "'self'"
    return (
        f"default-src 'none'; script-src {scripts}; style-src {styles}; img-src 'self' data:; connect-src 'self'; "
        "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
    )


def script_hash(text: str) -> str:
    """The hash by which a policy allows one script in the page."""
    return f"'sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}'"


START_HASH: Final = script_hash(START)


def headers(answer: Response, *, figures: bool) -> Response:
    """What every answer carries."""
    answer.headers.update({
        "Content-Security-Policy": policy(figures=figures),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",  # with less, a browser hides where its own forms come from
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": ", ".join(f"{feature}=()" for feature in FEATURES),
    })  # fmt: skip
    answer.headers.setdefault("Cache-Control", "no-store")
    answer.headers["Server"] = ""  # granian would put its own name where there is none
    return answer
