"""A set of pages as people write it in one field: told apart by how it reads, or by the word before its colon."""

import re
from typing import Any, Final

from data import clean, errors
from data.register import register

THEN: Final = " > "  # between the pages of a sequence
KINDS: Final = {
    "exact": "One exact page", "pattern": "Pattern with *", "regex": "Regular expression", "sequence": "Pages one after another",
    "service": "Service", "service_start": "Start pages of a service", "service_end": "End pages of a service",
    "department": "Department", "document_type": "Document type", "topic": "Topic",
}  # fmt: skip
_SAID: Final = re.compile(rf"({'|'.join(KINDS).replace('_', '[_ ]')}): *(?=\S)", re.IGNORECASE)
_EXPRESSION: Final = re.compile(r"\^|.*\$$")
HELP: Final = (
    "should be a page such as /vehicle-tax, a pattern such as /vat/*, pages with > between them, a service, a department or, "
    "after regex:, a regular expression"
)


def definition(text: str, kind: str = "") -> dict[str, Any]:
    """The definition that a text stands for, read as `kind` or as it is written. Raises `ValueError` with what would do."""
    match, value = _told_apart(text.strip(), kind)
    if match == "sequence":
        return {"match": match, "value": [part.strip() for part in value.split(THEN)]}
    return {"match": match, "value": _CHECKS.get(match, str)(value)}


def kind_of(text: str, kind: str = "") -> str:
    """How a text is read: as `kind` if that says something, else as it is written; what can't be read is a page."""
    try:
        return _told_apart(text.strip(), kind)[0]
    except ValueError:
        return "exact"


def written(kind: str, value: str) -> str:
    """The text that is read as this definition again, as short as it can be."""
    return value if kind_of(value) == kind else f"{kind}:{value}"


def _told_apart(text: str, kind: str) -> tuple[str, str]:
    said = _SAID.match(text)
    if said:
        return said[1].lower().replace(" ", "_"), text[said.end() :]
    return kind or _as_it_reads(text), text


def _as_it_reads(text: str) -> str:
    """What a text is by its form alone, then by the names that the register knows."""
    looks = {
        "sequence": THEN in text,
        "regex": bool(_EXPRESSION.match(text)),
        "pattern": "*" in text,
        "exact": "/" in text,
    }
    found = next((kind for kind, fits in looks.items() if fits), None)
    if found:
        return found
    if text in register.services:
        return "service"
    if _known_department(text):
        return "department"
    if not clean.page(text)[0]:
        raise ValueError(HELP)
    return "exact"


def _known_department(text: str) -> bool:
    try:
        return bool(register.department(text[:60]))
    except errors.UnknownDepartment:
        return False


def _department(text: str) -> str:
    try:
        return str(register.department(text[:60]).short)
    except errors.UnknownDepartment:
        raise ValueError("should be the short name of a department, such as HMRC") from None


def _service(text: str) -> str:
    if text not in register.services:
        raise ValueError(f"should be a service as the register names it, such as {next(iter(register.services))}")
    return text


_CHECKS: Final = {"department": _department, "service": _service, "service_start": _service, "service_end": _service}
