"""What every question can be asked with: names, limits, and sentences for what is wrong with a value."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any, Final, Literal, TypeVar

import orjson
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from data import errors
from data.contract import CHANNELS, DEVICES
from data.periods import Period
from data.register import register

MOST_VALUES: Final = 50
MOST_ROWS: Final = 10_000
LONGEST_WORDS: Final = 200  # characters
LONGEST_PATTERN: Final = 2_048
DAYS: Final = Period(date(2000, 1, 1), date(2099, 12, 31))  # that may be asked for
MOST_DAYS: Final = (
    10_958  # of a period: thirty years; each day that is asked for takes time, whether it has data or not
)
FILTERS: Final = (
    "service",
    "organisation",
    "document_type",
    "department",
    "device",
    "channel",
    "country",
    "topic",
    "page",
)
_OF_PYDANTIC = re.compile(r"^(?:Input|String|Value|Tuple|List) should")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def _day(value: object) -> object:
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value) or not _real(value):
        raise ValueError("should be a date such as 2019-10-31")
    day = date.fromisoformat(value)
    if day not in DAYS:
        raise ValueError(f"should be a date from {DAYS.first} to {DAYS.last}")
    return day


def _whole(value: object) -> object:
    if isinstance(value, bool) or not (
        isinstance(value, int) or (isinstance(value, str) and re.fullmatch(r"\d{1,9}", value))
    ):
        raise ValueError("should be a whole number")
    return int(value)


def _switch(value: object) -> object:
    if not isinstance(value, bool | str) or value not in {True, False, "true", "false"}:
        raise ValueError("should be true or false")
    return value in {True, "true"}


def _clear(text: str) -> str:
    if _CONTROL.search(text):
        raise ValueError("should have no control characters")
    return text


def _several(value: object) -> object:
    """Values separated by commas, or a list; sorted, each once, so that the same wish has the same form."""
    values = value.split(",") if isinstance(value, str) else value
    if not isinstance(values, list | tuple) or not all(isinstance(v, str) for v in values):
        raise ValueError("should be text, with commas between several values")
    if len(values) > MOST_VALUES:
        raise ValueError(f"should have at most {MOST_VALUES} values")
    if not all(values):
        raise ValueError("should have no empty value")
    return tuple(sorted(set(values)))


def registered_department(short: str) -> str:
    """A department's short name as the register writes it. Raises `ValueError` for another."""
    try:
        return register.department(short).short
    except errors.UnknownDepartment as unknown:
        raise ValueError(f"should be departments; {unknown.detail}") from None


def registered_service(slug: str) -> str:
    """The slug of a service that the register knows. Raises `ValueError` for another."""
    if slug not in register.services:
        raise ValueError("should be the short names of services that the register knows, such as vehicle-tax")
    return slug


Day = Annotated[date, BeforeValidator(_day)]
Whole = Annotated[int, BeforeValidator(_whole)]
Switch = Annotated[bool, BeforeValidator(_switch)]
Words = Annotated[str, Field(max_length=LONGEST_WORDS), AfterValidator(_clear)]
Pattern = Annotated[str, Field(min_length=1, max_length=LONGEST_PATTERN), AfterValidator(_clear)]
SeveralWords = Annotated[tuple[Words, ...], BeforeValidator(_several)]
SeveralPatterns = Annotated[tuple[Pattern, ...], BeforeValidator(_several)]
Device = Literal["desktop", "mobile", "tablet", "other"]
Channel = Literal[
    "direct", "search engine", "AI assistant", "GOV.UK email", "other government", "social", "referral", "paid", "other"
]


