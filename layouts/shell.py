"""The shell that every page is rendered in on the server: what is there before any script or figure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Final

from data import access
from data.access import Viewer
from layouts import ids, words
from layouts.markup import (
    Child,
    Element,
    a,
    button,
    details,
    div,
    footer,
    form,
    input_,
    label,
    li,
    main,
    nav,
    noscript,
    option,
    p,
    render,
    section,
    select,
    span,
    strong,
    summary,
    ul,
)

NAVIGATION: Final = (  # groups of the menu, each with its name: from the whole to what people did
    (
        "The estate",
        {"/estate": "Estate", "/review": "Review", "/departments": "Departments", "/coverage": "Coverage"},
    ),
    ("Services", {"/service": "My service", "/services": "Services"}),
    (
        "What people did",
        {
            "/journeys": "Journeys",
            "/drop-offs": "Drop-offs",
            "/pages": "Pages",
            "/searches": "Searches",
            "/handovers": "Handovers",
            "/topics": "Topics",
        },
    ),
)
FOOTER: Final = {
    "/definitions": "Definitions",
    "/funnels": "Saved funnels",
    "/annotations": "Annotations",
    "/alerts": "Alerts",
    "/accessibility": "Accessibility statement",
}
EARLY: Final = '<link rel="preload" as="fetch" crossorigin href="/_dash-layout"><link rel="preload" as="fetch" crossorigin href="/_dash-dependencies">'
START: Final = 'document.body.className += " js-enabled govuk-frontend-supported";'  # its hash stands in the policy


@dataclass(frozen=True)
class Page:
    """What a page puts into the shell. `figures` is Dash's part of the HTML, the rest are addresses."""

    title: str
    main: Child
    address: str  # where the person switch comes back to
    styles: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    icon: str = ""
    plotly: str = ""  # our build of plotly.js, where charts come
    figures: Mapping[str, str] = field(default_factory=dict)
    wrong: bool = False


def document(page: Page, viewer: Viewer | None, *, demonstration: bool) -> str:
    """The page as a whole HTML document."""
    title = escape(f"{'Error: ' if page.wrong else ''}{page.title} – {words.SERVICE}")
    links = "".join(f'<link rel="stylesheet" href="{escape(href)}">' for href in page.styles)
    scripts = "".join(f'<script src="{escape(src)}" defer></script>' for src in page.scripts)
    if page.plotly:  # read while the figures are asked for, not after
        scripts += f'<script id="{ids.PLOTLY}" src="{escape(page.plotly)}" defer></script>'
    body = render(
        a("Skip to main content", href=f"#{ids.MAIN}", class_="govuk-skip-link", data_module="govuk-skip-link"),
        Element(
            "header",
            {"class": "govuk-template__header"},
            (_top(viewer, page, demonstration), _navigation(page), _banner(demonstration)),
        ),
        div(
            _without_script() if page.scripts or page.figures else None,
            main(page.main, id=ids.MAIN, class_="govuk-main-wrapper"),
            class_="govuk-width-container",
        ),
    )
    early = EARLY if page.figures else ""
    dash = "".join(page.figures.get(part, "") for part in ("config", "scripts", "renderer"))
    return (
        '<!DOCTYPE html><html lang="en" class="govuk-template govuk-template--rebranded"><head><meta charset="utf-8">'
        f'<title>{title}</title><meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="theme-color" content="#0b0c0c"><link rel="icon" type="image/svg+xml" href="{escape(page.icon)}">{early}{links}{scripts}</head>'
        f'<body class="govuk-template__body"><script>{START}</script>{body}{render(_footer())}{dash}</body></html>'
    )


def _top(viewer: Viewer | None, page: Page, demonstration: bool) -> Element:  # noqa: FBT001 - the mode
    name = a(words.SERVICE, href="/", class_="govuk-generic-header__homepage-link")
    logo = div(name, class_="govuk-generic-header__logo")
    person = _person(viewer, page.address) if demonstration else None
    container = div(logo, person, class_="govuk-generic-header__container govuk-width-container top")
    return div(container, class_="govuk-generic-header")


def _person(viewer: Viewer | None, address: str) -> Element:
    nobody = None if viewer else option("Choose a person", value="", selected=True)
    people = [
        option(person.title, value=name, selected=viewer is not None and name == viewer.person)
        for name, person in access.PEOPLE.items()
    ]
    return form(
        label("Looking as", for_="person", class_="person__label"),
        select(nobody, people, id="person", name="person", class_="person__choice"),
        input_(type="hidden", name="next", value=address),
        button("Switch", span(" person", class_="govuk-visually-hidden"), type="submit", class_="person__switch"),
        method="post", action="/person", class_="person", autocomplete="off",
    )  # fmt: skip


def _navigation(page: Page) -> Element:
    here = page.address.partition("?")[0]
    groups = [
        ul(
            [_item(href, said, _current(href, here)) for href, said in entries.items()],
            class_="govuk-service-navigation__list menu__group",
            aria_label=name,
        )
        for name, entries in NAVIGATION
    ]
    folded = details(summary("Menu", class_="fold__name"), div(groups, class_="menu"), class_="fold")
    listed = nav(folded, aria_label="Menu", class_="govuk-service-navigation__wrapper")
    container = div(div(listed, class_="govuk-service-navigation__container"), class_="govuk-width-container")
    return section(container, class_="govuk-service-navigation", aria_label="Service information")


def _current(href: str, here: str) -> str | None:
    """Whether an entry is the page at hand, or one that the page belongs to."""
    return "page" if here == href else "true" if here.startswith(f"{href}/") else None


def _item(href: str, said: str, current: str | None) -> Element:
    inside: Child = strong(said, class_="govuk-service-navigation__active-fallback") if current else said
    to = a(inside, href=href, class_="govuk-service-navigation__link", aria_current=current)
    return li(
        to, class_=f"govuk-service-navigation__item{' govuk-service-navigation__item--active' if current else ''}"
    )


def _banner(demonstration: bool) -> Element:  # noqa: FBT001 - the mode
    said = f"{words.DEMONSTRATION} {words.THIS_MACHINE}" if demonstration else words.THIS_MACHINE
    tag = strong(words.PHASE, class_="govuk-tag govuk-phase-banner__content__tag")
    inside = p(tag, span(said, class_="govuk-phase-banner__text"), class_="govuk-phase-banner__content")
    return div(inside, class_="govuk-phase-banner govuk-width-container")


def _without_script() -> Element:
    """What is said where scripts are off."""
    return noscript(div(words.NEEDS_SCRIPT, class_="govuk-inset-text"))


def _footer() -> Element:
    links = [li(a(said, href=href, class_="govuk-link govuk-link--no-visited-state")) for href, said in FOOTER.items()]
    told = p(
        "Figures count people who accepted analytics cookies. Nothing here is about a person.", class_="govuk-body-s"
    )
    inside = div(ul(links, class_="foot__links"), told, class_="govuk-width-container")
    return footer(inside, class_="govuk-template__footer foot")
