"""Peers' published cases, told in our own words and rows: `tests/peer_cases/*.toml`, imported as one file of `hits`.

A scenario has `journeys`, a line a visitor: `NAME [xN] [(DEVICE)]: STEP > STEP > ...`. N visitors did the same. A step is a
page, or an event after it (`+out HOST`, `+download NAME`), with `@TIME` from the scenario's start, such as `@90`, `@1h30m`
or `@2d`; without it, ten seconds after the step before. There are no session ids: sessions are cut by gaps of 30 minutes.
Pages get the scenario's name in front, in rows and in questions, so that one estate holds all scenarios; every question
is asked of the scenario's own sessions only.

A case asks one question (`explore`, `funnel`, `funnel_trend` or `next_pages`) and says what the peer expects of it. Where our
definition differs, `ours` holds our number beside the peer's and `why` the reason.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from data.access import PEOPLE
from data.periods import london_day
from data.store import Estate
from queries.ask import ask
from tests.deliveries import csv

JSON = dict[str, Any]
FOLDER: Final = Path(__file__).with_name("peer_cases")
QUESTIONS: Final = ("explore", "funnel", "funnel_trend", "next_pages")
START: Final = datetime(2019, 10, 1, 9, tzinfo=UTC)
JOURNEY: Final = re.compile(r"(?P<name>[\w -]+?)(?: x(?P<times>\d+))?(?: \((?P<device>\w+)\))?: (?P<steps>.+)")
STEP: Final = re.compile(r"(?P<what>.+?)(?: @(?P<at>[\ddhms]+))?")
SPAN: Final = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?")


@dataclass(frozen=True)
class Case:
    """One question about a scenario and its days, what the peer expects, and what we answer where that differs."""

    scenario: str
    days: JSON
    name: str
    question: str
    asked: JSON
    expect: JSON
    ours: JSON
    why: str

    def __str__(self) -> str:
        return f"{self.scenario}: {self.name}"


def scenarios() -> Iterator[tuple[str, JSON]]:
    """Every scenario under its name, which begins with that of its file."""
    for path in sorted(FOLDER.glob("*.toml")):
        for scenario in tomllib.loads(path.read_text(encoding="utf-8"))["scenario"]:
            yield f"{path.stem}-{scenario['name']}", scenario


def cases() -> Iterator[Case]:
    """Every case of every scenario."""
    for scenario, told in scenarios():
        moments = [moment for line in told["journeys"] for moment, _ in _steps(line)]
        days = {"from": str(london_day(START)), "to": str(london_day(max(moments)))}
        for case in told["case"]:
            (question,) = (name for name in QUESTIONS if name in case)
            rest = {name: case.get(name, {}) for name in ("expect", "ours")}
            yield Case(scenario, days, case["name"], question, case[question], **rest, why=case.get("why", ""))


def rows() -> bytes:
    """The journeys of all scenarios as one file of `hits`."""
    found = [row for name, told in scenarios() for line in told["journeys"] for row in _rows(name, line)]
    return csv(*found, header="visitor,time,page,device,event,value")


def _rows(scenario: str, line: str) -> Iterator[str]:
    told = _journey(line)
    for number in range(int(told["times"] or 1)):
        for moment, what in _steps(line):
            event, _, value = what[1:].partition(" ") if what.startswith("+") else ("page_view", "", "")
            page = f"/{scenario}{what}" if event == "page_view" else "/"
            kind = {"out": "outbound"}.get(event, event)
            yield f"{scenario} {told['name']} {number},{moment:%FT%TZ},{page},{told['device'] or 'desktop'},{kind},{value}"


def _steps(line: str) -> Iterator[tuple[datetime, str]]:
    """The steps of a journey with their times."""
    seconds = -10
    for step in _journey(line)["steps"].split(" > "):
        told = STEP.fullmatch(step)
        assert told, f"This isn't a step: {step}"
        seconds = _seconds(told["at"]) if told["at"] else seconds + 10
        yield START + timedelta(seconds=seconds), told["what"]


def _journey(line: str) -> re.Match[str]:
    told = JOURNEY.fullmatch(line)
    assert told, f"This isn't a journey: {line}"
    return told


def _seconds(text: str) -> int:
    """The seconds of a span of time, such as `1h30m`."""
    told = SPAN.fullmatch(text)
    assert told, f"This isn't a time: {text}"
    return sum(int(part or 0) * size for part, size in zip(told.groups(), (86_400, 3_600, 60, 1), strict=True))


def answered(estate: Estate, case: Case) -> JSON:
    """Our answer in the words of the cases: every fact that a case can expect of this question."""
    named = case.question == "next_pages" or "page" in case.asked.get("filters", {})
    asked = within(case.scenario, case.asked if named else {"page": ["/**"], **case.asked})
    value = ask(estate, PEOPLE["estate-analyst"], case.question, {"compare": "none", **case.days, **asked}).value
    return _no_nulls(FACTS[case.question](without(case.scenario, value)))


def within(scenario: str, value: Any) -> Any:
    """A definition with the scenario's name before each of its pages, patterns and anchored expressions."""
    if isinstance(value, dict):
        return {name: within(scenario, part) for name, part in value.items()}
    if isinstance(value, list):
        return [within(scenario, part) for part in value]
    return re.sub(r"^(\^?)/", rf"\1/{scenario}/", value) if isinstance(value, str) else value


