"""No canary comes through: every kind of identifier, every separator, every encoding, in every place."""

import time
from urllib.parse import unquote

import polars as pl
import pytest

from data import clean
from data.clean import personal
from data.clean.canonical import canonical
from tests.counts import rounds
from tests.hostile import (
    ENCODINGS,
    IN_ADDRESS,
    IN_SLUG,
    IN_TEXT,
    SEPARATORS,
    Dice,
    Identifier,
    compact,
    identifiers,
)

SEEDS = range(rounds(1, 40))
LONG = 100_000  # characters


def written(dice: Dice) -> list[tuple[Identifier, str, str]]:
    """Each identifier with every separator in every encoding, and whether it may stand in a slug."""
    return [
        (
            identifier,
            encoded(separator.join(identifier.groups)),
            "slug" if identifier.slug and separator in {"", "-"} else "",
        )
        for identifier in identifiers(dice, 2)
        for separator in SEPARATORS
        for encoded in ENCODINGS.values()
    ]


def leaks(cases: list[tuple[Identifier, str]], cleaned: list[str]) -> list[tuple[str, str, str]]:
    return [
        (identifier.kind, sent, left)
        for (identifier, sent), left in zip(cases, cleaned, strict=True)
        if identifier.canary in compact(unquote(left))
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_no_canary_is_left_in_a_text_or_a_term(seed: int) -> None:
    dice = Dice(seed)
    cases = [(identifier, dice.choice(IN_TEXT).replace("{}", form)) for identifier, form, _ in written(dice)]
    sent = pl.Series([form for _, form in cases])
    assert not leaks(cases, clean.text(sent).fill_null("").to_list())
    assert not leaks(cases, clean.terms(sent).fill_null("").to_list())


@pytest.mark.parametrize("seed", SEEDS)
def test_no_canary_is_left_in_a_page_or_its_term(seed: int) -> None:
    dice = Dice(seed)
    cases = []
    for identifier, form, slug in written(dice):
        place = dice.choice(IN_ADDRESS + (IN_SLUG if slug else ()))
        if not set(form) & set("#?&;"):  # there an address would end, or its query string begin
            cases.append((identifier, place.replace("{}", form.replace("+", "%2B") if "=" in place else form)))
    found = clean.addresses(pl.Series([form for _, form in cases]), frozenset({"page"}))
    assert not leaks(cases, pl.select(pl.concat_str(found, separator=" ", ignore_nulls=True)).to_series().to_list())


@pytest.mark.parametrize("seed", SEEDS)
def test_two_identifiers_side_by_side_both_go(seed: int) -> None:
    dice = Dice(seed)
    known = list(identifiers(dice, 4))
    pairs = [(one, dice.choice(known)) for one in known for _ in range(10)]
    joints = (" ", ", ", ",", "/", "+", "-", " - ", ";", "|", "\n", "&x=", " and ", ":")
    sent = [dice.choice(joints).join("".join(one.groups) for one in pair) for pair in pairs]
    left = clean.text(pl.Series(sent)).to_list()
    assert not leaks([(one, form) for (one, _), form in zip(pairs, sent, strict=True)], left)
    assert not leaks([(other, form) for (_, other), form in zip(pairs, sent, strict=True)], left)


FAMILIES = {"text": personal.TEXT, "slug": (*personal.SLUG, *personal.UNLESS_CODED, *personal.UNLESS_PUBLISHED)}


@pytest.mark.parametrize("where", FAMILIES)
def test_the_cheap_expressions_are_found_wherever_a_pattern_is(where: str) -> None:
    dice = Dice(0)
    forms = [dice.choice(IN_TEXT + IN_SLUG + IN_ADDRESS).replace("{}", form) for _, form, _ in written(dice)]
    values = canonical(pl.Series(forms))
    for family in FAMILIES[where]:
        for pattern in family.patterns:
            found = values.filter(values.str.contains(pattern.regex))
            assert found.str.contains(family.gate).all(), pattern
            assert found.str.contains(personal._TELLING).all(), pattern


@pytest.mark.parametrize(
    "piece",
    ["a ", "1", "1 ", "a1", "@", "a@", "%25", "%41", "a%2540b", "é1", "1\u0301", "[date] 1990 ", "token=abc&", "dob=", "eyJ", "1/1/1990 ",
     "9434765870 ", "4111 1111 1111 1111 ", "::1 ", "1.2.3.4 ", "51.5074,-0.1278 ", "(0", "ab 12 34 56 c ", "oct 1 1990", "\ufdfa", "_1", '"1'],
)  # fmt: skip
def test_long_values_take_time_in_proportion(piece: str) -> None:
    """The benchmark prints milliseconds; here ten times the wanted 50 tell a line from a square on any machine."""
    long = (piece * LONG)[:LONG]
    started = time.process_time()
    clean.text(pl.Series([long]))
    clean.addresses(pl.Series([f"/search?q={long}", f"/{long}"]), frozenset())
    assert time.process_time() - started < 1.5
