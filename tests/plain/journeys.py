"""Journeys in plain Python over plain sessions: the oracle of `explore`."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any

from tests.plain.definitions import JSON, NOT_SHARED, Session, World, chosen, fits, meant


@dataclass(frozen=True)
class Step:
    """A step: what it is shown as, the pages of its run, and the time of the run's last view."""

    label: str
    pages: tuple[str, ...]
    seconds: int | None


@dataclass(frozen=True)
class Journey:
    """The steps of one session, from the anchor outward."""

    steps: list[Step]
    reached_end: bool
    stopped: str  # how the session ended, or backward the channel it began by


def collapsed(steps: list[Step]) -> list[Step]:
    """Equal neighbours become one step, which takes the time of the last."""
    kept: list[Step] = []
    for step in steps:
        if kept and kept[-1].label == step.label:
            kept[-1] = Step(step.label, kept[-1].pages + step.pages, step.seconds)
        else:
            kept.append(step)
    return kept


def anchored(pages: list[str], question: JSON, world: World) -> int | None:
    """(4) Where the journey starts: first or last by time; of a sequence, its outermost page."""
    anchor, forward = question["anchor"], question.get("direction", "forward") == "forward"
    if anchor["match"] == "any":
        return 0 if forward else len(pages) - 1
    if anchor["match"] == "sequence":
        size = len(anchor["value"])
        starts = [
            n
            for n in range(len(pages) - size + 1)
            if all(meant(text, pages[n + i], world) for i, text in enumerate(anchor["value"]))
        ]
        places = [n + size - 1 if forward else n for n in starts]
    else:
        places = [n for n, page in enumerate(pages) if fits(anchor, page, world)]
    if not places:
        return None
    return places[0] if question.get("occurrence", "first") == "first" else places[-1]


def label(page: str, group: Any, world: World) -> str:
    """(5) What a page is counted as. Pages that may not be seen stay apart from those that may."""
    if page == NOT_SHARED or group == "page":
        return page
    if group == "department":
        return world.department.get(page, "No owner")
    if group == "service":
        return world.service.get(page, "(no service)")
    hidden = f"\0{world.department.get(page)}" if page in world.hidden else ""
    if group == "document_type":
        return world.document_type.get(page, "(no document type)") + hidden
    if group == "section":
        return ("(no section)" if page.startswith("/") else "/".join(page.split("/")[:2])) + hidden
    groups = group["patterns"] if isinstance(group["patterns"], dict) else {text: text for text in group["patterns"]}
    return next((name for name, text in groups.items() if fits({"match": "pattern", "value": text}, page, world)), page)


def journey(session: Session, question: JSON, world: World) -> Journey | None:
    """The journey of one session, or none where it has none: steps (2) to (7) in their order."""
    views = [v for v in session.views if not any(meant(text, v.page, world) for text in question.get("exclude", []))]
    tidy = collapsed if question.get("collapse_repeats", True) else list[Step]
    steps = tidy([Step(view.page, (view.page,), view.seconds) for view in views])
    at = anchored([step.label for step in steps], question, world) if steps else None
    if at is None:
        return None
    groups = [Step(label(s.label, question.get("group", "page"), world), s.pages, s.seconds) for s in steps]
    at = len(tidy(groups[: at + 1])) - 1
    forward = question.get("direction", "forward") == "forward"
    outward = tidy(groups)[at:] if forward else tidy(groups)[at::-1]
    return cut(
        Journey(outward, reached_end=False, stopped=session.ended if forward else session.channel), question, world
    )


def cut(whole_journey: Journey, question: JSON, world: World) -> Journey | None:
    """(6) Kept where `end` is reached and `via` lies before it, and cut at the end."""
    steps, reached = whole_journey.steps, bool(question.get("end"))
    if reached:
        ends = [n for n, step in enumerate(steps) if n and any(fits(question["end"], p, world) for p in step.pages)]
        if not ends:
            return None
        steps = steps[: ends[0] + 1]
    if question.get("via"):
        between = steps[1:-1] if reached else steps[1:]
        if not any(fits(question["via"], page, world) for step in between for page in step.pages):
            return None
    return Journey(steps, reached, whole_journey.stopped)


def exact(name: str, question: JSON, world: World) -> bool:
    """Whether the cells of a node are the viewer's own, or the viewer sees all cells."""
    group = question.get("group", "page")
    if world.own is None:
        return True
    if isinstance(group, dict) and name in group["patterns"]:
        return False  # a pattern's pages may be anybody's, and its name may be a page's
    owners = {"department": {name: name}, "service": world.of_service}.get(str(group), world.department)
    return (world.of_host.get(name.split("/", maxsplit=1)[0]) if group == "section" else owners.get(name)) in world.own


Shown = Callable[[int, Journey], str]


def hidden_in(step: Step, question: JSON, world: World) -> bool:
    """Whether the step's name may not be shown. Totals of departments and services are open to all."""
    return question.get("group", "page") not in ("department", "service") and step.pages[0] in world.hidden


