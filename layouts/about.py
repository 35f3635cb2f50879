"""The pages about the service itself: what the words mean, and how accessible it is."""

from layouts import measures, words
from layouts.components import link
from layouts.markup import Child, Element, dd, div, dl, dt, h1, h2, li, p, ul
from layouts.shell import Page

TITLE = "Definitions: how numbers are counted"


def definitions() -> Page:
    """How numbers are counted, and every word."""
    listed = [
        (
            dt(word, class_="govuk-summary-list__key", id=word.lower().replace(" ", "-")),
            dd(told, class_="govuk-summary-list__value"),
        )
        for word, told in words.ALL_WORDS.items()
    ]
    rows = [div(pair, class_="govuk-summary-list__row") for pair in listed]
    main = _page(
        TITLE,
        [p(told, class_="govuk-body") for told in words.COUNTED],
        _part("Words", dl(rows, class_="govuk-summary-list")),
    )
    tables: list[Child] = [_part("Measures", measures.measures()), measures.breaks()]
    return Page(TITLE, [main, tables], "/definitions")


def accessibility() -> Page:
    """The accessibility statement."""
    main = _page(
        "Accessibility statement",
        [p(told, class_="govuk-body") for told in words.STANDARD],
        _part("What works", _bullets(words.WORKS)),
        _part("What doesn't, and what stands instead", _bullets(words.LIMITS)),
        _part("How it was tested", p(words.TESTED, class_="govuk-body")),
        _part("If something doesn't work for you", p(
            "Tell the people who gave you the service. What the words mean is under ", link("Definitions", "/definitions"), ".",
            class_="govuk-body",
        )),
    )  # fmt: skip
    return Page("Accessibility statement", main, "/accessibility")


def _page(title: str, *parts: Child) -> Element:
    return div(h1(title, class_="govuk-heading-l"), parts, class_="narrow")


def _part(title: str, *inside: Child) -> list[Child]:
    return [h2(title, class_="govuk-heading-m"), inside]


def _bullets(lines: tuple[str, ...]) -> Element:
    return ul([li(line) for line in lines], class_="govuk-list govuk-list--bullet")