class Filters(BaseModel):
    """What sessions or page views are chosen by."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=False, hide_input_in_errors=True)

    service: SeveralWords = ()
    organisation: SeveralWords = ()
    document_type: SeveralWords = ()
    department: SeveralWords = ()
    device: Annotated[tuple[Device, ...], BeforeValidator(_several)] = ()
    channel: Annotated[tuple[Channel, ...], BeforeValidator(_several)] = ()
    country: SeveralWords = ()
    topic: SeveralWords = ()
    page: SeveralPatterns = ()

    @field_validator("department", "organisation")
    @classmethod
    def _departments(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(set(map(registered_department, values))))

    @field_validator("service")
    @classmethod
    def _known(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        """Services of the register; a question of what others returned knows more."""
        return tuple(map(registered_service, values))


class Common(Filters):
    """The parameters of every question. `filters` may hold the filters in one object, as definitions do."""

    account: Literal["gds", "joined"] = "joined"
    first: Day | None = Field(None, alias="from")
    last: Day | None = Field(None, alias="to")
    compare: Words = "previous"
    attribution: Literal["owner", "tagged"] = "owner"
    structure: Literal["then", "now"] = "then"
    limit: Annotated[Whole, Field(ge=1, le=MOST_ROWS)] = 100
    publication: Switch = False

    @model_validator(mode="before")
    @classmethod
    def _filters_beside_the_rest(cls, given: Any) -> Any:
        """A definition's `filters` object means the same as the filters on their own."""
        if not isinstance(given, Mapping) or "filters" not in given:
            return given
        rest, filters = {k: v for k, v in given.items() if k != "filters"}, given["filters"] or {}
        if not isinstance(filters, Mapping) or not set(filters) <= set(FILTERS):
            raise ValueError(f"filters should be an object with any of {', '.join(FILTERS)}")
        if twice := sorted(set(filters) & set(rest)):
            raise ValueError(f"{twice[0]} should stand once, in filters or beside them")
        return {**rest, **filters}

    @model_validator(mode="after")
    def _periods_fit(self) -> "Common":
        if self.first and self.last and self.last < self.first:
            raise ValueError("to should not be before from")
        if self.first and self.last and Period(self.first, self.last).days > MOST_DAYS:
            raise ValueError(f"to should be at most {MOST_DAYS:,} days after from")
        if self.compare not in {"previous", "year", "none"}:
            _range(self.compare)
        return self

    def compared_with(self, period: Period) -> Period | None:
        """The comparison period of `period`."""
        if self.compare in {"previous", "year"}:
            return period.previous() if self.compare == "previous" else period.year_before()
        return None if self.compare == "none" else _range(self.compare)

    @property
    def sides(self) -> "tuple[Common, ...]":
        """Everything that is asked at once: each must be allowed."""
        return (self,)

    @property
    def devices(self) -> list[int]:
        """The devices asked for, as a segment numbers them."""
        return [DEVICES.index(device) + 1 for device in self.device]

    @property
    def channels(self) -> list[int]:
        """The channels asked for, as a segment numbers them."""
        return [CHANNELS.index(channel) + 1 for channel in self.channel]


def _range(text: str) -> Period:
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)", text)
    if not found or not _real(found[1]) or not _real(found[2]) or found[2] < found[1]:
        raise ValueError("compare should be previous, year, none or two dates such as 2019-10-01..2019-10-31")
    period = Period(date.fromisoformat(found[1]), date.fromisoformat(found[2]))
    if period.first not in DAYS or period.last not in DAYS or period.days > MOST_DAYS:
        raise ValueError(f"compare should be at most {MOST_DAYS:,} days from {DAYS.first} to {DAYS.last}")
    return period


def _real(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


Model = TypeVar("Model", bound=Common)


def read(model: type[Model], given: Mapping[str, object]) -> Model:
    """The parameters as a checked value. Raises `BadRequest` that names the field and says what would do."""
    try:
        return model.model_validate(dict(given))
    except ValidationError as wrong:
        raise _bad_request(model, wrong) from None


def once(pairs: Iterable[tuple[str, str]]) -> dict[str, object]:
    """Plain parameters of an address as a mapping. Raises `BadRequest` for one that stands twice."""
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise errors.BadRequest("A parameter stands twice", f"Put the values of {name} in one, with commas", name)
        found[name] = value
    return found


def of_json(text: str | bytes) -> Any:
    """The value of a JSON text. Raises `BadRequest` where it is none, or where an object names something twice."""
    try:
        value = orjson.loads(text)
        json.loads(text, object_pairs_hook=_named_once)  # orjson keeps the last of two and can't tell
    except (ValueError, RecursionError):
        raise errors.BadRequest("This isn't JSON", "Send one JSON value in UTF-8, as README shows") from None
    return value


def _named_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise errors.BadRequest("A part of the definition stands twice", f"Keep one {twice[:40]}", twice[:40])
    return found


def _bad_request(model: type[Common], wrong: ValidationError) -> errors.BadRequest:
    first = wrong.errors(include_url=False, include_context=True, include_input=False)[0]
    field = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"]).lstrip(".")
    field = re.sub(r"\[\d+\]$", "", field)  # which of several values is wrong is seen from the sentence
    if first["type"] == "extra_forbidden":
        known = ", ".join(sorted(f.alias or name for name, f in model.model_fields.items()))
        help_ = "is no part of it" if "." in field else f"isn't one of {known}"
        return errors.BadRequest("There is no such parameter", f"{_short(field)} {help_}", _short(field))
    sentence = _OF_PYDANTIC.sub("should", first["msg"].removeprefix("Value error, "))
    sentence = "is needed" if first["type"] == "missing" else sentence
    field = field or sentence.split(" ", 1)[0]
    said = sentence if sentence.startswith(field) else f"{field} {sentence[:1].lower()}{sentence[1:]}"
    return errors.BadRequest("A value can't be used", said, _short(field))


def _short(text: str) -> str:
    return _CONTROL.sub(" ", text)[:LONGEST_WORDS]
