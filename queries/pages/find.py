"""Finding a page among all: every word must stand in its address or its title, the most seen first."""

from collections.abc import Sequence
from typing import Annotated, Any, Final

import polars as pl
from pydantic import Field, field_validator

from data import clean
from data.register import register
from queries import shapes
from queries.asking import Asking, Frames, Value, sql
from queries.cache import Kept
from queries.columns import Column, label
from queries.page_sets import sets
from queries.pages import page_tables
from queries.parameters import Common, Words

FILTERS: Final = frozenset({"department", "page", "service", "document_type", "organisation", "topic"})
MOST_WORDS: Final = 10
KEPT: Final = 8  # lists of pages; one of 200,000 pages takes 40 MB
DEFINITION: Final = (
    "Pages seen in these days whose address or title holds every word that was typed, in any case. "
    "An address that is exactly what was typed comes first, then one that ends in it, then the most seen."
)
COLUMNS: Final[tuple[Column, ...]] = tuple(map(label, ("page", "title", "document_type", "department")))
MORE_COLUMNS: Final[dict[str, tuple[Column, ...]]] = {"total": (label("total", "pages", pl.Int64),)}
SHAPE: Final = shapes.whole(total=shapes.NUMBER, pages=shapes.rows(COLUMNS))
SHOWN: Final = ("key", "page", "title", "document_type", "host", "owner_then", "owner_now", "page_views", "text")
_pages: Final[Kept[list[pl.DataFrame]]] = Kept(KEPT)


class Parameters(Common):
    """The words to look for, with blanks between them; `limit` is how many pages are given."""

    words: Annotated[Words, Field(min_length=1)]

    @field_validator("words")
    @classmethod
    def _few(cls, words: str) -> str:
        if not words.split():
            raise ValueError("should be a part of a page's address or title")
        if len(words.split()) > MOST_WORDS:
            raise ValueError(f"should be at most {MOST_WORDS} words")
        return words


PARAMETERS: Final = Parameters


def answer(asking: Asking[Parameters]) -> Frames:
    """The pages found that the viewer may see, and how many there are in all."""
    found = _allowed(asking, _holding(_every(asking), _words(asking.parameters.words)))
    typed, shown = asking.parameters.words.strip().lower(), pl.col("page").str.to_lowercase()
    ending = shown.str.ends_with(f"/{typed.lstrip('/')}") & bool(typed.lstrip("/"))
    fits = [shown == typed, ending]
    ordered = found.sort(*fits, "page_views", "page", descending=[True, True, True, False])
    owner = pl.col("owner_now" if asking.parameters.structure == "now" else "owner_then")
    named = owner.replace_strict(register.department_names, return_dtype=pl.String)
    main = ordered.head(asking.parameters.limit).select("page", "title", "document_type", named.alias("department"))
    return Frames(main, {"total": pl.DataFrame({"total": [found.height]}, {"total": pl.Int64})})


def present(frames: Frames, _: Asking[Parameters]) -> Value:
    """How many pages were found, and those asked for."""
    return {
        "total": frames.others["total"]["total"].item(),
        "pages": frames.main.drop("suppressed", strict=False).to_dicts(),
    }


def _words(typed: str) -> list[str]:
    """Each word once, the longest first: it leaves the fewest pages for the others."""
    return sorted(set(typed.lower().split()), key=lambda word: (-len(word), word))


def _holding(parts: Sequence[pl.DataFrame], words: Sequence[str]) -> pl.DataFrame:
    """The pages whose text holds every word; the first is looked for in all parts at the same time."""
    first, *others = (pl.col("text").str.contains(word, literal=True) for word in words)
    found = pl.concat(pl.collect_all([part.lazy().filter(first) for part in parts]))
    for holds in others:  # one after another: each looks through what the one before left
        found = found.filter(holds)
    return found


def _every(asking: Asking[Any]) -> list[pl.DataFrame]:
    """Each page seen in the period once, with the newest of its words, kept under the segments' hashes.

    They lie in as many parts as there are threads to look through them.
    """
    segments = asking.reading.segments(asking.account, asking.period)
    hashes = tuple(one.sha256 for one in segments)
    days = {"first": asking.period.first, "last": asking.period.last}

    def read() -> list[pl.DataFrame]:
        empty = _empty()
        parts = [
            asking.reading.run(one, sql("find_pages"), days).with_columns(pl.lit(n).alias("segment"))
            for n, one in enumerate(segments)
        ]
        every = pl.concat(
            [empty, *(part.select(pl.col(name).cast(kind) for name, kind in empty.schema.items()) for part in parts)]
        )
        last = every.sort("segment").group_by("key", maintain_order=True).agg(
            pl.exclude("segment", "page_views").last(), pl.col("page_views").sum()
        )  # fmt: skip
        shown = last.with_columns(page=clean.shown_expression())
        text = pl.concat_str("page", "title", separator=" ", ignore_nulls=True).str.to_lowercase()
        whole = shown.with_columns(text=text).select(SHOWN)
        return list(whole.iter_slices(max(1, -(-whole.height // pl.thread_pool_size())))) or [whole]

    return _pages.find((asking.account, hashes, asking.period), read)


def _empty() -> pl.DataFrame:
    """No page, with the columns of `find_pages.sql`."""
    words = dict.fromkeys(("host", "path", "title", "document_type"), pl.String)
    return pl.DataFrame(schema={"key": pl.Int64, **words, "owner_then": pl.UInt8, "owner_now": pl.UInt8, "page_views": pl.Int64, "segment": pl.Int32})  # fmt: skip


def _allowed(asking: Asking[Any], found: pl.DataFrame) -> pl.DataFrame:
    """Those that the viewer may see, and that fit the filters."""
    if sets.narrowed(asking):
        segments = asking.reading.segments(asking.account, asking.period)
        seen = [(page_tables.table(asking.reading, one), sets.seen(asking, one, asking.period)) for one in segments]
        keys = [table.key[pages] for table, pages in seen]
        wanted = pl.concat([pl.Series("key", [], pl.Int64), *(pl.Series("key", one, pl.Int64) for one in keys)])
        found = found.filter(pl.col("key").is_in(wanted.unique().implode()))
    if asking.viewer.sees_everything:
        return found
    return found.join(
        page_tables.denied(found, asking.viewer), on=["host", "owner_now"], how="anti", maintain_order="left"
    )
