"""HTML as values: elements that escape what they hold, so that one page function serves the server and Dash alike.

`div("a < b", class_="x", aria_hidden="true")` is an element; `render` writes it as HTML, `for_dash` hands it to Dash.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Any, Final, TypeAlias, Union

from dash import html
from dash.development.base_component import Component

Attribute: TypeAlias = str | int | bool | None
Child: TypeAlias = Union["Element", str, int, Component, Iterable["Child"], None]
VOID: Final = frozenset({"br", "hr", "input", "link", "meta", "wbr"})
DASH_NAMES: Final = {"class": "className", "for": "htmlFor", "tabindex": "tabIndex", "colspan": "colSpan"}


@dataclass(frozen=True)
class Element:
    """One element. An attribute that is none or false isn't written, one that is true has no value."""

    tag: str
    attributes: dict[str, Attribute]
    children: tuple[Child, ...]


@dataclass(frozen=True)
class Tag:
    """Makes elements of one name; `class_` and `for_` stand for `class` and `for`, `aria_label` for `aria-label`."""

    name: str

    def __call__(self, *children: Child, **attributes: Attribute) -> Element:
        named = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return Element(self.name, {k: v for k, v in named.items() if v is not None and v is not False}, children)


a, br, button, caption, code = Tag("a"), Tag("br"), Tag("button"), Tag("caption"), Tag("code")
datalist, dd, details, div, dl, dt = Tag("datalist"), Tag("dd"), Tag("details"), Tag("div"), Tag("dl"), Tag("dt")
fieldset, footer, form, h1, h2, h3, h4 = (Tag(n) for n in ("fieldset", "footer", "form", "h1", "h2", "h3", "h4"))
input_, label, legend, li, main, nav, noscript = (
    Tag(n) for n in ("input", "label", "legend", "li", "main", "nav", "noscript")
)
ol, option, p, script, section, select, span = (
    Tag(n) for n in ("ol", "option", "p", "script", "section", "select", "span")
)
strong, summary, table, tbody, td, th, thead, tr, ul, wbr = (
    Tag(n) for n in ("strong", "summary", "table", "tbody", "td", "th", "thead", "tr", "ul", "wbr")
)


def unseen(*children: Child) -> Element:
    """Words for those who listen to the page rather than look at it."""
    return span(*children, class_="govuk-visually-hidden")


def render(*nodes: Child) -> str:
    """The nodes as HTML, every text and value escaped."""
    return "".join(_written(nodes))


def text_of(*nodes: Child) -> str:
    """The words of the nodes without their elements, as they are read out."""
    return "".join(text_of(*n.children) if isinstance(n, Element) else str(n) for n in _flat(nodes))


def for_dash(*nodes: Child) -> list[Any]:
    """The nodes as Dash components; a Dash component among them, such as a chart, stays as it is."""
    return [_component(node) for node in _flat(nodes)]


def _flat(nodes: Iterable[Child]) -> Iterator[Element | str | int | Component]:
    for node in nodes:
        if isinstance(node, Element | str | int | Component):
            yield node
        elif node is not None:
            yield from _flat(node)


def _written(nodes: Iterable[Child]) -> Iterator[str]:
    for node in _flat(nodes):
        if isinstance(node, Element):
            values = "".join(f" {name}{_quoted(value)}" for name, value in node.attributes.items())
            yield f"<{node.tag}{values}>"
            if node.tag not in VOID:
                yield from _written(node.children)
                yield f"</{node.tag}>"
        else:
            yield escape(str(node), quote=False)


def _quoted(value: Attribute) -> str:
    return "" if value is True else f'="{escape(str(value))}"'


def _component(node: Element | str | int | Component) -> Any:
    if not isinstance(node, Element):
        return node
    properties = {DASH_NAMES.get(name, name): value for name, value in node.attributes.items()}
    return getattr(html, node.tag.capitalize())(for_dash(*node.children), **properties)
