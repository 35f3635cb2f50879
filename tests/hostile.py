"""Personal data as it turns up: every kind of identifier, grouped, encoded and placed in every way.

Each identifier carries its canary, letters and digits that must not be found again however they are separated.
"""

import random
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple
from urllib.parse import quote

from data.clean import checks


class Identifier(NamedTuple):
    """`groups` is how people separate it; `slug` whether it counts within the words of a page's name too."""

    kind: str
    groups: tuple[str, ...]
    slug: bool

    @property
    def canary(self) -> str:
        """Its letters and digits, lower-cased."""
        return compact("".join(self.groups))


Dice = random.Random
SEPARATORS: Final = ("", " ", "-", "+", ".", "_", "/", "  ", "\u00a0", "\u2013", "\u2011", "\u202f", " - ")


def compact(text: str) -> str:
    """Only letters and digits, so that no separator hides a canary."""
    return "".join(letter for letter in text.lower() if letter.isalnum())


def _digits(dice: Dice, count: int) -> str:
    return "".join(dice.choices("0123456789", k=count))


def _holding(dice: Dice, make: Callable[[Dice], str], check: Callable[[str], bool]) -> str:
    return next(made for made in iter(lambda: make(dice), "") if check(made))


def _letters(dice: Dice, count: int, among: str = "ABCEGHJKLMNPRSTWXYZ") -> str:
    return "".join(dice.choices(among, k=count))


def _national_insurance(dice: Dice) -> Identifier:
    number = _digits(dice, 6)
    prefix = _holding(
        dice, lambda d: _letters(d, 2, "ABCEHJKLMNPRSTWXY"), lambda made: checks.is_national_insurance(made + "123456A")
    )
    return Identifier("ni number", (prefix, number[:2], number[2:4], number[4:], _letters(dice, 1, "ABCD")), slug=True)


def _visa(dice: Dice) -> Identifier:
    return Identifier("gwf number", ("GWF", _digits(dice, 3), _digits(dice, 3), _digits(dice, 3)), slug=True)


def _eori(dice: Dice) -> Identifier:
    return Identifier("gb eori number", ("GB", *(_digits(dice, 3) for _ in range(4))), slug=True)


def _driver(dice: Dice) -> Identifier:
    born = f"{dice.randint(0, 9)}{dice.choice((0, 5))}{dice.randint(1, 9)}{dice.randint(10, 28)}{dice.randint(0, 9)}"
    return Identifier(
        "driving licence",
        (_letters(dice, 5), born, _letters(dice, 2) + _digits(dice, 1) + _letters(dice, 2)),
        slug=True,
    )


def _nhs(dice: Dice) -> Identifier:
    number = _holding(dice, lambda d: _digits(d, 10), checks.is_nhs_number)
    return Identifier("nhs number", (number[:3], number[3:6], number[6:]), slug=True)


def _utr(dice: Dice) -> Identifier:
    number = _holding(dice, lambda d: _digits(d, 10), checks.is_utr)
    return Identifier("utr", (number[:5], number[5:]), slug=True)


def _card(dice: Dice) -> Identifier:
    number = _holding(dice, lambda d: f"{d.choice('3456')}{_digits(d, 15)}", checks.is_card)
    return Identifier("card number", tuple(number[start : start + 4] for start in range(0, 16, 4)), slug=True)


def _account(dice: Dice) -> Identifier:
    return Identifier(
        "account number",
        (f"{_digits(dice, 2)}-{_digits(dice, 2)}-{_digits(dice, 2)}", f"3{_digits(dice, 7)}"),
        slug=True,
    )


def _mobile(dice: Dice) -> Identifier:
    return Identifier("phone number", (f"07{_digits(dice, 3)}", _digits(dice, 6)), slug=False)


def _abroad(dice: Dice) -> Identifier:
    return Identifier("phone number", ("+44", f"7{_digits(dice, 3)}", _digits(dice, 6)), slug=False)


