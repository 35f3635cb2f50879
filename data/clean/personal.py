"""Personal data out, tags in: the ordered patterns of a text and of a path, done on whole columns.

A cheap expression finds the rows that may have any; only these are worked on, pattern by pattern, until nothing
changes, so that cleaning twice is cleaning once.
"""

from typing import Final

import polars as pl

from data.clean import credentials, dates, numbers, places
from data.clean.pattern import Pattern
from data.clean.rows import mended, until_stable

_ROUNDS: Final = 6

_KEYED: Final = (*credentials.KEYED, *dates.KEYED, *places.KEYED, *numbers.KEYED)
_PROSE: Final = (
    *credentials.TOKENS,
    *credentials.EMAIL,
    *_KEYED,
    numbers.NATIONAL_INSURANCE,
    *numbers.VISA_AND_TRADE,
    *numbers.REFERENCES,
    numbers.NATIONAL_INSURANCE_UNSUFFIXED,
    *numbers.PHONE,
    dates.LABELLED,
    numbers.PASSPORT_LABELLED,
    numbers.PLATE_LABELLED,
    numbers.PASSPORT,
)
_PLACES: Final = (places.POSTCODE, dates.ANYWHERE, *places.MACHINES, places.LOCATION, places.UUID_AFTER_SLASH)

TEXT: Final = (*_PROSE, *numbers.PLATES, *_PLACES)
PROSE_IN_PATH: Final = (
    *_PROSE,
    *_PLACES,
)  # registrations are looked for in values only: too many pages are named like one
SLUG: Final = (
    *credentials.TOKENS,
    *credentials.EMAIL,
    numbers.NATIONAL_INSURANCE,
    *numbers.VISA_AND_TRADE,
    numbers.PHONE_PART,
    numbers.PHONE_IN_SLUG,
    dates.LABELLED,
    numbers.PASSPORT_LABELLED,
    numbers.PLATE_PART,
    numbers.PASSPORT_PART,
    places.POSTCODE_PART,
    places.POSTCODE_IN_SLUG,
    dates.TRIPLE,
    dates.WHOLE_PART,
    *places.MACHINES,
    places.LOCATION,
)
UNLESS_CODED: Final = (*numbers.REFERENCES, numbers.NATIONAL_INSURANCE_PART)
_CODED: Final = r"^/(?:hmrc-internal-manuals|trade-tariff|commodities|subheadings|headings|chapters)/"  # pages called ch122310, 8413910000
_BY_CONTENT: Final = r"^/(?:guidance|government)/"  # pages that may be called by their content id

# Whatever is found has a digit, an at sign or a telling key; tests hold every pattern against this.
_TELLING: Final = r"(?i)[0-9@=]|eyj|bearer|_token|[\"'] ?:|[\[({] ?at"
_PROSE_PART: Final = r"[^A-Za-z0-9._~%/\-\x{e02f}]"
_TAG: Final = r"\[[a-z ]+\]"


def from_text(values: pl.Series) -> pl.Series:
    """Canonical texts without personal data."""
    return mended(values, _TELLING, lambda rows: _settled(rows, TEXT))


def from_encoded(values: pl.Series) -> pl.Series:
    """Texts as sent, without the values of telling keys: once decoded, nobody knows where such a value ends."""
    return mended(values, r"=.*%", lambda rows: _settled(rows, _KEYED))


def from_paths(values: pl.Series) -> pl.Series:
    """Canonical paths (encoded slashes as placeholders) without personal data."""
    return mended(values, _TELLING, lambda rows: until_stable(rows, _path_once, _ROUNDS)[0])


def _settled(values: pl.Series, patterns: tuple[Pattern, ...]) -> pl.Series:
    return until_stable(values, lambda rows: _replaced_all(rows, patterns), _ROUNDS)[0]


def _replaced_all(values: pl.Series, patterns: tuple[Pattern, ...]) -> pl.Series:
    for pattern in patterns:
        values = _replaced(values, pattern)
    return values


def _replaced(values: pl.Series, pattern: Pattern) -> pl.Series:
    if pattern.decide is None:
        return values.str.replace_all(pattern.regex, pattern.replacement)
    return mended(values, pattern.regex, lambda rows: _decided(rows, pattern))


def _decided(values: pl.Series, pattern: Pattern) -> pl.Series:
    decide = pattern.decide or bool
    found = values.str.extract_all(pattern.regex).explode(empty_as_null=False).unique().to_list()
    personal = [candidate for candidate in found if decide(candidate)]
    if not personal:
        return values
    return values.str.replace_many(personal, [pattern.replacement] * len(personal), leftmost=True)


def _path_once(values: pl.Series) -> pl.Series:
    values = mended(values, _PROSE_PART, _prose_parts)
    values = _replaced_all(values, SLUG)
    values = _outside(values, _CODED, UNLESS_CODED)
    return _outside(values, _BY_CONTENT, (places.UUID_IN_PATH,))


def _outside(values: pl.Series, prefix: str, patterns: tuple[Pattern, ...]) -> pl.Series:
    rows = (~values.str.contains(prefix)).arg_true()
    return values.clone().scatter(rows, _replaced_all(values.gather(rows), patterns))


def _prose_parts(values: pl.Series) -> pl.Series:
    """Parts of a path that no slug is made of are read as prose, where a date counts anywhere."""
    parts = pl.DataFrame({"row": pl.arange(len(values), eager=True), "part": values.str.split("/")}).explode("part")
    prose = parts["part"].str.replace_all(_TAG, "").str.contains(_PROSE_PART).arg_true()
    cleaned = parts["part"].clone().scatter(prose, _replaced_all(parts["part"].gather(prose), PROSE_IN_PATH))
    return (
        parts.with_columns(part=cleaned).group_by("row", maintain_order=True).agg(pl.col("part").str.join("/"))["part"]
    )
