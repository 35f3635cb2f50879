"""HTML as values: elements that escape what they hold, so that no page glues texts.

`div("a < b", class_="x", aria_hidden="true")` is an element; `render` writes it as HTML.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Final, TypeAlias, Union

Attribute: TypeAlias = str | int | bool | None
Child: TypeAlias = Union["Element", str, int, Iterable["Child"], None]
VOID: Final = frozenset({"br", "hr", "img", "input", "link", "meta", "wbr"})
UNSEEN: Final = "govuk-visually-hidden"


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


a, button, caption, code, dd, details, div, dl, dt = (
    Tag(n) for n in ("a", "button", "caption", "code", "dd", "details", "div", "dl", "dt")
)
fieldset, figure, footer, form, h1, h2, h3 = (
    Tag(n) for n in ("fieldset", "figure", "footer", "form", "h1", "h2", "h3")
)
input_, label, legend, li, main, nav, noscript = (
    Tag(n) for n in ("input", "label", "legend", "li", "main", "nav", "noscript")
)
ol, option, p, section, select, span = (Tag(n) for n in ("ol", "option", "p", "section", "select", "span"))
strong, summary, table, tbody, td, textarea, th, thead, tr, ul, wbr = (
    Tag(n) for n in ("strong", "summary", "table", "tbody", "td", "textarea", "th", "thead", "tr", "ul", "wbr")
)


def unseen(*children: Child) -> Element:
    """Words for those who listen to the page rather than look at it."""
    return span(*children, class_=UNSEEN)


def render(*nodes: Child) -> str:
    """The nodes as HTML, every text and value escaped."""
    return "".join(_written(nodes))


def text_of(*nodes: Child) -> str:
    """The words of the nodes without their elements, as they are read out."""
    return "".join(text_of(*n.children) if isinstance(n, Element) else str(n) for n in flat(nodes))


def flat(nodes: Iterable[Child]) -> Iterator[Element | str | int]:
    """The nodes one by one, those of lists among them too."""
    for node in nodes:
        if isinstance(node, Element | str | int):
            yield node
        elif node is not None:
            yield from flat(node)


def _written(nodes: Iterable[Child]) -> Iterator[str]:
    for node in flat(nodes):
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
