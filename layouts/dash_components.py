"""The two components of Dash that pages with figures are made of; assets/figures.js is their part in the browser.

A table as Dash's own components is a thousand of them, each told of every change: 0.5 seconds of a browser's time for the
Estate page. As HTML that the server wrote it is one.
"""

from dash.development.base_component import Component


class Address(Component):
    """Where the browser is: `pathname` and `search`, as a browser has them."""

    _namespace = "estate"
    _type = "Address"
    _prop_names = available_properties = ["id", "pathname", "search"]  # noqa: RUF012 - as Dash has it
    _valid_wildcard_attributes = available_wildcard_properties = []  # noqa: RUF012 - as Dash has it

    def __init__(self, id: str) -> None:  # noqa: A002 - as Dash has it
        super().__init__(id=id)  # type: ignore[no-untyped-call] # Dash has no types here


class Answer(Component):
    """The answer to the address: `html`, with the figure of each chart in the place that it is drawn in."""

    _namespace = "estate"
    _type = "Answer"
    _prop_names = available_properties = ["id", "html"]  # noqa: RUF012 - as Dash has it
    _valid_wildcard_attributes = available_wildcard_properties = []  # noqa: RUF012 - as Dash has it

    def __init__(self, id: str, html: str) -> None:  # noqa: A002 - as Dash has it
        super().__init__(id=id, html=html)  # type: ignore[no-untyped-call] # as above
