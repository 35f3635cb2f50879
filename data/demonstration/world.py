"""The world that sessions are drawn from, as arrays: nodes, the ways between them, their pages and texts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from data.demonstration import files
from data.demonstration.nodes import PASS_THROUGH, Node, Page, nodes
from data.register import PLATFORM_HOST

Array = npt.NDArray[Any]

PASSED_HOSTS: Final = frozenset(host for host, _, _ in PASS_THROUGH.values())
NOWHERE: Final = -1  # where a way leads that ends the session
LOST_ON_THE_WAY: Final = 0.07  # of those that go to a service's host, for they refuse its cookies
ERRORS: Final = 0.07  # of the views of a step that has one
YES: Final = 0.68  # of the answers to "Is this page useful?"


@dataclass(frozen=True, eq=False)
class Ways:
    """The ways from node to node, by the node they leave: where to, the share of its views, the host clicked out to."""

    source: Array
    target: Array
    share: Array
    value: Array  # the host's place in `World.texts`, 0 for none


@dataclass(frozen=True, eq=False)
class World:
    """Arrays by node, unless their comment says otherwise."""

    names: tuple[str, ...]
    theme: Array
    landings: Array
    first_day: Array  # ordinals
    last_day: Array
    steep: Array
    first_slot: Array
    slots: Array  # how many the node has
    slot_page: Array  # by slot: the page's row in `pages`
    moved: dict[tuple[int, str, int], int]  # node, host, status -> the row of its page as it stands after a change
    is_step: Array
    is_search: Array
    error: Array  # its place in `texts`, 0 for none
    download: Array
    downloads: Array  # the share of views
    useful: Array  # the share of views that say whether the page is
    channel: Array  # its row in `channels`
    ways: Ways
    pages: pl.DataFrame  # host, path, title, document_type, organisations, taxon, step_by_step, status
    texts: pl.Series  # terms, hosts, files and errors; null at 0
    themes: tuple[str, ...]
    terms: tuple[Array, ...]  # by theme: places in `texts`, the most usual first

    def matching(self, patterns: Sequence[str]) -> Array:
        """The numbers of the nodes whose names match one of the patterns. Raises `KeyError` where none does."""
        found = [number for number, name in enumerate(self.names) if any(fnmatchcase(name, one) for one in patterns)]
        if not found:
            raise KeyError(f"No node is called {patterns}")
        return np.array(found, np.int32)


class Texts:
    """Texts by their places, from 1 on."""

    def __init__(self) -> None:
        self.places: dict[str, int] = {}

    def place(self, text: str) -> int:
        """The place of a text; 0 for ""."""
        return self.places.setdefault(text, len(self.places) + 1) if text else 0


@cache
def world() -> World:
    """The world, made once."""
    found, texts = nodes(), Texts()
    themes = tuple(files.table("themes")["theme"])
    kinds = [_kind(node) for node in found]
    pages, slot_page, moved = _pages(found)
    slots = np.array([len(node.pages) for node in found], np.int32)
    ways = _ways(found, texts)
    terms = [[texts.place(term) for term in told["terms"]] for told in files.table("themes")["theme"].values()]
    channels = list(files.table("people")["channels"])
    return World(
        names=tuple(node.name for node in found),
        theme=np.array([themes.index(node.theme) for node in found], np.int16),
        landings=np.array([node.landings for node in found]),
        first_day=np.array([node.days[0].toordinal() for node in found]),
        last_day=np.array([node.days[1].toordinal() for node in found]),
        steep=np.array([node.steep for node in found]),
        first_slot=np.cumsum(slots) - slots,
        slots=slots,
        slot_page=slot_page,
        moved=moved,
        is_step=np.array([node.is_step for node in found]),
        is_search=np.array([node.type == "search" for node in found]),
        error=np.array([texts.place(node.error) for node in found], np.uint32),
        download=np.array([texts.place(_file(node, kind)) for node, kind in zip(found, kinds, strict=True)], np.uint32),
        downloads=np.array([kind.get("downloads", 0) / 100 for kind in kinds]),
        useful=np.array([kind.get("useful", 0) / 100 for kind in kinds]),
        channel=np.array([channels.index(kind["channel"]) for kind in kinds], np.int16),
        ways=ways,
        pages=pages,
        texts=pl.Series("text", [None, *texts.places], pl.String),
        themes=themes,
        terms=tuple(map(np.array, terms)),
    )


def _kind(node: Node) -> dict[str, Any]:
    types = files.table("people")["type"]
    channel = "service" if node.host != PLATFORM_HOST else "content"
    return {"channel": channel, **types.get(node.type, types["other"])}


def _file(node: Node, kind: dict[str, Any]) -> str:
    """What the file of a page that has one is called."""
    return node.pages[0].path.rsplit("/", 1)[-1] + ".pdf" if kind.get("downloads") else ""


def _pages(found: Sequence[Node]) -> tuple[pl.DataFrame, Array, dict[tuple[int, str, int], int]]:
    """Every page once, the row of each slot, and the rows of pages that stand elsewhere after a change."""
    rows: dict[tuple[str, str, int], int] = {}
    kept: list[Page] = []

    def row(page: Page) -> int:
        key = (page.host, page.path, page.status)
        if key not in rows:
            rows[key] = len(kept)
            kept.append(page)
        return rows[key]

    slots = [row(page) for node in found for page in node.pages]
    moved = {
        (number, host, status): row(replace(node.pages[0], host=host or node.host, status=status))
        for number, node in enumerate(found)
        for host, status in _moves(node)
    }
    return _frame(kept), np.array(slots, np.uint32), moved


def _moves(node: Node) -> dict[tuple[str, int], None]:
    """The hosts and statuses that changes.toml gives to the node's page, in its order."""
    told = [one for one in files.table("changes")["change"] if "host" in one or "status" in one]
    named = [one for one in told if any(fnmatchcase(node.name, pattern) for pattern in one["nodes"])]
    return dict.fromkeys(
        (one.get("host", ""), one.get("status", 200)) for one in named if node.host not in PASSED_HOSTS
    )


