"""Dates as people write them, in English and Welsh: numbers in any order, names of months, days in words.

A date has a year: "1 January" alone says nothing of a birth. Years of four digits lie between 1800 and 2099, so that
an eight-digit reference such as 12345678 stays.
"""

from typing import Final

from data.clean.pattern import DASH, Pattern, labelled, whole_part, word

MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?|ionawr|chwefror|mawrth|ebrill|mai|mehefin|gorffennaf|awst|medi|hydref|tachwedd"
    r"|rhagfyr)"
)
_ORDINAL_WORD: Final = (
    r"(?:(?:twenty|thirty)[ \-]?)?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|tenth|eleventh|twelfth"
    r"|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth"
)
DAY: Final = rf"(?:[0-3]?[0-9](?: ?(?:st|nd|rd|th|af|ail|ydd|fed|eg|ain))?|{_ORDINAL_WORD})"
MONTH_BEGINS: Final = r"jan|feb|ma[riwy]|apr|ju[nl]|aug|sep|oct|nov|dec|ion|chw|ebr|meh|gor|aws|med|hyd|tac|rha"
YEAR: Final = r"(?:1[89]|20)[0-9]{2}"
_SHORT_YEAR: Final = rf"(?:['’‘`]?(?:{YEAR}|[0-9]{{2}}))"
_BETWEEN: Final = rf"[ ,.+_/\\~{DASH}\x{{e02f}}]"
_OF: Final = rf"(?:{_BETWEEN}{{0,3}}(?:day )?(?:of|o)?(?: the)?{_BETWEEN}{{0,3}})"
_TIME: Final = r"(?:[T ][0-9]{2}:?[0-9]{2}(?::?[0-9]{2}(?:[.,][0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
_SEPARATORS: Final = (
    r" ?[/\\\x{e02f}] ?",
    rf" ?[{DASH}~] ?",
    r" ?[.] ?",
    r"[ +_]",
    r",",
)  # one date keeps to one of them
_NUMBER: Final = r"[0-3]?[0-9]"  # of a day or a month, whichever comes first

_WRITTEN: Final = (
    rf"{DAY}{_OF}{MONTH}{_BETWEEN}{{0,3}}{_SHORT_YEAR}",
    rf"{MONTH}{_BETWEEN}{{0,3}}{DAY}{_BETWEEN}{{1,3}}{_SHORT_YEAR}",
    rf"{YEAR}{_BETWEEN}{{1,3}}{MONTH}{_BETWEEN}{{0,3}}{DAY}",
    rf"{YEAR}{_BETWEEN}{{1,3}}{DAY}{_OF}{MONTH}",
)
_NUMERIC: Final = (
    *(rf"{_NUMBER}{separator}{_NUMBER}{separator}{YEAR}" for separator in _SEPARATORS),
    *(rf"{YEAR}{separator}{_NUMBER}{separator}{_NUMBER}{_TIME}" for separator in _SEPARATORS),
    r"(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])(?:19|20)[0-9]{2}",
    rf"(?:19|20)[0-9]{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:{_TIME}|[0-9]{{4}}|[0-9]{{6}}Z?)",
)
_DAY_NUMBER: Final = r"(?:0?[1-9]|[12][0-9]|3[01])"
_MONTH_NUMBER: Final = r"(?:0?[1-9]|1[0-2])"
_SHORT: Final = (  # two digits of a year: with slashes always; with other separators a year that is no version number
    rf"{_DAY_NUMBER}[/\\\x{{e02f}}]{_DAY_NUMBER}[/\\\x{{e02f}}]['’]?[0-9]{{2}}",
    rf"{_DAY_NUMBER}[.\-]{_MONTH_NUMBER}[.\-]['’]?(?:2[4-9]|[3-9][0-9])",
    rf"{_DAY_NUMBER}-{_MONTH_NUMBER}-['’]?[0-9]{{2}}",
)

_SHORT_AFTER_LABEL: Final = tuple(rf"{_NUMBER}{separator}{_NUMBER}{separator}[0-9]{{2}}" for separator in _SEPARATORS)

_ANY: Final = "|".join((*_WRITTEN, *_NUMERIC, *_SHORT))
_OF_BIRTH: Final = r"dob|d\.o\.b\.?|date[ _+-]?of[ _+-]?birth|birth[ _+-]?date|born"
_KEY: Final = r"[a-z0-9_.()\[\]-]{0,64}"
_DATE_KEY: Final = rf"({_KEY}(?:day|month|year|dd|mm|yyyy|yy)\]?\)?=)[a-z0-9]{{1,9}}"

KEYS: Final = rf"{_KEY}(?:dob|birth|born){_KEY}"
KEYED: Final = Pattern(
    "date",
    rf"(?i)(^|[^0-9A-Za-z]){_DATE_KEY}&{_DATE_KEY}&{_DATE_KEY}",
    "${1}${2}[date]&${3}[date]&${4}[date]",
)
LABELLED: Final = labelled("date", (_OF_BIRTH, "|".join((*_SHORT_AFTER_LABEL, r"[0-9]{6}"))))
LABELLED_IN_SLUG: Final = labelled(
    "date", (_OF_BIRTH, "|".join((*_WRITTEN, *_NUMERIC, *_SHORT_AFTER_LABEL, r"[0-9]{6}")))
)
ANYWHERE: Final = word("date", _ANY)
WHOLE_PART: Final = whole_part("date", _ANY)
TRIPLE: Final = whole_part(
    "date",
    rf"{_DAY_NUMBER}/(?:{_DAY_NUMBER}|{MONTH})/(?:{YEAR}|[0-9]{{2}})|{YEAR}/(?:{_MONTH_NUMBER}|{MONTH})/{_DAY_NUMBER}|{MONTH}/{_DAY_NUMBER}/{YEAR}",
)
