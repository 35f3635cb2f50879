"""One canonical form of a text: what a reader sees is what the patterns see.

Unicode normalisation form KC (UAX 15); percent-encoding is undone up to three times (RFC 3986, and the %uXXXX that
old scripts write); characters that are invisible or reorder text (Unicode categories Cc, Cf, Co, Cn and the default
ignorable code points) are taken out; every decimal digit is written 0-9; a run of spaces is one space.
"""

import html
import sys
import unicodedata
from functools import cache
from typing import Final
from urllib.parse import unquote_to_bytes

import polars as pl

from data.clean.rows import each, mended, until_stable

ROUNDS: Final = 3
STILL_ENCODED: Final = "[encoded]"

_ODD: Final = r"[^ -~]|  |^ | $"
_WHITE: Final = r"[\s\p{Z}]+"
_INVISIBLE: Final = (
    r"[\p{Cc}\p{Cf}\p{Co}\p{Cn}\x{034f}\x{115f}\x{1160}\x{17b4}\x{17b5}\x{180b}-\x{180f}\x{2065}\x{3164}\x{fe00}-\x{fe0f}"
    r"\x{ffa0}\x{e0100}-\x{e01ef}\x{fdfa}\x{fdfb}]"  # the last two stand for sentences 18 times their length
)
_MARKS: Final = r"(\p{M}{4})\p{M}+"  # longer heaps of accents write nothing, and cost a normaliser quadratic time
_FOREIGN_DIGIT: Final = r"[\p{Nd}--[0-9]]"
_ESCAPE: Final = r"%[0-9A-Fa-f]{2}|%[uU][0-9A-Fa-f]{4}"
_ENTITY: Final = r"&#[0-9xX]|&commat;|&period;"


def tidy(values: pl.Series) -> pl.Series:
    """Form KC without invisible characters, in ASCII digits, single spaces and no outer ones; escapes stay."""
    stable, _ = until_stable(values, lambda rows: mended(rows, _ODD, _tidied), ROUNDS)
    return stable


def canonical(values: pl.Series) -> pl.Series:
    """`tidy` and decoded until stable; words that are encoded more than three times over become `[encoded]`."""
    values = tidy(values)
    rows = mended(values, rf"{_ESCAPE}|{_ENTITY}", _decoded)
    return mended(
        rows, _ESCAPE, lambda still: still.str.replace_all(rf"[^\s/?#&=]*(?:{_ESCAPE})[^\s/?#&=]*", STILL_ENCODED)
    )


def _decoded(values: pl.Series) -> pl.Series:
    stable, _ = until_stable(values, lambda rows: tidy(each(rows, _decoded_once)), ROUNDS)
    return stable


def _tidied(values: pl.Series) -> pl.Series:
    thin = values.str.replace_all(_WHITE, " ").str.replace_all(_INVISIBLE, "").str.replace_all(_MARKS, "${1}")
    composed = thin.str.normalize("NFKC")
    digits = mended(composed, _FOREIGN_DIGIT, lambda rows: rows.str.replace_many(_digits()))
    return digits.str.replace_all(_WHITE, " ").str.strip_chars(" ")


@cache
def _digits() -> dict[str, str]:
    """Every other decimal digit, as 0-9; looked for when the first one is met, which takes a tenth of a second."""
    others = (letter for letter in map(chr, range(128, sys.maxunicode + 1)) if unicodedata.category(letter) == "Nd")
    return {letter: str(unicodedata.digit(letter)) for letter in others}


def _decoded_once(text: str) -> str:
    if "%u" in text or "%U" in text:
        text = _without_script_escapes(text)
    if "&" in text:
        text = html.unescape(text) if "&#" in text or "&commat;" in text or "&period;" in text else text
    return _readable(unquote_to_bytes(text))


def _readable(octets: bytes) -> str:
    """UTF-8 where it is; an octet that is not stands for its Latin-1 character, so that nothing hides behind it."""
    text = octets.decode("utf-8", "surrogateescape")
    return (
        text.translate({0xDC00 + octet: octet for octet in range(128, 256)})
        if max(text, default="") >= "\udc80"
        else text
    )


def _without_script_escapes(text: str) -> str:
    for mark in ("%u", "%U"):
        first, *rest = text.split(mark)
        text = first + "".join(_script_character(mark, piece) for piece in rest)
    return text


def _script_character(mark: str, piece: str) -> str:
    digits = piece[:4]
    if len(digits) < 4 or any(digit not in "0123456789abcdefABCDEF" for digit in digits):  # noqa: PLR2004 - %uXXXX
        return mark + piece
    character = chr(int(digits, 16))
    return ("" if 0xD800 <= ord(character) <= 0xDFFF else character) + piece[4:]  # noqa: PLR2004 - lone surrogates