def _frame(kept: Iterable[Page]) -> pl.DataFrame:
    taxons = {theme: told["taxon"] for theme, told in files.table("themes")["theme"].items()}
    guides = _guides()
    found = [
        (
            one.host,
            one.path,
            one.title,
            one.type,
            _tags(one.tags),
            _taxon(one, taxons),
            guides.get(one.path),
            one.status,
        )
        for one in kept
    ]
    names = ("host", "path", "title", "document_type", "organisations", "taxon", "step_by_step")
    frame = pl.DataFrame(found, {**dict.fromkeys(names, pl.String), "status": pl.UInt16}, orient="row")
    return frame.with_columns(pl.when(pl.col(names) != "").then(pl.col(names)))


def _guides() -> dict[str, str]:
    """The step-by-step guide of each page that is part of one."""
    guides = (row for row in files.rows("pages") if row["type"] == "step_by_step_nav")
    return {page: row["path"] for row in guides for page in (row["path"], *row["links"].split())}


def _tags(codes: str) -> str:
    return "".join(f"<{code}>" for code in codes.split())


def _taxon(page: Page, taxons: dict[str, str]) -> str:
    return taxons.get(page.theme, "") if page.host == PLATFORM_HOST else ""


def _ways(found: Sequence[Node], texts: Texts) -> Ways:
    """Ways, and of those that lead from www.gov.uk to another host a share that is never seen to arrive there."""
    numbers = {node.name: number for number, node in enumerate(found)}
    rows: list[tuple[int, int, float, int]] = []
    for source, node in enumerate(found):
        for name, share in node.links.items():
            target = numbers[name]
            out = node.host == PLATFORM_HOST != found[target].host
            host = texts.place(found[target].host) if out else 0
            rows.append((source, target, share * (1 - LOST_ON_THE_WAY * out), host))
            rows += [(source, NOWHERE, share * LOST_ON_THE_WAY, host)] if out else []
        rows += [(source, NOWHERE, share, texts.place(host)) for host, share in node.out.items()]
    return Ways(*(np.array(column) for column in zip(*rows, strict=True)))
