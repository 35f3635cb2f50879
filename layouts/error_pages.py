"""The pages of errors, in the style of the house: what happened, what to do, and a reference."""

from typing import Final

from layouts.components import link
from layouts.markup import div, h1, p, strong
from layouts.shell import Page

TRY_AGAIN: Final = "Try again in a minute. If it happens again, tell the people who run the service the reference."
WORDS: Final = {
    400: ("The request can't be understood", "Check the address, or start again from the first page"),
    401: ("Nobody is signed in", "Choose a person at the top of the page, then open it again"),
    403: ("You can't see this", "Ask the department's data protection contact to be named"),
    404: ("Page not found", "If you typed the address, check it. If you pasted it, check that you copied all of it"),
    405: ("This can't be done here", "Use the links and buttons of the pages"),
    413: ("That is too much at once", "Send at most 256 KB"),
    414: ("The address is too long", "Choose fewer values"),
    415: ("This can't be read", "Send JSON or a form"),
    429: ("Too many questions at once", "Wait a minute, then try again"),
    500: ("Something went wrong", TRY_AGAIN),
    503: ("The question took too long", "Choose fewer days or steps, then try again"),
}


def page(status: int, title: str, detail: str, reference: str) -> Page:
    """The page of one error."""
    said = detail if detail.endswith(".") else f"{detail}."
    main = div(
        h1(title, class_="govuk-heading-l"),
        p(said if detail else WORDS.get(status, WORDS[500])[1], class_="govuk-body"),
        p("Reference: ", strong(reference), class_="govuk-body"),
        p("You can go to the ", link("first page", "/"), " or read how things work under ", link("Definitions", "/definitions"), ".", class_="govuk-body"),
        class_="narrow",
    )  # fmt: skip
    return Page(title=title, main=main, address="/")
