"""Where a session may be: nodes, each a page (or one of a family's pages) with the shares that go on from there.

A page that lies on several ways, such as that of card details, is as many nodes: where people go on to depends on
where they came from.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Final

from data.demonstration import files
from data.demonstration.files import Raw
from data.register import PLATFORM_HOST, register
from data.register.records import Service

PASS_THROUGH: Final = {
    "pay": ("www.payments.service.gov.uk", "/card_details", "Enter card details"),
    "gateway": ("www.access.service.gov.uk", "/login/signin/creds", "Sign in using Government Gateway"),
    "verify": ("www.signin.service.gov.uk", "/start", "Sign in with GOV.UK Verify"),
}
RELOADED: Final = 0.035  # of the views of a step
BACK_TO_START, BACK_A_STEP, TO_HELP = 0.1, 0.06, 0.05  # of those that don't go on to the next step
CLICKS_OUT: Final = 0.09  # of the views of a page that sends people to a host outside the estate
ABANDONED: Final = 0.11  # views of a start page that go on elsewhere than into the service
LANDINGS_OF_PARTS: Final = 0.22  # beside those of a guide's first page
HOME: Final = "/"
ALWAYS: Final = (date.min, date.max)


@dataclass(frozen=True)
class Page:
    """A page as it is sent."""

    host: str
    path: str
    title: str
    type: str = ""
    tags: str = ""
    theme: str = ""
    status: int = 200


@dataclass
class Node:
    """A place of a session. `links` are the shares of its views that go on to other nodes, `out` to other hosts."""

    name: str
    pages: tuple[Page, ...]
    theme: str
    landings: float = 0.0
    links: dict[str, float] = field(default_factory=dict)
    out: dict[str, float] = field(default_factory=dict)
    steep: float = 1.0
    days: tuple[date, date] = ALWAYS  # on which its pages stand
    error: str = ""
    is_step: bool = False
    wandering: float = 0.0  # the share of a last step's views that go on, to whatever there is

    @property
    def type(self) -> str:
        """The document type of its pages."""
        return self.pages[0].type or "other"

    @property
    def host(self) -> str:
        """The host of its pages."""
        return self.pages[0].host


def search(theme: str) -> str:
    """The name of the node of a theme's search results."""
    return f"search:{theme}"


def nodes() -> list[Node]:
    """Every node, each name once. Raises `KeyError` for a link to none."""
    found = [*_of_pages(), *_of_services(), *_of_families(), *_of_searches()]
    hubs = _hubs(found)
    for node in found:
        _wander(node, hubs[node.theme])
    names = {node.name for node in found}
    for node in found:
        missing = set(node.links) - names
        if missing or len(names) != len(found):
            raise KeyError(f"{node.name} links to {missing}, or a name is there twice")
    return found


def _going_on(kind: str) -> float:
    types = files.table("people")["type"]
    return float(types.get(kind, types["other"]).get("going_on", types["other"]["going_on"])) / 100


def _of_pages() -> Iterator[Node]:
    """The pages of pages.csv, the parts of guides below them."""
    for row in files.rows("pages"):
        theme, path, parts = row["theme"], row["path"], row.get("parts", "").split()
        first, last = (row.get(name) for name in ("first_day", "last_day"))
        days = (date.fromisoformat(first) if first else date.min, date.fromisoformat(last) if last else date.max)
        page = Page(PLATFORM_HOST, path, row["title"], row["type"], row.get("tags", ""), theme)
        wanted = {link: 3.0 / (1 + 0.6 * rank) for rank, link in enumerate(row.get("links", "").split())}
        wanted |= {f"{path}/{part}": 2.4 if not rank else 0.8 for rank, part in enumerate(parts)}
        out = {row["out"]: CLICKS_OUT} if "out" in row else {}
        yield Node(path, (page,), theme, float(row["weight"]), wanted, out, days=days)
        yield from _parts(row, page, parts, days)


def _parts(row: Raw, whole: Page, parts: list[str], days: tuple[date, date]) -> Iterator[Node]:
    kind = row["type"] if "smart_answer" in row["type"] else "part"
    for rank, part in enumerate(parts):
        path = f"{whole.path}/{part}"
        page = Page(whole.host, path, f"{whole.title}: {files.spoken(part)}", kind, whole.tags, whole.theme)
        onward = {f"{whole.path}/{parts[rank + 1]}": 3.0} if rank + 1 < len(parts) else {}
        onward |= dict.fromkeys(row.get("links", "").split()[:2], 1.2) | {whole.path: 0.8}
        landings = float(row["weight"]) * LANDINGS_OF_PARTS / len(parts) if kind == "part" else 0.0
        yield Node(path, (page,), whole.theme, landings, onward, days=days)


def _of_services() -> Iterator[Node]:
    """The steps of services.toml, in their order, and the page that shows that one is done."""
    themes = {row["path"]: row["theme"] for row in files.rows("pages")}
    for name, told in files.table("services").items():
        service = None if "host" in told else register.service(name)
        starts = [page.removeprefix(PLATFORM_HOST) for page in service.start_pages] if service else []
        theme = told.get("theme") or themes[starts[0]]
        host = service.host if service else str(told["host"])
        yield from _steps(name, _Way(host, theme, starts, told))
        if service and service.end_pages:
            yield _done(service, theme)


