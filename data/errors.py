"""Everything that can go wrong on purpose, as one tree. Each error says what is wrong and what to do.

EstateError
├── BadRequest          400: a value that was asked with
│   └── UnknownDepartment
├── SignInNeeded        401
├── Forbidden           403: with the reason of the verdict
├── NotFound            404
├── Conflict            409: somebody else was faster
├── TooBusy             429
├── TookTooLong         503: stopped at its time limit
├── TooLarge            503: stopped at the limit of memory
├── WrongCall           the command line was called wrongly (exit 2)
├── Refused             an extract that is turned away whole, with its reason code
└── Untrusted           the home: a key, a hash, a signature or a counter that doesn't fit
"""


class EstateError(Exception):
    """`title` is a short line for people, `detail` says what to do, `field` names the value at fault."""

    status = 500

    def __init__(self, title: str, detail: str = "", field: str | None = None) -> None:
        super().__init__(f"{title}. {detail}" if detail else title)
        self.title = title
        self.detail = detail
        self.field = field


class BadRequest(EstateError):
    """A value in a question that can't be used."""

    status = 400


class UnknownDepartment(BadRequest):
    """A department's short name that the register doesn't hold."""


class SignInNeeded(EstateError):
    """Nobody is signed in."""

    status = 401


class Forbidden(EstateError):
    """The viewer may not see this; the detail is the verdict's reason."""

    status = 403


class NotFound(EstateError):
    """There is nothing of this name."""

    status = 404


class Conflict(EstateError):
    """What is to be changed was changed by somebody else meanwhile."""

    status = 409


class TooBusy(EstateError):
    """Too many questions at once."""

    status = 429


class TookTooLong(EstateError):
    """A question stopped at its time limit."""

    status = 503


class TooLarge(EstateError):
    """A question or an import that needs more memory than it may take."""

    status = 503


class WrongCall(EstateError):
    """A command line that can't be carried out as typed."""


class Refused(EstateError):
    """An extract turned away whole; `reason` is its code in the audit log, such as `gzip_truncated`."""

    def __init__(self, reason: str, title: str, detail: str = "") -> None:
        super().__init__(title, detail)
        self.reason = reason


class Untrusted(EstateError):
    """A file of the home that can't be trusted: wrong key, changed byte, swapped block or older version."""
