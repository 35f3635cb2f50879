"""What a pattern is, and the pieces that patterns are put together from.

All are expressions of the Rust engine: linear time, so no look-around and no back-references.
"""

from dataclasses import dataclass
from typing import Final

from data.clean.checks import Decide

SLASH: Final = "\ue02f"  # an encoded slash, question mark or hash of a path while it is being cleaned
QUESTION: Final = "\ue03f"
HASH: Final = "\ue023"
AND, SEMICOLON, PLUS = "\ue026", "\ue03b", "\ue02b"  # of a kept value of a query string, likewise

EDGE: Final = r"(?:(?-u:\b)|_)"  # of a word; an underscore belongs to none
DASH: Final = r"\-\x{2010}-\x{2015}\x{2212}"  # the inside of a class
GAP: Final = rf"[ +_./\\~·•{DASH}\x{{e02f}}]"  # what people type between the groups of a number
GAPS: Final = rf"{GAP}{{0,3}}"
_NOT_A_WORD: Final = r"(^|[^0-9A-Za-z])"
_NOT_A_TAG: Final = r"(^|[^\[0-9A-Za-z])"  # a tag's own words are no label
_LABEL_END: Final = rf"[\]\"']?(?:[=:#]|{GAP}|is|was|on){{1,6}}[\[\"']?"
_VALUE: Final = r"[^&#; \x{e023}]"  # of a key in a query string
_PART_BEGINS: Final = r"(^|[/\x{e02f}=:,(])"
_PART_ENDS: Final = r"($|[/\x{e02f}&,)])"


@dataclass(frozen=True)
class Pattern:
    """An expression and what stands in place of a match; `decide` looks at each candidate first."""

    name: str
    regex: str
    replacement: str
    decide: Decide | None = None


@dataclass(frozen=True)
class Family:
    """Patterns that share a cheap expression, which is found wherever one of them is."""

    gate: str
    patterns: tuple[Pattern, ...]


def word(name: str, shape: str, decide: Decide | None = None) -> Pattern:
    """`shape` as whole words in any case; all of it gives way to its tag."""
    return Pattern(name, rf"(?i){EDGE}(?:{shape}){EDGE}", f"[{name}]", decide)


def anywhere(name: str, regex: str, decide: Decide | None = None) -> Pattern:
    """`regex` as it stands; all of it gives way to its tag."""
    return Pattern(name, regex, f"[{name}]", decide)


def keyed(name: str, keys: str, *, tag: str = "") -> Pattern:
    """`key=value` in a query string or a sentence, `"key": "value"` in JSON: the key stays, the value goes.

    Without a `tag` the key itself is the tag, as in `state=[state]`.
    """
    equals = r"(\]?\)?(?:=|[\"'] ?: ?))"
    return Pattern(name, rf"(?i){_NOT_A_WORD}({keys}){equals}[\"']?{_VALUE}+", f"${{1}}${{2}}${{3}}[{tag or '${2}'}]")


def labelled(name: str, *labels: tuple[str, str]) -> Pattern:
    """Words that say what follows them, each with the shape of what follows: they stay, what follows goes."""
    either = "|".join(rf"((?:{label}){_LABEL_END})(?:{value})" for label, value in labels)
    kept = "".join(f"${{{group}}}" for group in range(1, len(labels) + 2))
    return Pattern(name, rf"(?i){_NOT_A_TAG}(?:{either}){EDGE}", f"{kept}[{name}]")


def whole_part(name: str, shape: str) -> Pattern:
    """`shape` as one whole part of a path, between slashes."""
    return Pattern(name, rf"(?i){_PART_BEGINS}(?:{shape}){_PART_ENDS}", f"${{1}}[{name}]${{2}}")


def digits(least: int, most: int | None = None, gap: str = rf"{GAP}{{0,2}}") -> str:
    """From `least` to `most` further digits, with gaps before each."""
    return rf"(?:{gap}[0-9]){{{least},{least if most is None else most}}}"
