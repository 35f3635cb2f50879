"""The memorandums as the register holds them: who signed when, and what each allows. No figure is in it."""

from collections.abc import Iterable
from datetime import date

from data.register import register
from data.register.records import Agreement
from layouts import formats
from layouts.components import figures, more
from layouts.markup import Child, Element, dd, div, dl, dt, li, p, section, ul

HEAD = ("Department", "Sent", "Signed", "Ended", "Kept for", "Contact")


def listed(agreements: Iterable[Agreement]) -> Element:
    """A table of dates, and what they allow under it."""
    known = sorted(agreements, key=lambda one: (one.signed is None, one.department.casefold()))
    rows: list[list[Child]] = [
        [
            one.department, formats.day(one.sent), _day(one.signed, "not signed"), _day(one.ended, "in force" if one.signed else ""),
            formats.counted(one.retention_months, "month"), one.contact,
        ]
        for one in known
    ]  # fmt: skip
    table = figures("Memorandums", HEAD, rows, numbers=frozenset())
    return section(
        table, *[more(f"What it allows: {formats.listed(names)}", _allowed(one)) for one, names in _alike(known)]
    )


def register_of_memorandums() -> Element:
    """All of them."""
    return listed(register.agreements)


def _day(value: date | None, otherwise: str) -> str:
    return formats.day(value) if value else otherwise


def _alike(known: list[Agreement]) -> list[tuple[Agreement, list[str]]]:
    """Memorandums that allow the same, told once with their departments."""
    found: dict[tuple[object, ...], list[Agreement]] = {}
    for one in known:
        found.setdefault((one.purposes, one.fields, one.legal_basis, one.retention_months), []).append(one)
    return [(same[0], [one.department for one in same]) for same in found.values()]


def _allowed(one: Agreement) -> Element:
    """Purposes, fields, legal basis and how long it is kept."""
    parts: list[tuple[str, Child]] = [
        ("What for", ul([li(purpose) for purpose in one.purposes], class_="govuk-list govuk-list--bullet")),
        ("What is held", ul([li(field) for field in one.fields], class_="govuk-list govuk-list--bullet")),
        ("Legal basis", p(one.legal_basis or "not recorded")),
        ("Kept for", p(formats.counted(one.retention_months, "month"))),
    ]
    rows = [
        div(
            dt(said, class_="govuk-summary-list__key"),
            dd(told, class_="govuk-summary-list__value"),
            class_="govuk-summary-list__row",
        )
        for said, told in parts
    ]
    return dl(rows, class_="govuk-summary-list")