@dataclass(frozen=True)
class _Way:
    """A service's or a site's host, theme and start pages, and what services.toml tells of it."""

    host: str
    theme: str
    starts: list[str]
    told: Mapping[str, Any]


def _steps(name: str, way: _Way) -> Iterator[Node]:
    steps = way.told["steps"]
    names = [name, *(f"{name}#{number}" for number in range(2, len(steps) + 1))]
    after = f"done:{name}" if not way.told.get("host") and register.service(name).end_pages else ""
    for rank, (own, step) in enumerate(zip(names, steps, strict=True)):
        page, share, error = _step(way, step)
        following = names[rank + 1] if rank + 1 < len(names) else after
        links = {own: RELOADED} | dict.fromkeys(way.starts[:1], (1 - share) * BACK_TO_START)
        links |= {names[rank - 1]: (1 - share) * BACK_A_STEP} if rank else {}
        links |= {following: share} if following else {}
        landings = 0.0 if rank else float(way.told.get("landings", 0))
        wandering = 0.0 if following else share
        yield Node(own, (page,), way.theme, landings, links, error=error, is_step=True, wandering=wandering)


def _step(way: _Way, step: list[Any]) -> tuple[Page, float, str]:
    """The page, the share that goes on, and the error of a step."""
    if step[0] in PASS_THROUGH:
        return Page(*PASS_THROUGH[step[0]], theme=way.theme), step[1] / 100, ""
    address, title, share, *error = step
    host, slash, path = (way.host + address).partition("/") if address.startswith("/") else address.partition("/")
    return Page(host, slash + path, title, theme=way.theme), share / 100, error[0] if error else ""


def _done(service: Service, theme: str) -> Node:
    host, slash, path = service.end_pages[0].partition("/")
    ours = host == PLATFORM_HOST
    title = "Thank you" if ours else "Done"
    page = Page(host, slash + path, f"{title}: {service.name}", "completed_transaction" if ours else "", "", theme)
    return Node(f"done:{service.slug}", (page,), theme)


def _of_families() -> Iterator[Node]:
    for row in files.rows("families"):
        members = files.members(row["members"].split())
        links: dict[str, float] = {}
        for link in row["links"].split():
            to = search(row["theme"]) if link == "search" else link
            links[to] = links.get(to, 0.0) + float(row["going_on"]) / 100 / len(row["links"].split())
        pages = tuple(_member(row, one) for one in members)
        yield Node(row["name"], pages, row["theme"], float(row["weight"]), links, steep=float(row["steep"]))


def _member(row: Raw, one: files.Member) -> Page:
    path, title, tags = (row.get(name, "").format(**one) for name in ("path", "title", "tags"))
    host, status = row.get("host", PLATFORM_HOST), int(row.get("status", 200))
    return Page(host, path, title, row.get("type", ""), tags, row["theme"], status)


def _of_searches() -> Iterator[Node]:
    for theme in files.table("themes")["theme"]:
        page = Page(PLATFORM_HOST, "/search/all", "Search", "search")
        yield Node(search(theme), (page,), theme, 12.0 if theme == "everyday" else 0.0)


def _hubs(found: Iterable[Node]) -> dict[str, list[Node]]:
    """The pages of each theme on www.gov.uk, the most wanted first."""
    hubs: dict[str, list[Node]] = {theme: [] for theme in files.table("themes")["theme"]}
    for node in sorted(found, key=lambda one: -one.landings):
        if node.host == PLATFORM_HOST and node.landings:
            hubs[node.theme].append(node)
    return hubs


def _wander(node: Node, hub: list[Node]) -> None:
    """Give a page of www.gov.uk the ways on that nobody wrote down, and turn wishes into shares."""
    others = [one for one in hub if one.name != node.name]
    if node.type == "search":
        whole = sum(one.landings for one in others[:8])
        node.links = {one.name: _going_on("search") * one.landings / whole for one in others[:8]} | {node.name: 0.12}
    elif node.name.startswith("done:"):
        node.links = {one.name: _going_on("completed_transaction") / 3 for one in others[:2]} | {HOME: 0.02}
    elif node.is_step:
        missed = 1 - sum(node.links.values()) - node.wandering
        wanted = {one.name: missed * TO_HELP for one in others[-1:]}
        wanted |= {one.name: node.wandering / 3 for one in others[:3]}
        node.links = wanted | node.links
    elif len(node.pages) == 1:
        _share(node, others)


def _share(node: Node, others: list[Node]) -> None:
    wanted = {one.name: 0.4 for one in others[:4]} | {search(node.theme): 0.45, HOME: 0.3} | node.links
    wanted.pop(node.name, None)
    service = _starts().get(node.name)
    whole = (ABANDONED if service else _going_on(node.type)) / sum(wanted.values())
    node.links = {link: share * whole for link, share in wanted.items()}
    if service:
        node.links[service] = files.table("services")[service]["clicked"] / 100


@cache
def _starts() -> dict[str, str]:
    """The service with steps in services.toml that each page starts."""
    told = [one for slug, one in register.services.items() if slug in files.table("services")]
    return {page.removeprefix(PLATFORM_HOST): one.slug for one in told for page in one.start_pages}
