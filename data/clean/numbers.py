"""Numbers that the state, banks and telephone companies give to people.

Sources: National Insurance number, HMRC manual NIM39110; visa reference (GWF), UK Visas and Immigration; EORI number,
HMRC; driver number, DVLA; NHS number, NHS Data Dictionary; Unique Taxpayer Reference, HMRC; payment cards, ISO/IEC
7812; sort codes, Pay.UK; IBAN, ISO 13616; telephone numbers, Ofcom's National Telephone Numbering Plan; passports, HM
Passport Office (ICAO 9303); vehicle registrations, DVLA INF104.
"""

from typing import Final

from data.clean import checks
from data.clean.pattern import DASH, EDGE, GAP, GAPS, Pattern, anywhere, digits, labelled, whole_part, word

_KEY: Final = r"[a-z0-9_.\[\](-]{0,64}"
_NUMBER_WORD: Final = r"(?:[ _+-]?(?:number|numbers|no|num|nr|reference|ref|id)\.?)?"

_NI_LETTERS: Final = r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
_NI_DIGITS: Final = rf"(?:{GAPS}[0-9]{{2}}){{3}}"
_DRIVER: Final = (
    rf"(?:[A-Z]{{5}}|[A-Z]{{4}}9|[A-Z]{{3}}99|[A-Z]{{2}}999|[A-Z]9999){GAPS}"
    rf"[0-9](?:0[1-9]|1[0-2]|5[1-9]|6[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{GAPS}"
    rf"[A-Z][A-Z9]{GAP}?[0-9A-Z]{GAP}?[A-Z]{{2}}(?:[0-9]{{2}})?"
)
_THREE_THREE_FOUR: Final = rf"[0-9]{{3}}{GAP}{{1,3}}[0-9]{{3}}{GAP}{{1,3}}[0-9]{{4}}"
_TEN_DIGITS: Final = rf"(?:[0-9]{{10}}|{_THREE_THREE_FOUR}|[0-9]{{5}}{GAP}{{1,3}}[0-9]{{5}})"
_PLUS_SIGN: Final = r"(?:^|[^0-9A-Za-z\]])[+] ?"  # not a space of a query string: that follows a word or a tag
_CARD: Final = (
    rf"(?:[3-6][0-9]{{3}}|2[2-7][0-9]{{2}})(?:{GAP}{{1,3}}[0-9]{{4}}){{3,12}}(?:{GAP}{{1,3}}[0-9]{{1,3}})?"
    rf"|3[0-9]{{3}}{GAP}{{1,3}}[0-9]{{6}}{GAP}{{1,3}}[0-9]{{4,5}}|[2-6][0-9]{{12,18}}"
)
_SORT_CODE: Final = rf"[0-9]{{2}}{GAP}?[0-9]{{2}}{GAP}?[0-9]{{2}}"
_ACCOUNT: Final = rf"{_SORT_CODE}{GAP}{{1,3}}[0-9]{{7,8}}|[0-9]{{2}}{GAP}[0-9]{{2}}{GAP}[0-9]{{10}}"
_IBAN: Final = rf"GB{GAP}?[0-9]{{2}}{GAP}?[A-Z]{{4}}(?:{GAP}?[0-9]){{14}}"

NATIONAL_INSURANCE: Final = word("ni number", rf"{_NI_LETTERS}{_NI_DIGITS}{GAPS}[A-D]", checks.is_national_insurance)
# Without its suffix letter; a last letter or digit that belongs to no such number is taken along, to be turned down.
NATIONAL_INSURANCE_UNSUFFIXED: Final = word(
    "ni number", rf"{_NI_LETTERS}{_NI_DIGITS}(?:{GAPS}[E-HJ-Z0-9]$)?", checks.is_national_insurance
)
NATIONAL_INSURANCE_PART: Final = whole_part(
    "ni number", r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][-_ ]?(?:[0-9]{2}[-_ ]?){3}"
)

VISA_AND_TRADE: Final = (
    anywhere("gwf number", rf"(?i){EDGE}gwf{GAPS}[0-9]{digits(5, 8, GAPS)}[0-9]*"),
    word("account number", _IBAN),
    anywhere(
        "gb eori number", rf"(?i){EDGE}(?:gb|xi){GAPS}[0-9]{digits(11, 11, GAPS)}(?:{GAPS}[0-9]{{3}}{EDGE})?[0-9]*"
    ),
    word("driving licence", _DRIVER),
)
REFERENCES: Final = (
    word("account number", _ACCOUNT, checks.is_account),
    anywhere("nhs number", rf"(?:{_PLUS_SIGN}|{EDGE}(?i:nhs)?){_TEN_DIGITS}{EDGE}", checks.is_nhs_number),
    anywhere("utr", rf"(?i)(?:{_PLUS_SIGN}|{EDGE}){_TEN_DIGITS}K?{EDGE}", checks.is_utr),
    word("card number", _CARD, checks.is_card),
    labelled(
        "number",
        (rf"driv(?:ing|er'?s?)[ _+-]?licen[cs]e{_NUMBER_WORD}", r"[0-9]{8}"),
        (rf"nhs{_NUMBER_WORD}", _TEN_DIGITS),
        (rf"(?:utr|(?:unique[ _+-])?tax[ _+-]?payer[ _+-]reference){_NUMBER_WORD}", rf"{_TEN_DIGITS}K?"),
        (r"sort[ _+-]?code", _SORT_CODE),
        (rf"(?:bank[ _+-]?)?(?:account|acct?){_NUMBER_WORD}", r"[0-9]{6,10}"),
    ),
)

