"""Personal data out, tags in: the ordered patterns of a text and of a path, done on whole columns.

A cheap expression finds the rows that may have any; only these are worked on, pattern by pattern, until nothing
changes, so that cleaning twice is cleaning once.
"""

from functools import partial
from typing import Final

import polars as pl

from data.clean import credentials, dates, numbers, places
from data.clean.pattern import Family, Pattern, keyed
from data.clean.rows import mended, until_stable
from data.contract import LONGEST_PATH

_ROUNDS: Final = 6

_TELLING_WORD: Final = r"(?i)eyj|bearer|_token|(?:ga|gs|fb)[0-9]?\."
_AN_AT: Final = r"(?i)@|[\[({] ?at"
_A_KEY: Final = r"=|[\"'] ?:"
_SIX_DIGITS: Final = r"[0-9](?:[^0-9A-Za-z]{0,6}[0-9]){5}"
_PLATE_WORD: Final = r"(?i)vr[mn]|plate|reg"
_LETTER_THEN_DIGIT: Final = r"[A-Za-z][^0-9A-Za-z]{0,8}[0-9]"
_DATE: Final = rf"(?i)[0-9][^0-9A-Za-z]{{1,3}}[0-9]{{1,4}}[^0-9A-Za-z]{{1,4}}[0-9]|[0-9]{{6}}|{dates.MONTH_BEGINS}"
_DOT_OR_COLON: Final = r"[0-9]\.[0-9]|:[0-9A-Fa-f:]"
_HEX: Final = r"[0-9A-Fa-f]{8}-"

_TOKENS: Final = Family(_TELLING_WORD, credentials.TOKENS)
_EMAIL: Final = Family(_AN_AT, credentials.EMAIL)
_KEYED: Final = Family(
    _A_KEY,
    (
        credentials.IDENTIFYING,
        keyed("key", f"{credentials.KEYS}|{dates.KEYS}|{places.KEYS}|{numbers.KEYS}"),
        dates.KEYED,
    ),
)
_NUMBERS: Final = Family(
    _SIX_DIGITS,
    (
        numbers.NATIONAL_INSURANCE,
        *numbers.VISA_AND_TRADE,
        *numbers.REFERENCES,
        numbers.NATIONAL_INSURANCE_UNSUFFIXED,
        *numbers.PHONE,
        numbers.PASSPORT_LABELLED,
        numbers.PASSPORT,
    ),
)
_PLATES: Final = (Family(_PLATE_WORD, (numbers.PLATE_LABELLED,)), Family(_LETTER_THEN_DIGIT, numbers.PLATES))
_POSTCODE: Final = Family(_LETTER_THEN_DIGIT, (places.POSTCODE,))
_DATES: Final = Family(_DATE, (dates.LABELLED, dates.ANYWHERE))
_MACHINES: Final = Family(_DOT_OR_COLON, (*places.MACHINES, places.LOCATION))

TEXT: Final = (
    _TOKENS,
    _EMAIL,
    _KEYED,
    _NUMBERS,
    *_PLATES,
    _POSTCODE,
    _DATES,
    _MACHINES,
    Family(_HEX, (places.UUID_AFTER_SLASH,)),
)
PROSE_IN_PATH: Final = tuple(family for family in TEXT if family not in _PLATES)  # too many pages are named like one
SLUG: Final = (
    _TOKENS,
    _EMAIL,
    Family(
        _SIX_DIGITS,
        (
            numbers.NATIONAL_INSURANCE,
            *numbers.VISA_AND_TRADE,
            numbers.PHONE_PART,
            numbers.PHONE_IN_SLUG,
            numbers.PASSPORT_LABELLED,
            numbers.PASSPORT_PART,
        ),
    ),
    Family(_PLATE_WORD, (numbers.PLATE_PART,)),
    Family(_LETTER_THEN_DIGIT, (places.POSTCODE_PART,)),
    Family(_DATE, (dates.LABELLED_IN_SLUG, dates.TRIPLE, dates.WHOLE_PART)),
    _MACHINES,
)
UNLESS_CODED: Final = (Family(_SIX_DIGITS, (*numbers.REFERENCES, numbers.NATIONAL_INSURANCE_PART)),)
UNLESS_PUBLISHED: Final = (
    Family(_LETTER_THEN_DIGIT, (places.POSTCODE_IN_SLUG,)),
    Family(_HEX, (places.UUID_IN_PATH,)),
)
_CODED: Final = r"^/(?:hmrc-internal-manuals|trade-tariff|commodities|subheadings|headings|chapters)/"  # pages called ch122310, 8413910000
_PUBLISHED: Final = (
    r"^/(?:guidance|government|aaib-reports)/"  # pages called by their content id, or ip7-6rh-environmental-permit
)

