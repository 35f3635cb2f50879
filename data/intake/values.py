"""The texts that rows keep, cleaned: once for each different text."""

from collections.abc import Callable, Mapping
from itertools import accumulate
from typing import Final

import polars as pl

from data import clean
from data.contract import KINDS
from data.intake import words
from data.intake.coded import Coded

LONGEST_TEXT: Final = 500  # characters; cut once personal data is out, so that no half of an address is left
PAGE_VIEW, SEARCH, OUTBOUND = (KINDS.index(kind) for kind in ("page_view", "search", "outbound"))
COUNTRY: Final = r"^[\p{L} .,'’()&-]{2,64}$"
CONTENT_ID: Final = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
SHAPES: Final = {"country": COUNTRY, "content_id": CONTENT_ID}  # what isn't so is no text
NO_WORDS: Final = frozenset({"session", "visitor", "page", "content_id"})
NO_TEXTS: Final = pl.Series("text", [], pl.String)


def cleaned(kept: Coded, page_terms: pl.Series) -> Coded:
    """The same rows with clean texts. `value` is made here: a term, a host or a name, as the row's kind says."""
    rows, values = kept.rows, dict(kept.values)
    for name in {"device", "channel"} & set(values):
        rows = rows.with_columns(words.ours(values.pop(name), name).gather(rows[name]).alias(name))
    clear = _spoken({name: texts for name, texts in values.items() if name not in NO_WORDS})
    value, texts = _values(kept, clear.pop("value", NO_TEXTS), page_terms)
    for name, shape in SHAPES.items():
        if name in values:
            found = clear.get(name, values[name])
            clear[name] = _where(found, found.str.contains(shape))
    return Coded(rows.with_columns(value), values | clear | {"value": texts})


def _spoken(texts: Mapping[str, pl.Series]) -> dict[str, pl.Series]:
    """Each column clean; all as one, for what cleaning costs a file of few texts is so much a column."""
    whole = _short(clean.text(pl.concat([NO_TEXTS, *(one.rename("text") for one in texts.values())])))
    ends = accumulate(map(len, texts.values()))
    return {name: whole.slice(end - len(one), len(one)) for (name, one), end in zip(texts.items(), ends, strict=True)}


def _values(kept: Coded, names: pl.Series, page_terms: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The places of the rows' values, and the texts there: names, then terms, then hosts, then what pages were asked for."""
    rows, count = kept.rows, len(names)
    kind = pl.col("kind") if "kind" in rows.columns else pl.lit(PAGE_VIEW, pl.UInt8)
    sent = pl.col("value") if count else pl.lit(None, pl.UInt32)
    asked = pl.when(page_terms.is_not_null().gather(rows["page"])).then(pl.col("page") + 3 * count)
    place = (
        pl.when(kind == PAGE_VIEW)
        .then(asked)
        .when(kind == SEARCH)
        .then(pl.coalesce(sent + count, asked))
        .when(kind == OUTBOUND)
        .then(sent + 2 * count)
        .otherwise(sent)
    )
    every = [
        names,
        _of_kind(kept, kind == SEARCH, lambda texts: _short(clean.terms(texts))),
        _of_kind(kept, kind == OUTBOUND, lambda texts: clean.addresses(texts, frozenset())["host"]),
        _short(page_terms),
    ]
    return rows.select(place.cast(pl.UInt32).alias("value")).to_series(), pl.concat(every, rechunk=True)


def _of_kind(kept: Coded, kind: pl.Expr, work: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """The values that come with this kind of row, clean as `work` makes them; nulls for the others."""
    texts = kept.values.get("value", NO_TEXTS)
    nothing = pl.repeat(None, len(texts), dtype=pl.String, eager=True).alias("text")
    if not len(texts):
        return nothing
    used = kept.rows.select(pl.col("value").filter(kind)).to_series().drop_nulls().unique()
    return nothing.scatter(used, work(texts.gather(used))) if len(used) else nothing


def _short(texts: pl.Series) -> pl.Series:
    tidy = texts.str.slice(0, LONGEST_TEXT).str.strip_chars()
    return _where(tidy, tidy != "").alias("text")


def _where(texts: pl.Series, keep: pl.Series) -> pl.Series:
    return texts.set(~keep.fill_null(value=False), None)
