"""A file's header: which columns are read, which are ignored and named, which refuse the whole file."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from data import errors

# Columns that tell who somebody is. Their mere presence refuses a file: whoever exports them has sent the wrong thing.
IDENTITIES: Final = frozenset(
    [
        "userid",
        "uid",
        "verifypid",
        "pid",
        "pairwiseid",
        "sub",
        "subject",
        "subjectid",
        "hashedpid",
        "nino",
        "ninumber",
        "nationalinsurance",
        "nationalinsurancenumber",
        "nhsnumber",
        "utr",
        "gwf",
        "passport",
        "passportnumber",
        "drivinglicence",
        "drivinglicencenumber",
        "driverlicence",
        "name",
        "fullname",
        "firstname",
        "forename",
        "givenname",
        "middlename",
        "lastname",
        "surname",
        "familyname",
        "username",
        "login",
        "loginid",
        "email",
        "emailaddress",
        "mail",
        "phone",
        "phonenumber",
        "telephone",
        "telephonenumber",
        "tel",
        "mobile",
        "mobilenumber",
        "address",
        "addressline1",
        "addressline2",
        "streetaddress",
        "homeaddress",
        "postcode",
        "postalcode",
        "zipcode",
        "dob",
        "dateofbirth",
        "birthdate",
        "birthday",
        "gender",
        "sex",
        "ethnicity",
        "ip",
        "ipaddress",
        "clientip",
        "remoteip",
        "latitude",
        "longitude",
        "accountnumber",
        "sortcode",
        "cardnumber",
        "iban",
        "vrn",
        "vehicleregistration",
    ]
)
IDENTITY_PARTS: Final = frozenset(
    {"email", "nino", "surname", "forename", "passport", "postcode", "dob", "telephone", "birth", "password"}
)
SHOWN: Final = re.compile(r"[A-Za-z][A-Za-z0-9 _.-]{0,39}")
PARTS: Final = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")


def plain(name: str) -> str:
    """A column's name without case, spaces, dashes and underscores, as names are compared."""
    return re.sub(r"[ _-]", "", name.casefold())


def shown(names: Sequence[str]) -> tuple[str, ...]:
    """Names as they may be repeated: a file without a header has people's data where names should be."""
    return tuple(
        name if SHOWN.fullmatch(name) and not re.search(r"\d{5}", name) else f"column {number}"
        for number, name in enumerate(names, 1)
    )


def chosen(names: Sequence[str], wanted: Mapping[str, str]) -> dict[str, str]:
    """The file's columns to read: their names in the file -> ours. `wanted` has ours by their plain names.

    Raises `Refused` for a column of identity, one that comes twice, and a header that is none.
    """
    _refuse_identities(names)
    found: dict[str, str] = {}
    for name in names:
        ours = wanted.get(plain(name))
        if ours and ours in found.values():
            raise wrong_schema(f"the column {ours} comes twice")
        if ours:
            found[name] = ours
    return found


def ignored(names: Sequence[str], read: Mapping[str, str]) -> tuple[str, ...]:
    """The columns that aren't read, as they may be named, at most 50."""
    return tuple(label for name, label in zip(names, shown(names), strict=True) if name not in read)[:50]


def need(found: Mapping[str, str], *columns: str) -> None:
    """Raise `Refused` naming the columns that a format can't do without and the file doesn't have."""
    if missing := [column for column in columns if column not in found.values()]:
        raise wrong_schema(f"there is no column {' and no column '.join(missing)}")


def wrong_schema(what: str) -> errors.Refused:
    """The refusal of a file whose columns aren't its format's."""
    detail = f"In this file {what}. The formats and their columns stand in README"
    return errors.Refused("schema", "The file doesn't have the columns of its format", detail)


def _refuse_identities(names: Sequence[str]) -> None:
    for name, label in zip(names, shown(names), strict=True):
        parts = {part.lower() for part in PARTS.findall(name)}
        if plain(name) in IDENTITIES or parts & IDENTITY_PARTS:
            detail = f"The column {label!r} tells who people are; nothing of it was kept. Send the file without it"
            raise errors.Refused("identity_column", "The file has a column of identity", detail)
