"""Where somebody lives or is: names and addresses in keys, postcodes, machines' addresses, latitude and longitude, and the UUIDs that services put into paths.

Sources: postcodes, BS 7666 and Royal Mail's Postcode Address File (areas in use); BFPO numbers, British Forces Post
Office; RFC 791 and RFC 4291; ISO 6709; RFC 9562.
"""

from typing import Final

from data.clean import checks
from data.clean.pattern import EDGE, GAPS, Pattern, anywhere, whole_part, word

_KEY: Final = r"[a-z0-9_.\[\](-]{0,64}"
_INWARD: Final = r"[0-9][ABD-HJLNP-UW-Z]{2}"
_SPECIAL: Final = (
    rf"GIR{GAPS}[0O]AA|BFPO{GAPS}(?:c[/ ]?o ?)?[0-9]{{1,4}}|(?:ASCN|BBND|BIQQ|FIQQ|PCRN|SIQQ|STHL|TDCU|TKCA){GAPS}1ZZ"
)
_AREAS: Final = (
    "AB AL B BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK "
    "FY G GL GU GX GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN "
    "NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB "
    "W WA WC WD WF WN WR WS WV YO ZE"
).replace(" ", "|")
_SHAPE: Final = r"[A-PR-UWYZ][A-HJ-Z]?[0-9][0-9A-HJKMNPR-Y]?"

POSTCODE: Final = word("postcode", rf"{_SHAPE}{GAPS}{_INWARD}[A-Z]?|{_SPECIAL}")
# Within the words of a page's name only an area in use counts, and "-2nd" is no second half.
POSTCODE_IN_SLUG: Final = word(
    "postcode", rf"(?:{_AREAS})[0-9][0-9A-HJKMNPR-Y]?[-_ ]{{0,2}}{_INWARD}|{_SPECIAL}", checks.is_no_ordinal
)
POSTCODE_PART: Final = whole_part("postcode", rf"{_SHAPE}(?:{GAPS}|/){_INWARD}[A-Z]?|{_SPECIAL}")

_MACHINE: Final = r"(?:(?:25[0-5]|2[0-4][0-9]|[01]?[0-9]?[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|[01]?[0-9]?[0-9])"
_MACHINE_6: Final = (
    r"(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}|(?:[0-9a-f]{1,4}:){1,6}(?::[0-9a-f]{1,4}){1,6}|(?:[0-9a-f]{1,4}:){2,7}:"
    r"|::(?:[0-9a-f]{1,4}:){0,6}[0-9a-f]{1,4}"
)
MACHINES: Final = (
    word("ip address", _MACHINE, checks.is_machine_address),
    anywhere("ip address", rf"(?i)(?:{_MACHINE_6})", checks.is_machine_address),
)

_DEGREES: Final = r"[0-9]{1,3}\.[0-9]{3,}°? ?[NSEW]?"
LOCATION: Final = anywhere(
    "location", rf"(?i)[-+\x{{2212}}]?{EDGE}{_DEGREES}[ ,;+/_\x{{e02f}}]{{1,3}}[-+\x{{2212}}]?{_DEGREES}{EDGE}"
)

_UUID: Final = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
UUID_IN_PATH: Final = word("uuid", _UUID)
UUID_AFTER_SLASH: Final = Pattern("uuid", rf"(?i)/{_UUID}{EDGE}", "/[uuid]")

KEYS: Final = (
    rf"{_KEY}(?:post[_-]?code|postal[_-]?code|e[_-]?mail(?:[_-]?address)?|address(?:[_-]?line)?[_-]?[0-9]?|street"
    r"|(?:first|last|given|family|middle|full|maiden|user)[_-]?names?|surname|forenames?)"
    r"|name|zip(?:[_-]?code)?|lat(?:itude)?|lon(?:g(?:itude)?)?|lng|ip(?:[_-]?addr(?:ess)?)?"
)