def _landline(dice: Dice) -> Identifier:
    return Identifier(
        "phone number", (f"0{dice.choice('12')}{_digits(dice, 2)}", _digits(dice, 3), _digits(dice, 4)), slug=False
    )


def _passport(dice: Dice) -> Identifier:
    return Identifier("passport", (_letters(dice, 2) + _digits(dice, 7),), slug=False)


def _postcode(dice: Dice) -> Identifier:
    area = dice.choice(("SW", "EC", "M", "LS", "BS", "G", "EH"))
    inward = f"{dice.randint(0, 9)}{_letters(dice, 2, 'ABDEFGHJLNPQRSTUWXYZ')}"
    return Identifier("postcode", (f"{area}{dice.randint(1, 99)}", inward), slug=True)


def _date(dice: Dice) -> Identifier:
    groups = (f"{dice.randint(1, 28):02}", f"{dice.randint(1, 12):02}", str(dice.randint(1930, 2015)))
    return Identifier("date", groups if dice.random() < 0.5 else groups[::-1], slug=False)


def _written_date(dice: Dice) -> Identifier:
    month = dice.choice(
        [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
            "Jan",
            "Sept",
        ]
    )
    return Identifier(
        "date", (f"{dice.randint(1, 28)}{dice.choice(('', 'th'))}", month, str(dice.randint(1930, 2015))), slug=False
    )


def _email(dice: Dice) -> Identifier:
    name = f"{_letters(dice, 6).lower()}.{_letters(dice, 5).lower()}{_digits(dice, 3)}"
    return Identifier(
        "email", (f"{name}@{_letters(dice, 5).lower()}.{dice.choice(('com', 'co.uk', 'gov.uk'))}",), slug=True
    )


MAKERS: Final = (
    _national_insurance, _visa, _eori, _driver, _nhs, _utr, _card, _account, _mobile, _abroad, _landline, _passport,
    _postcode, _date, _written_date, _email,
)  # fmt: skip


def identifiers(dice: Dice, each: int) -> Iterator[Identifier]:
    """`each` identifiers of every kind."""
    return (maker(dice) for maker in MAKERS for _ in range(each))


def _zero_width(text: str) -> str:
    return "\u200b".join(text)


def _full_width(text: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)


def _every(text: str) -> str:
    return "".join(f"%{octet:02X}" for octet in text.encode())


ENCODINGS: Final[dict[str, Callable[[str], str]]] = {
    "as it is": str,
    "lower case": str.lower,
    "encoded where it must be": lambda text: quote(text, safe=""),
    "every octet encoded": _every,
    "lower-case hexadecimal": lambda text: _every(text).lower(),
    "encoded twice": lambda text: quote(_every(text), safe=""),
    "encoded three times": lambda text: quote(quote(_every(text), safe=""), safe=""),
    "encoded five times": lambda text: quote(quote(quote(quote(_every(text), safe=""), safe=""), safe=""), safe=""),
    "zero width between": _zero_width,
    "soft hyphens between": "\u00ad".join,
    "full width": _full_width,
    "full width, encoded": lambda text: quote(_full_width(text), safe=""),
    "%u of scripts": lambda text: "".join(f"%u{ord(letter):04x}" for letter in text),
}

IN_TEXT: Final = (
    "{}",
    "my number is {}",
    "{} is mine",
    "is it ({})?",
    'say "{}" twice',
    "a:{}",
    "x={}&y=1",
    "{}, {}",
    "#{}",
    "[{}]",
)
IN_ADDRESS: Final = ("/{}", "/check/{}", "/check/{}/done", "https://www.gov.uk/a/{}?x=1", "www.tax.service.gov.uk/{}/", "/a/b;{}", "/a#{}",
                     "/a?x={}", "/a?page={}", "/search?q={}", "/search/all?keywords={}&page=2", "/find/x={}", "/a/({})")  # fmt: skip
IN_SLUG: Final = ("/check-{}-now", "/check_{}_now", "/check-{}", "/{}-check", "/{}.html")