_INNER: Final = rf"[ +_./()\\~·•{DASH}\x{{e02f}}]{{0,3}}"
_ABROAD: Final = rf"44{_INNER}(?:0{_INNER})?[1-9](?:{_INNER}[0-9]){{8,9}}"
_NATIONAL: Final = rf"0[127][0-9](?:{_INNER}[0-9]){{7,8}}|07{GAP}[0-9]{{3}}(?:{GAP}{{0,2}}[0-9]){{6}}|0\)?{GAP}{{0,2}}[127][0-9]{{3}}(?:{_INNER}[0-9]){{5,6}}"
_AMERICAN: Final = r"(?:1[ .-])?[2-9][0-9]{2}\)?[ .-]{1,2}[2-9][0-9]{2}[.-][0-9]{4}"

PHONE: Final = (
    anywhere("phone number", rf"(?:[+]{GAPS}|{EDGE}00{GAPS}){_ABROAD}{EDGE}"),
    word("phone number", rf"44{_INNER}(?:0{_INNER})?[127](?:{_INNER}[0-9]){{8,9}}|{_NATIONAL}|{_AMERICAN}"),
    Pattern("phone number", rf"(^|[ :=(])[+][1-9][0-9]{{0,2}}{GAP}[0-9]{digits(6, 12)}{EDGE}", "${1}[phone number]"),
)
PHONE_IN_SLUG: Final = word("phone number", r"(?:0|0?0?44)(?:7[0-9]{9}|[12][0-9]{8,9})")
PHONE_PART: Final = whole_part("phone number", rf"[+]?{_ABROAD}|00{GAPS}{_ABROAD}|{_NATIONAL}|{_AMERICAN}")

PASSPORT_LABELLED: Final = labelled("passport", (rf"passport{_NUMBER_WORD}", r"[A-Z]{0,2}[0-9]{6,9}"))
PASSPORT: Final = word("passport", r"[A-Z]{2}[0-9]{7}")
PASSPORT_PART: Final = whole_part("passport", r"[A-Z]{2}[0-9]{7}")

_CURRENT_PLATE: Final = rf"[A-HJ-PR-Y][A-HJ-PR-Y](?:0[2-9]|[12][0-9]|5[1-9]|[67][0-9]){GAP}{{0,2}}[A-HJ-PR-Z]{{3}}"
_YEAR_LETTER: Final = "[A-HJ-NPR-TV-Y]"


def _old_plate(gap: str) -> str:
    return rf"{_YEAR_LETTER}[0-9]{{1,3}}{gap}[A-HJ-PR-Z]{{3}}|[A-HJ-PR-Z]{{3}}{gap}[0-9]{{1,3}}{_YEAR_LETTER}"


_PLATE: Final = rf"{_CURRENT_PLATE}|{_old_plate(GAP + '?')}"
_ANY_PLATE: Final = rf"{_PLATE}|[A-Z]{{1,3}}{GAP}?[0-9]{{1,4}}|[0-9]{{1,4}}{GAP}?[A-Z]{{1,3}}"
_PLATE_PARTS: Final = r"vrm|vrn|reg|registration|registration-(?:number|mark)|number-plate|vehicle-registration"

PLATE_LABELLED: Final = labelled(
    "vehicle registration", (r"vrm|vrn|number[ _+-]?plate|reg[ _+-]?(?:no|num|number)", _ANY_PLATE)
)
PLATE_PART: Final = Pattern(
    "vehicle registration", rf"(?i)(/(?:{_PLATE_PARTS})/)(?:{_ANY_PLATE})(/|$)", "${1}[vehicle registration]${2}"
)
PLATES: Final = (
    word("vehicle registration", rf"{_CURRENT_PLATE}|{_old_plate('')}", checks.is_registration),
    anywhere("vehicle registration", rf"(?i)^(?:{_old_plate(GAP + '?')})$", checks.is_registration),
    anywhere("vehicle registration", rf"{EDGE}(?:{_old_plate(GAP)}){EDGE}", checks.is_registration),
)
KEYS: Final = (
    rf"{_KEY}(?:phone|mobile|telephone|nino|national[_-]?insurance|nhs|passport|vrm|vrn|registration|number[_-]?plate)"
    r"(?:[_-]?(?:number|no|mark))?|(?:tel|ni|utr|reg)(?:[_-]?(?:number|no))?"
)
