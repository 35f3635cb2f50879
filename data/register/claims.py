"""Claims on pages, matched for many pages at once: an exact path, or with `/**` everything below a path."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import polars as pl

BELOW: Final = "/**"
CLAIMED: Final = pl.Schema({"then": pl.UInt8, "now": pl.UInt8, "service": pl.String})


@dataclass(frozen=True)
class Claim:
    """Whose the pages of a pattern (host/path) are: numbers of departments then and now, and the slug of a service."""

    pattern: str
    then: int
    now: int
    service: str | None = None


class Claims:
    """The claims of one rank. An exact one beats the paths above it, the longest path wins, and of equals the first."""

    def __init__(self, claims: Iterable[Claim]) -> None:
        self.claims: Final = tuple(claims)
        self.exact: Final[dict[str, int]] = {}
        self.below: Final[dict[int, dict[str, int]]] = {}  # by the number of parts that the path above has
        for index, claim in enumerate(self.claims):
            path = claim.pattern.removesuffix(BELOW)
            keys = self.exact if path == claim.pattern else self.below.setdefault(path.count("/"), {})
            keys.setdefault(path, index)
        rows = [(claim.then, claim.now, claim.service) for claim in self.claims]
        self.columns: Final = pl.DataFrame([*rows, (None, None, None)], CLAIMED, orient="row")

    def matched(self, addresses: pl.Series) -> pl.DataFrame:
        """The columns of `CLAIMED` for pages in the form host/path, in their order; null where nothing is claimed."""
        page = pl.col("page")
        indices = [_looked_up(page, self.exact)]
        for length in sorted(self.below, reverse=True):
            above = page.str.extract(rf"^([^/]*(?:/[^/]+){{{length}}})/")
            indices.append(_looked_up(above, self.below[length]))
        index = pl.coalesce(indices).fill_null(len(self.claims))
        return self.columns[addresses.to_frame("page").select(index).to_series()]


def _looked_up(key: pl.Expr, among: dict[str, int]) -> pl.Expr:
    old = pl.Series(list(among), dtype=pl.String)
    return key.replace_strict(old, pl.Series(list(among.values()), dtype=pl.UInt32), default=None)
