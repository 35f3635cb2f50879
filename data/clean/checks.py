"""Checks on the few candidates that a pattern found: check digits, ranges and words that only look like an identifier.

NHS number: NHS Data Dictionary, modulus 11. Unique Taxpayer Reference: HMRC's check digit (modulus 11, weights
6 7 8 9 10 5 4 3 2). Payment cards: ISO/IEC 7812 (Luhn). National Insurance number: HMRC manual NIM39110. Vehicle
registrations: DVLA INF104. Addresses of machines: RFC 791 and RFC 4291.
"""

import ipaddress
from collections.abc import Callable
from typing import Final

Decide = Callable[[str], bool]

_UNUSED = "BG GB KN NK NT TN ZZ"
_SHORT_WORDS = "AM AN AS AT AX BE BY EH EX HE HM LA MA ME MY NE OH OX PA PM RE SE SH WE YE"
_LETTERS_THAT_ARE_WORDS = (
    "ACT ADD AGE ALL AND ANY APP ARE ASK BAN BAR BEN BET BUS BUT BUY CAN CAP CAR COM CUT DAY DOB DUE END EPC ESA EYE FAX "
    "FEE FEW FOR FUN GAP GAS GET GOT GOV HAD HAS HER HOW HUB JAN JSA JUN KEY LAW LET LOW MAN MAP MAR MAX MAY MEN NET NEW "
    "NHS NON NOT NOW OFF OLD ONE OUR OUT OWN PAY PCN PDF PEN PER PLC PUT REF REG RUN SEA SEE SEP SET SHE TAX TEL TEN THE "
    "TOP TWO USE VAN VAT WAR WAS WAY WEB WHO WHY WON YES YET YOU"
)
_UNUSED_PREFIXES: Final = frozenset(_UNUSED.split())
_PREFIX_WORDS: Final = frozenset(_SHORT_WORDS.split())
_WORDS: Final = frozenset(_LETTERS_THAT_ARE_WORDS.split())
_UTR_WEIGHTS: Final = (6, 7, 8, 9, 10, 5, 4, 3, 2)
_UTR_REMAINDERS: Final = "21987654321"
_TEN: Final = 10
_CENTURIES: Final = frozenset({"18", "19", "20"})
_UNSUFFIXED: Final = 8
_CARD_LENGTHS: Final = range(13, 20)
_GROUPS_OF_A_CARD: Final = 4


def digits_of(text: str) -> str:
    """The digits of a candidate, without what stands between them."""
    return "".join(letter for letter in text if letter in "0123456789")


def is_nhs_number(text: str) -> bool:
    """Ten digits whose last is 11 minus the weighted sum modulo 11."""
    digits = [int(digit) for digit in digits_of(text)]
    if len(digits) != _TEN or len(set(digits)) == 1 or _has_sign(text):
        return False
    weighted = sum(weight * digit for weight, digit in zip(range(10, 1, -1), digits[:9], strict=True))
    return (11 - weighted % 11) % 11 == digits[9]


def is_utr(text: str) -> bool:
    """Ten digits whose first is set by the nine others."""
    digits = [int(digit) for digit in digits_of(text)]
    if len(digits) != _TEN or _has_sign(text):
        return False
    weighted = sum(weight * digit for weight, digit in zip(_UTR_WEIGHTS, digits[1:], strict=True))
    return _UTR_REMAINDERS[weighted % 11] == str(digits[0])


def _has_sign(text: str) -> bool:
    """Whether a plus sign stands before the first digit: then it is a number of another country's telephones."""
    return "+" in text[: text.index(digits_of(text)[0])]


def is_card(text: str) -> bool:
    """Luhn holds for the digits, or for some four groups of four in a row of them."""
    digits = digits_of(text)
    if len(digits) in _CARD_LENGTHS and _luhn(digits):
        return True
    starts = range(0, len(digits) - 15, _GROUPS_OF_A_CARD)
    return len(digits) > _CARD_LENGTHS[-1] and any(_luhn(digits[start : start + 16]) for start in starts)


def _luhn(digits: str) -> bool:
    doubled = [sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2]]
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0


def is_account(text: str) -> bool:
    """A sort code and an account number, not two spans of years as in "201011-20122013"."""
    account = digits_of(text)[6:]
    return not (account[:2] in _CENTURIES and account[4:6] in _CENTURIES)


def is_national_insurance(text: str) -> bool:
    """Two letters that HMRC issues, six digits and, if any, a suffix from A to D; "at 10 11 12" is none."""
    compact = "".join(letter for letter in text.upper() if letter.isalnum())
    if len(compact) > _UNSUFFIXED and compact[-1] not in "ABCD":
        return False
    spoken = len(compact) == _UNSUFFIXED and " " in text and compact[:2] in _PREFIX_WORDS
    return compact[:2] not in _UNUSED_PREFIXES and not spoken


def is_registration(text: str) -> bool:
    """A vehicle registration, not "p45 tax": its three letters are no word."""
    letters = "".join(letter for letter in text.upper() if letter.isalpha())
    return not {letters[:3], letters[-3:]} & _WORDS


def is_machine_address(text: str) -> bool:
    """An IPv4 or IPv6 address; "std::abc" is none."""
    try:
        ipaddress.ip_address(text.strip("_"))
    except ValueError:
        return False
    return any(letter in "0123456789" for letter in text)


def is_no_ordinal(text: str) -> bool:
    """A postcode within a page's name, not "e1-2nd": with a gap, the second half must not be an ordinal."""
    low = text.lower().strip("_")
    ordinal = low[-3:] in {"1st", "2nd", "3rd"} or low[-2:] == "th"
    return not ordinal or low[-4] not in "-_ "