def tops(sides: Sequence[list[Journey]], question: JSON, world: World) -> list[list[str]]:
    """The nodes shown at each step: the most common of any side; most sessions first, ties in code-point order."""
    shown = []
    for k in range(question.get("steps", 5) + 1):
        steps = [[j.steps[k] for j in journeys if len(j.steps) > k] for journeys in sides]
        counts = [Counter(s.label for s in some if not hidden_in(s, question, world)) for some in steps]
        names = {name for one in counts for name in one}
        large = [name for name in names if exact(name, question, world) or all(one[name] >= 10 for one in counts)]
        top = None if question.get("top", 5) == "all" else question.get("top", 5)
        most = {
            name for one in counts for name in sorted((n for n in large if one[n]), key=lambda n: (-one[n], n))[:top]
        }
        shown.append(sorted(most, key=lambda n: (*(-one[n] for one in counts), n)))
    return shown


def naming(sides: Sequence[list[Journey]], shown: list[list[str]], question: JSON, world: World) -> Shown:
    """What a journey is shown as at a step."""

    def of_hidden(k: int, department: str | None, journeys: list[Journey]) -> int:
        same = [j for j in journeys if len(j.steps) > k and hidden_in(j.steps[k], question, world)]
        return sum(world.department.get(j.steps[k].pages[0]) == department for j in same)

    def name(k: int, one: Journey) -> str:
        if len(one.steps) <= k:
            backward = question.get("direction", "forward") == "backward"
            return "(reached end)" if one.reached_end else "(began)" if backward else "(ended)"
        if hidden_in(one.steps[k], question, world):
            department = world.department.get(one.steps[k].pages[0])
            enough = all(of_hidden(k, department, journeys) >= 10 for journeys in sides)
            return "(hidden)" if enough else "(other)"
        return one.steps[k].label if one.steps[k].label in shown[k] else "(other)"

    return name


def walked(sessions: Iterable[Session], question: JSON, world: World) -> list[Journey]:
    """The journeys of these sessions."""
    found = [journey(s, question, world) for s in sessions if chosen(s, question.get("filters", {}), world)]
    return [j for j in found if j]


def explore(sessions: Iterable[Session], question: JSON, world: World | None = None) -> JSON:
    """The answer to `explore` as the API gives it."""
    world = world or World()
    journeys = walked(sessions, question, world)
    shown = tops([journeys], question, world)
    return answered(journeys, shown, naming([journeys], shown, question, world), question, world=world)


def answered(journeys: list[Journey], shown: list[list[str]], name: Shown, question: JSON, *, world: World) -> JSON:
    """The answer of some journeys of which these nodes are shown."""
    answer = {
        "sessions": len(journeys),
        "steps": [counted(k, nodes, journeys, name, world=world) for k, nodes in enumerate(shown)],
        "links": [link for k in range(len(shown) - 1) for link in links(k, journeys, name)],
    }
    return answer | (paths(journeys, question, world) if question.get("paths") else {})


def share(part: float, of: float) -> float | None:
    """A share; none of nothing."""
    return part / of if of else None


def counted(k: int, nodes: list[str], journeys: list[Journey], name: Shown, *, world: World) -> JSON:
    """One step of the answer."""
    stopped = [j for j in journeys if len(j.steps) == k]
    here = [j for j in journeys if len(j.steps) > k]
    hidden = [world.department.get(j.steps[k].pages[0]) for j in here if name(k, j) == "(hidden)"]
    at = Counter(name(k, j) for j in here)
    return {
        "step": k,
        "nodes": [
            {"page": page, "sessions": n, "share": share(n, len(journeys))} for page in nodes for n in [at[page]]
        ],
        "other": sum(name(k, j) == "(other)" for j in here),
        "ended": sum(not j.reached_end for j in stopped),
        "ended_how": dict(Counter(j.stopped for j in stopped if not j.reached_end)),
        "reached_end": sum(j.reached_end for j in stopped),
        "hidden": len(hidden),
        "hidden_departments": dict(Counter(f"({department})" for department in hidden)),
    }


def links(k: int, journeys: list[Journey], name: Shown) -> list[JSON]:
    """The links from step k to step k+1, most sessions first."""
    times: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    counts: Counter[tuple[str, str]] = Counter()
    for one in journeys:
        if len(one.steps) > k:
            pair = (name(k, one), name(k + 1, one))
            counts[pair] += 1
            seconds = [step.seconds for step in one.steps[k : k + 2] if step.seconds is not None]
            times[pair] += [abs(seconds[1] - seconds[0])] if len(seconds) == 2 else []
    return [
        {
            "step": k,
            "from": pair[0],
            "to": pair[1],
            "sessions": n,
            "median_seconds": median(times[pair]) if times[pair] else None,
            "mean_seconds": fmean(times[pair]) if times[pair] else None,
        }
        for pair, n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]


def paths(journeys: list[Journey], question: JSON, world: World) -> JSON:
    """Whole journeys from the anchor outward, most first; those passing a small cell of another department are left out."""

    def page(step: Step) -> str:
        return f"({world.department.get(step.pages[0])})" if hidden_in(step, question, world) else step.label

    counts = Counter(tuple(page(step) for step in j.steps) for j in journeys)
    passing = {
        tuple(page(step) for step in j.steps)
        for j in journeys
        if any(hidden_in(step, question, world) or not exact(step.label, question, world) for step in j.steps)
    }
    large = [(pages, n) for pages, n in counts.items() if n >= 10 or pages not in passing]
    ranked = sorted(large, key=lambda item: (-item[1], item[0]))[: question["paths"]]
    listed = [{"pages": list(pages), "sessions": n, "share": n / len(journeys)} for pages, n in ranked]
    return {"paths": listed, "paths_other": len(journeys) - sum(n for _, n in ranked)}
