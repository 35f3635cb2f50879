"""What an event's parameters say: its kind and value, its page, and how the session came that it is of."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final, NamedTuple

from data.contract import KINDS
from data.formats.ga4.shape import Campaign, Click, Collected, Event, Value
from data.intake import arrivals
from data.intake.known import Row
from data.intake.singles import Single, text, uncut, whole_number

LONGEST_PARAMETER, LONGEST_ADDRESS = 500, 1_000  # characters, where they are cut
ADDRESSES: Final = {"page_location": LONGEST_ADDRESS, "page_referrer": LONGEST_PARAMETER, "link_url": LONGEST_PARAMETER}
STATUSES: Final = (100, 599)
USEFULNESS: Final = {"yes": KINDS.index("useful_yes"), "no": KINDS.index("useful_no")}

Said = Value | Single  # of a parameter: its text where it has one, as nearly always
Parameters = dict[str, Said]


def parameters_of(event: Event) -> Parameters:
    """What an event says, by name. Texts stand for themselves: they are compared in half the time that values take."""
    return {one.key: (one.value and one.value.string_value) or one.value for one in event.event_params or ()}


def said(parameters: Parameters, name: str) -> str | None:
    """The value of a parameter as text, whichever of its kinds it was sent as."""
    found = single(parameters.get(name))
    return found if name in ADDRESSES else uncut(found, LONGEST_PARAMETER, " ")


def single(value: Said) -> str | None:
    """The same of the parameter itself."""
    if isinstance(value, Value):
        kinds = value.string_value, value.int_value, value.float_value, value.double_value
        return next((one for sent in kinds if (one := text(sent)) is not None), None)
    return text(value)


def address(parameters: Parameters, name: str) -> str | None:
    """The address in a parameter, without the part that it was cut in."""
    return uncut(said(parameters, name), ADDRESSES[name], "/?&")


def _out(parameters: Parameters) -> str | None:
    return address(parameters, "link_url") or said(parameters, "link_domain")


def _file(parameters: Parameters) -> str | None:
    """The name of a file without its folders."""
    link = address(parameters, "link_url") or said(parameters, "file_name") or ""
    return link.partition("?")[0].partition("#")[0].rstrip("/").rpartition("/")[2] or None


def _error(parameters: Parameters) -> str | None:
    return said(parameters, "ui_text") or said(parameters, "section") or said(parameters, "type")


def _term(parameters: Parameters) -> str | None:
    return said(parameters, "search_term")


def _nothing(_: Parameters) -> None:
    return None


def visit_of(sent: tuple[Single, Said]) -> tuple[str | None, str | None]:
    """A visitor and the number of a session, spelled in one way; without one of them, no session. Raises `Broken`."""
    visitor, number = text(sent[0]), whole_number(single(sent[1]))
    return visitor, str(number) if visitor and number is not None else None


class Kept(NamedTuple):
    """An event that is kept: its place in KINDS, the value it keeps, and the parameters that this is told by."""

    kind: int
    value: Callable[[Parameters], str | None]
    parameters: tuple[str, ...]


EVENTS: Final = {
    "page_view": Kept(KINDS.index("page_view"), _nothing, ()),
    "search": Kept(KINDS.index("search"), _term, ("search_term",)),
    "view_search_results": Kept(KINDS.index("search"), _term, ("search_term",)),
    "navigation": Kept(KINDS.index("outbound"), _out, ("outbound", "link_url", "link_domain")),
    "file_download": Kept(KINDS.index("download"), _file, ("link_url", "file_name")),
    "form_error": Kept(KINDS.index("error"), _error, ("ui_text", "section", "type")),
    "form_submit": Kept(USEFULNESS["yes"], _nothing, ("ui_text",)),
}
OF_A_PAGE: Final = (
    "page_location", "status_code", "page_title", "document_type", "content_id", "taxonomy_main", "step_navs", "primary_publishing_organisation",
    "organisations",
)  # fmt: skip


def telling(name: str, host: Single, parameters: Parameters) -> tuple[Any, ...]:
    """All that tells an event's page: name, host, OF_A_PAGE and what else its kind has. Each written out takes half the time."""
    said_of = parameters.get
    found = (
        name, host, said_of("page_location"), said_of("status_code"), said_of("page_title"), said_of("document_type"),
        said_of("content_id"), said_of("taxonomy_main"), said_of("step_navs"), said_of("primary_publishing_organisation"),
        said_of("organisations"),
    )  # fmt: skip
    others = EVENTS[name].parameters
    return (*found, *map(said_of, others)) if others else found


def kind_of(name: str, parameters: Parameters) -> int | None:
    """The place in KINDS of an event; none where it is of no use to us."""
    if name == "navigation" and (said(parameters, "outbound") or "").lower() != "true":
        return None
    if name == "form_submit":
        return USEFULNESS.get((said(parameters, "ui_text") or "").strip().lower())
    return EVENTS[name].kind


PAGE: Final = (
    "kind", "status", "page", "title", "value", "document_type", "content_id", "taxon", "step_by_step", "organisations",
)  # fmt: skip


def page_of(sent: tuple[Any, ...]) -> Row | None:
    """What an event says of its page: name, host and parameters -> columns of PAGE. Raises `Broken`."""
    name, host, *values = sent
    parameters: Parameters = dict(zip((*OF_A_PAGE, *EVENTS[name].parameters), values, strict=True))
    kind = kind_of(name, parameters)
    if kind is None:
        return None
    page, status = address(parameters, "page_location"), said(parameters, "status_code")
    if page and page.startswith("/") and not page.startswith("//"):
        page = f"{text(host) or ''}{page}"
    title, document_type, content, taxon, steps, primary, tags = [said(parameters, name) for name in OF_A_PAGE[2:]]
    code = None if status == "undefined" else whole_number(status, *STATUSES)
    organisations = f"{primary}{tags or ''}" if primary else tags
    value = EVENTS[name].value(parameters)
    return kind, code, page, title, value, document_type, content, taxon, steps, organisations


def last_click(clicked: Click) -> str | None:
    """The channel of a session's last click, in the words of the campaign or, without one, of Google's grouping."""
    if any(map(text, (clicked.google_ads_campaign or {}).values())):
        return "paid"
    campaign, cross = clicked.manual_campaign or Campaign(), clicked.cross_channel_campaign or Campaign()
    for one in (campaign, cross):
        if channel := arrivals.of_source(text(one.source), text(one.medium)):
            return channel
    return text(cross.default_channel_group)


BEGAN: Final = ("source", "medium", "page_referrer", "page_location")


@lru_cache(maxsize=65_536)
def began(collected: Collected | None, *values: Said) -> tuple[str | None, int]:
    """The channel that an event tells by its source and medium (rank 1), else its referrer (2), else nothing (3)."""
    parameters: Parameters = dict(zip(BEGAN, values, strict=True))
    came = collected or Collected()
    if text(came.gclid):
        return "paid", 1
    for source, medium in (
        (said(parameters, "source"), said(parameters, "medium")),
        (text(came.manual_source), text(came.manual_medium)),
    ):
        if channel := arrivals.of_source(source, medium):
            return channel, 1
    channel = arrivals.of_referrer(address(parameters, "page_referrer"), address(parameters, "page_location"))
    return channel, 3 if channel in {None, "direct"} else 2
