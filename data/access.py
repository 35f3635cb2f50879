"""Who may see what: one policy, asked before a question runs and again where rows are read. Denied unless allowed."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from data import errors
from data.register import register

Role = Literal["service owner", "department analyst", "estate analyst", "leadership", "data protection", "operator"]

EXACT_ROLES: Final[frozenset[Role]] = frozenset({"estate analyst", "leadership"})
FIGURES_ROLES: Final[frozenset[Role]] = EXACT_ROLES | {"service owner", "department analyst"}
OPEN_TO_ALL: Final = frozenset({"coverage"})  # counts of rows and days, no figure about people's journeys
OPEN_TOTALS: Final = frozenset(
    {
        "summary",
        "trend",
        "departments",
        "coverage",
        "handovers",
        "services",
        "service_returns",
        "annotations",
        "reported",
    }
)  # of every department, to every named viewer; elsewhere a department is those of its pages that the viewer may see
OPEN_HOST: Final = "www.gov.uk"
SeenBy = Literal["me", "department", "everyone"]


@dataclass(frozen=True)
class Viewer:
    """A person with a role, and the short names of the departments that the person is named for."""

    person: str
    role: Role
    departments: frozenset[str] = frozenset()

    @property
    def title(self) -> str:
        """`Service owner, HMRC`: how the person is shown."""
        return ", ".join([self.role.capitalize(), *sorted(self.departments)])

    @property
    def sees_everything(self) -> bool:
        """Whether every page and every cell is shown exactly."""
        return self.role in EXACT_ROLES

    @cached_property
    def own(self) -> frozenset[str]:
        """The departments named for, and their successors of today."""
        return self.departments | {register.as_now(short) for short in self.departments}

    def owns(self, department: str | None) -> bool:
        """Whether cells of this department are exact for the viewer."""
        return self.sees_everything or department in self.own

    @property
    def rights(self) -> str:
        """The part of a cache key that tells apart viewers who see different things."""
        return f"{self.role}:{','.join(sorted(self.departments))}"


@dataclass(frozen=True)
class Audience:
    """Who made something, the departments that this person was named for, and who else may see it."""

    person: str
    departments: frozenset[str] = frozenset()
    seen_by: SeenBy = "me"


@dataclass(frozen=True)
class Verdict:
    """Whether something is allowed, and the reason as a sentence. True where allowed."""

    allowed: bool
    reason: str

    def __bool__(self) -> bool:
        return self.allowed

    def require(self, title: str = "You can't see this") -> None:
        """Raise `errors.Forbidden` with the reason where this denies."""
        if not self.allowed:
            raise errors.Forbidden(title, self.reason)


PEOPLE: Final[dict[str, Viewer]] = {
    viewer.person: viewer
    for viewer in (
        Viewer("service-owner-hmrc", "service owner", frozenset({"HMRC"})),
        Viewer("analyst-dft", "department analyst", frozenset({"DfT"})),
        Viewer("service-owner-home-office", "service owner", frozenset({"Home Office"})),
        Viewer("estate-analyst", "estate analyst"),
        Viewer("leadership", "leadership"),
        Viewer("data-protection-hmrc", "data protection", frozenset({"HMRC"})),
        Viewer("operator", "operator"),
    )
}
DEFAULT_PERSON: Final = "estate-analyst"


def person(name: str) -> Viewer:
    """The mock person of the demonstration with this id. Raises `BadRequest` for another."""
    if name not in PEOPLE:
        raise errors.BadRequest("Nobody has this name", f"Choose one of {', '.join(PEOPLE)}", "person")
    return PEOPLE[name]


def may_ask(viewer: Viewer, question: str) -> Verdict:
    """Whether the viewer's role may ask this question at all."""
    if question in OPEN_TO_ALL:
        return Verdict(True, "Coverage is open to every named viewer")
    if viewer.role in FIGURES_ROLES:
        return Verdict(True, f"The role of {viewer.role} sees figures")
    return Verdict(
        False, f"The role of {viewer.role} sees coverage and no figures; ask an estate analyst for this answer"
    )


def may_see_services(viewer: Viewer, department: str | None) -> Verdict:
    """Whether pages of this department's services may be shown with their names. Totals are open, and so is www.gov.uk."""
    if viewer.role not in FIGURES_ROLES:
        return Verdict(False, f"The role of {viewer.role} sees no pages")
    if viewer.owns(department):
        return Verdict(True, f"You are named for {department}")
    owner = department or "the owner of this service"
    return Verdict(False, f"You are not named for {owner}; ask its data protection contact to be named")


def may_see_page(viewer: Viewer, host: str, department: str | None) -> Verdict:
    """Whether a page of this host, owned by this department, may be shown with its name."""
    if viewer.role not in FIGURES_ROLES:
        return Verdict(False, f"The role of {viewer.role} sees no pages")
    if host in {OPEN_HOST, ""}:
        return Verdict(True, "Pages of www.gov.uk are open to every named viewer")
    return may_see_services(viewer, department)


def may_make(viewer: Viewer) -> Verdict:
    """Whether the viewer may make topics, funnels, annotations and the like."""
    if viewer.role in FIGURES_ROLES:
        return Verdict(True, f"The role of {viewer.role} may make and share its own")
    return Verdict(False, f"The role of {viewer.role} sees coverage and no figures; ask an estate analyst to make it")


def may_see_made(viewer: Viewer, audience: Audience) -> Verdict:
    """Whether the viewer may see what somebody made for this audience."""
    if not may_make(viewer):
        return Verdict(False, f"The role of {viewer.role} sees coverage and no figures")
    if may_change_made(viewer, audience) or audience.seen_by == "everyone":
        return Verdict(True, "It is yours, or shared with you")
    if audience.seen_by == "department" and viewer.own & audience.departments:
        return Verdict(True, "It is shared within your department")
    return Verdict(False, "It isn't shared with you; ask who made it")


def may_change_made(viewer: Viewer, audience: Audience) -> Verdict:
    """Whether the viewer may change or delete what somebody made."""
    if may_make(viewer) and (viewer.person == audience.person or viewer.role == "estate analyst"):
        return Verdict(True, "It is yours, or you are an estate analyst")
    return Verdict(False, "Only who made it and estate analysts may change it; make a copy of your own")