def without(scenario: str, value: Any) -> Any:
    """An answer without the scenario's name."""
    if isinstance(value, dict):
        return {without(scenario, name): without(scenario, part) for name, part in value.items()}
    if isinstance(value, list):
        return [without(scenario, part) for part in value]
    return re.sub(rf"^/{scenario}/?", "/", value) if isinstance(value, str) else value


def _no_nulls(facts: JSON) -> JSON:
    """TOML has no null: no value is "none" in a list."""
    lists = {name: value for name, value in facts.items() if isinstance(value, list)}
    return facts | {name: ["none" if one is None else one for one in value] for name, value in lists.items()}


def _explore(answer: JSON) -> JSON:
    shown = [link for link in answer["links"] if not link["to"].startswith("(")]
    links = [f"{link['step'] + 1} {link['from']} > {link['to']}: {link['sessions']}" for link in shown]
    return {
        "sessions": answer["sessions"],
        "steps": [_step(step) for step in answer["steps"]],
        "links": sorted(links),
        "timed_links": sorted(f"{text}, {link['mean_seconds']:g} s" for text, link in zip(links, shown, strict=True)),
        "paths": {" > ".join(path["pages"]): path["sessions"] for path in answer.get("paths") or ()},
    }


def _step(step: JSON) -> JSON:
    counts = {name: step[name] for name in ("other", "ended", "reached_end") if step[name]}
    return {node["page"]: node["sessions"] for node in step["nodes"]} | counts


def _funnel(answer: JSON) -> JSON:
    steps = answer["steps"]
    told = {
        name: [step[name] for step in steps] for name in ("share_of_start", "share_of_previous", "drop_offs", "skipped")
    }
    times = {name: [step[name] for step in steps[1:]] for name in ("mean_seconds", "median_seconds")}
    return {
        "counts": answer["counts"],
        "voided": answer["voided"],
        "groups": {group["value"]: group["counts"] for group in answer["groups"]},
        "days": {str(day["day"]): day["counts"] for day in answer["days"] if any(day["counts"])},
        "went": {
            str(step["step"]): {one["to"]: one["units"] for one in step["went"]} for step in steps if step["went"]
        },
        "histogram": {str(step["step"]): sum(bar["units"] for bar in step["histogram"] or ()) for step in steps[1:]},
        **told,
        **times,
    }


def _trend(answer: JSON) -> JSON:
    whole = [row for row in answer["rows"] if row["step"] == 0 and row["units"]]
    return {"started": {str(row["day"]): [row["units"], row["units"] - row["drop_offs"]] for row in whole}}


def _next_pages(answer: JSON) -> JSON:
    sides = {side: {one["page"]: one["page_views"] for one in answer[side]} for side in ("previous", "following")}
    return {name: answer[name] for name in ("page_views", "sessions", "loops", "landings", "exits")} | sides


FACTS: Final = {"explore": _explore, "funnel": _funnel, "funnel_trend": _trend, "next_pages": _next_pages}
