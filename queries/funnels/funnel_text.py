"""Funnels as people read and type them: `Start: /apply | /renew > /apply/photo (optional) > Done: service_end:renew-passport`.

Steps stand between ` > `, what any of a step's page views may match between ` | `. A name ends in `: `. What isn't a page or a
pattern says its kind in front, without a blank. A `>`, `|` or `%` inside a value is written as in an address: `%3E`, `%7C`, `%25`.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from data.register import register

Step = dict[str, Any]
THEN: Final = " > "
OR: Final = " | "
OPTIONAL: Final = " (optional)"
KINDS: Final = (
    "regex",
    "topic",
    "service",
    "service_start",
    "service_end",
    "department",
    "document_type",
    "organisation",
)
_KIND: Final = re.compile(rf"({'|'.join(KINDS)}):(?! )(.+)", re.DOTALL)
_NAME: Final = re.compile(r"(?P<name>[^/*]{1,200}?): (?P<rest>.+)", re.DOTALL)
_CODES: Final = {sign: f"%{ord(sign):02X}" for sign in "%>|:(/*"}
_SIGNS: Final = {code: sign for sign, code in _CODES.items()}
_IN_NAMES: Final = re.compile("[%>|:(/*]")
_IN_VALUES: Final = re.compile(r"[%>|]|:(?= )|\((?=optional\)$)")


def read(text: str) -> list[Step]:
    """The steps that a text stands for, as the API takes them."""
    return [_step(part.strip()) for part in re.split(r"\s+>\s+|^>\s+|\s+>$", text.strip())]


def _step(text: str) -> Step:
    optional = text.endswith(OPTIONAL)
    text = text.removesuffix(OPTIONAL)
    named = None if _KIND.fullmatch(text) else _NAME.fullmatch(text)
    matchers = [_matcher(part.strip()) for part in re.split(r"\s+\|\s+", named["rest"] if named else text)]
    kinds = {matcher["match"] for matcher in matchers}
    some = (
        {"match": matchers[0]["match"], "value": [one["value"] for one in matchers]}
        if len(kinds) == 1
        else {"any": matchers}
    )
    return {**({"name": _plain(named["name"])} if named else {}), **some, **({"optional": True} if optional else {})}


def _matcher(text: str) -> Step:
    kind = _KIND.fullmatch(text)
    value = _plain(kind[2] if kind else text)
    return (
        {"match": kind[1], "value": value}
        if kind
        else {"match": "pattern" if "*" in value else "exact", "value": value}
    )


def _plain(text: str) -> str:
    return re.sub("|".join(_SIGNS), lambda found: _SIGNS[found[0]], text)


def _escaped(text: str, signs: re.Pattern[str]) -> str:
    return signs.sub(lambda found: _CODES[found[0]], text)


def write(steps: Iterable[Mapping[str, Any]]) -> str:
    """The text of steps, which `read` reads."""
    return THEN.join(map(_written, steps))


def _written(step: Mapping[str, Any]) -> str:
    matchers = step.get("any") or [step]
    said = OR.join(_said(one["match"], value) for one in matchers for value in _values(one["value"]))
    name = f"{_escaped(step['name'], _IN_NAMES)}: " if step.get("name") else ""
    return f"{name}{said}{OPTIONAL if step.get('optional') else ''}"


def _values(value: object) -> list[str]:
    return [value] if isinstance(value, str) else list(value)  # type: ignore[call-overload]


def _said(match: str, value: str) -> str:
    escaped = _escaped(value, _IN_VALUES)
    return f"{match}:{escaped}" if match in KINDS else escaped


def of_service(slug: str) -> list[Step]:
    """The ready-made funnel of a service of the register: where people start, the steps that are known, the end."""
    service = register.service(slug)
    start = (
        [{"name": "Start page", "match": "exact", "value": list(service.start_pages)}] if service.start_pages else []
    )
    known = [{"name": step.name, "match": "exact", "value": list(step.pages)} for step in service.steps]
    inside = [{"name": "In the service", "match": "pattern", "value": list(service.patterns)}] if not known else []
    end = [{"name": "Done", "match": "exact", "value": list(service.end_pages)}] if service.end_pages else []
    steps = [*start, *(known or inside), *end]
    return steps if len(steps) > 1 else [*steps, *({**one, "name": "Another page of it"} for one in steps)]