# Whatever is found has a digit, an at sign or a telling key; tests hold every pattern against this.
_TELLING: Final = r"(?i)[0-9@=]|eyj|bearer|_token|[\"'] ?:|[\[({] ?at"
_PROSE_PART: Final = r"[^A-Za-z0-9._~%/\-\x{e02f}]"
TOO_LONG: Final = "/" + "-" * LONGEST_PATH
_TAG: Final = r"\[[a-z ]+\]"


def from_text(values: pl.Series) -> pl.Series:
    """Canonical texts without personal data."""
    return mended(values, _TELLING, lambda rows: _settled(rows, TEXT))


def from_encoded(values: pl.Series) -> pl.Series:
    """Texts as sent, without the values of telling keys: once decoded, nobody knows where such a value ends."""
    return mended(values, r"=.*%", lambda rows: _settled(rows, (_KEYED,)))


def from_paths(values: pl.Series) -> pl.Series:
    """Canonical paths (encoded slashes as placeholders) without personal data; one that is too long to be kept isn't read."""
    short = pl.select(
        pl.when(values.str.len_chars() > LONGEST_PATH).then(pl.lit(TOO_LONG)).otherwise(values)
    ).to_series()
    return mended(short, _TELLING, lambda rows: until_stable(rows, _path_once, _ROUNDS)[0])


def _settled(values: pl.Series, families: tuple[Family, ...]) -> pl.Series:
    return until_stable(values, lambda rows: _replaced_all(rows, families), _ROUNDS)[0]


def _replaced_all(values: pl.Series, families: tuple[Family, ...]) -> pl.Series:
    for family in families:
        values = mended(values, family.gate, partial(_replaced, family.patterns))
    return values


def _replaced(patterns: tuple[Pattern, ...], values: pl.Series) -> pl.Series:
    for pattern in patterns:
        if pattern.decide is None:
            values = values.str.replace_all(pattern.regex, pattern.replacement)
        else:
            values = mended(values, pattern.regex, partial(_decided, pattern))
    return values


def _decided(pattern: Pattern, values: pl.Series) -> pl.Series:
    """Only the candidates that hold; a long value loses all of them, for weighing thousands would take long."""
    long = values.str.len_bytes() > LONGEST_PATH
    found = pl.select(pl.when(~long).then(values.str.extract_all(pattern.regex))).to_series()
    weighed = [_weighed(pattern, text, candidates) for text, candidates in zip(values, found, strict=True)]
    cleaned = values.str.replace_all(pattern.regex, pattern.replacement)
    return pl.select(pl.when(long).then(cleaned).otherwise(pl.Series(weighed, dtype=pl.String))).to_series()


def _weighed(pattern: Pattern, text: str, candidates: pl.Series | None) -> str:
    for candidate in () if candidates is None else candidates:
        if pattern.decide is not None and pattern.decide(candidate):
            text = text.replace(candidate, pattern.replacement)
    return text


def _path_once(values: pl.Series) -> pl.Series:
    values = mended(values, _PROSE_PART, _prose_parts)
    values = _replaced_all(values, SLUG)
    values = _outside(values, _CODED, UNLESS_CODED)
    return _outside(values, _PUBLISHED, UNLESS_PUBLISHED)


def _outside(values: pl.Series, prefix: str, families: tuple[Family, ...]) -> pl.Series:
    rows = (~values.str.contains(prefix)).arg_true()
    return values.clone().scatter(rows, _replaced_all(values.gather(rows), families))


def _prose_parts(values: pl.Series) -> pl.Series:
    """Parts of a path that no slug is made of are read as prose, where a date counts anywhere."""
    parts = pl.DataFrame({"row": pl.arange(len(values), eager=True), "part": values.str.split("/")}).explode("part")
    prose = parts["part"].str.replace_all(_TAG, "").str.contains(_PROSE_PART).arg_true()
    cleaned = parts["part"].clone().scatter(prose, _replaced_all(parts["part"].gather(prose), PROSE_IN_PATH))
    return (
        parts.with_columns(part=cleaned).group_by("row", maintain_order=True).agg(pl.col("part").str.join("/"))["part"]
    )
