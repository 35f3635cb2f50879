"""The texts that rows keep, cleaned: once for each different text."""

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


def cleaned(kept: Coded, page_terms: pl.Series) -> Coded:
    """The same rows with clean texts. `value` is made here: a term, a host or a name, as the row's kind says."""
    rows, values = kept.rows, dict(kept.values)
    for name in {"device", "channel"} & set(values):
        rows = rows.with_columns(words.ours(values.pop(name), name).gather(rows[name]).alias(name))
    for name in set(values) - {"session", "visitor", "page", "value"}:
        values[name] = _text(name, values[name])
    value, values["value"] = _values(kept, page_terms)
    return Coded(rows.with_columns(value), values)


def _text(name: str, texts: pl.Series) -> pl.Series:
    if name == "content_id":
        return _where(texts, texts.str.contains(CONTENT_ID))
    clear = _short(clean.text(texts))
    return _where(clear, clear.str.contains(COUNTRY)) if name == "country" else clear


def _values(kept: Coded, page_terms: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The places of the rows' values, and the texts there: names, then terms, then hosts, then what pages were asked for."""
    rows, texts = kept.rows, kept.values.get("value", pl.Series("value", [], pl.String))
    kind = pl.col("kind") if "kind" in rows.columns else pl.lit(PAGE_VIEW, pl.UInt8)
    sent = pl.col("value") if "value" in rows.columns else pl.lit(None, pl.UInt32)
    asked = pl.when(page_terms.is_not_null().gather(rows["page"])).then(pl.col("page") + 3 * texts.len())
    place = (
        pl.when(kind == PAGE_VIEW)
        .then(asked)
        .when(kind == SEARCH)
        .then(pl.coalesce(sent + texts.len(), asked))
        .when(kind == OUTBOUND)
        .then(sent + 2 * texts.len())
        .otherwise(sent)
    )
    every = [
        _short(clean.text(texts)),
        _short(clean.terms(_sent_with(rows, texts, kind == SEARCH))),
        clean.addresses(_sent_with(rows, texts, kind == OUTBOUND), frozenset())["host"].alias("text"),
        _short(page_terms),
    ]
    return rows.select(place.cast(pl.UInt32).alias("value")).to_series(), pl.concat(every, rechunk=True)


def _sent_with(rows: pl.DataFrame, texts: pl.Series, kind: pl.Expr) -> pl.Series:
    """The texts that come with this kind of row; nulls for the others, which needn't be cleaned this way."""
    if not len(texts):
        return texts
    used = rows.filter(kind)["value"].drop_nulls().unique()
    return pl.repeat(None, len(texts), dtype=pl.String, eager=True).scatter(used, texts.gather(used))


def _short(texts: pl.Series) -> pl.Series:
    tidy = texts.str.slice(0, LONGEST_TEXT).str.strip_chars()
    return _where(tidy, tidy != "").alias("text")


def _where(texts: pl.Series, keep: pl.Series) -> pl.Series:
    return texts.set(~keep.fill_null(value=False), None)
