"""How a funnel is written and checked: steps, exclusions, windows, and what doesn't go with what."""

from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from queries.funnels import funnel_text
from queries.funnels.engine.views import Mode, Rule
from queries.page_sets.matching import SETS, Definition, known, written
from queries.parameters import Common, Switch, Whole, Words

LEAST_STEPS: Final = 2
MOST_STEPS: Final = 50
MOST_EXCLUSIONS: Final = 20
MOST_SECONDS: Final = 31 * 24 * 60 * 60  # no attempt crosses months
Breakdown = Literal[
    "device", "channel", "country", "department", "service", "section", "document_type", "topic", "page"
]
Seconds = Annotated[Whole, Field(ge=0, le=MOST_SECONDS)]


class Matchers(Definition):
    """Pages that fit any of several matchers: `match` with `value`, or a list of these in `any`."""

    match: Annotated[str, AfterValidator(known)] = "any"
    any: Annotated[tuple[Definition, ...], Field(validate_default=True)] = ()

    @field_validator("any")
    @classmethod
    def _of_one_kind(cls, some: tuple[Definition, ...], info: ValidationInfo) -> tuple[Definition, ...]:
        match = info.data.get("match")
        if match == "sequence" or any(one.match not in SETS for one in some):
            raise ValueError("should be sets of pages: any and sequence are for journeys")
        if match == "any" and not some:
            raise ValueError("should have at least one matcher, where match and value are left out")
        if match not in {"any", None} and some:
            raise ValueError("should be left out where match and value say which pages")
        return some

    @property
    def matchers(self) -> tuple[Definition, ...]:
        """Every matcher; a page view fits where one of them does."""
        return self.any or (Definition(match=self.match, value=self.value),)

    @property
    def words(self) -> str:
        """What is matched, as it was written."""
        return " or ".join(value for one in self.matchers for value in one.value)


class Step(Matchers):
    """One step of a funnel."""

    name: Words | None = None
    optional: Switch = False


class Exclusion(Matchers):
    """Page views that must not lie between two steps, which count from 1; by default the first and the last."""

    from_step: Annotated[Whole, Field(ge=1)] = 1
    to_step: Annotated[Whole, Field(ge=2)] | None = None


def _steps(value: object) -> object:
    value = funnel_text.read(value) if isinstance(value, str) else value
    if not isinstance(value, list | tuple) or not LEAST_STEPS <= len(value) <= MOST_STEPS:
        raise ValueError(f"should be a list of {LEAST_STEPS} to {MOST_STEPS} steps")
    return tuple(written(one) for one in value)


def _exclusions(value: object) -> object:
    value = () if value is None else value
    if not isinstance(value, list | tuple) or len(value) > MOST_EXCLUSIONS:
        raise ValueError(f"should be a list of at most {MOST_EXCLUSIONS} exclusions")
    return tuple(written(one) for one in value)


class Parameters(Common):
    """A funnel: its steps, and what an attempt must obey."""

    unit: Literal["session", "visitor"] = "session"
    mode: Mode = "ordered"
    window_seconds: Seconds | None = None
    step_window_seconds: Seconds | None = None
    steps: Annotated[tuple[Step, ...], BeforeValidator(_steps)]
    exclusions: Annotated[tuple[Exclusion, ...], BeforeValidator(_exclusions)] = ()
    breakdown: Breakdown | None = None

    @model_validator(mode="after")
    def _goes_together(self) -> "Parameters":
        for n, step in enumerate(self.steps):
            if step.optional and self.mode not in {"ordered", "strict"}:
                raise ValueError(f"steps[{n}].optional should be false: {self.mode} funnels have no optional steps")
            if step.optional and n in {0, len(self.steps) - 1}:
                raise ValueError(f"steps[{n}].optional should be false: the first and the last step are required")
        if self.mode == "any_order" and self.step_window_seconds is not None:
            raise ValueError("step_window_seconds should be left out: in any order no step comes before another")
        for n, one in enumerate(self.exclusions):
            self._check(f"exclusions[{n}]", one)
        return self

    def _check(self, field: str, one: Exclusion) -> None:
        """Raise for an exclusion that can't lie where it says."""
        last = len(self.steps)
        if self.mode == "open":
            raise ValueError(f"{field} should be left out: open funnels have no exclusions")
        to = one.to_step or last
        if to > last or one.from_step >= to:
            name = "to_step" if to > last else "from_step"
            raise ValueError(f"{field}.{name} should name steps in order: from_step before to_step, at most {last}")
        if self.mode == "any_order" and (one.from_step, to) != (1, last):
            raise ValueError(
                f"{field}.from_step should be 1, and to_step {last}: in any order none comes before another"
            )
        for name, step in (("from_step", one.from_step), ("to_step", to)):
            if self.steps[step - 1].optional:
                raise ValueError(f"{field}.{name} should be a required step: step {step} is optional")

    @property
    def names(self) -> list[str]:
        """What each step is called."""
        return [step.name or step.words for step in self.steps]

    @property
    def rule(self) -> Rule:
        """What an attempt must obey, as the engine knows it."""
        optional = tuple(step.optional for step in self.steps)
        place = {step: n for n, step in enumerate(step for step, skip in enumerate(optional, 1) if not skip)}
        between = tuple((place[one.from_step], place[one.to_step or len(self.steps)]) for one in self.exclusions)
        return Rule(self.mode, optional, self.window_seconds, self.step_window_seconds, between)

    @property
    def windowed(self) -> bool:
        """Whether attempts are held against a clock."""
        return self.window_seconds is not None or self.step_window_seconds is not None
