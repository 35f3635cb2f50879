"""What must balance in every journey, asked of the published estate with every option, and what doesn't as sentences."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any, Final

from data import access
from data.periods import Period
from data.register import register
from data.store import Estate
from queries.ask import ask
from queries.page_sets.topics import BUILT_IN
from queries.periods import last_month
from queries.publication import UNIT

JSON = dict[str, Any]
FOUR_WEEKS: Final = 28
SPECIAL: Final = ("other", "hidden", "ended", "reached_end")
WAYS: Final[dict[str, JSON]] = {
    "as they are": {},
    "the last view": {"occurrence": "last"},
    "all pages": {"top": "all", "steps": 2},
    "more than six steps": {"steps": 12},
    "reloads kept": {"collapse_repeats": False},
    "by document type": {"group": "document_type"},
    "by department": {"group": "department"},
    "by service": {"group": "service"},
    "by patterns": {"group": {"patterns": {"Guidance": "/guidance/**", "Government": "/government/**"}}},
    "by section": {"group": "section"},
    "on mobiles": {"device": ["mobile"]},
    "on mobiles beside desktops": {"device": ["mobile"], "against": {"device": ["desktop"]}},
    "beside the days before": {"compare": "previous"},
    "of a topic": {"topic": [next(iter(BUILT_IN))]},
    "from a topic": {"anchor": {"match": "topic", "value": list(BUILT_IN)}},
    "from services": {"anchor": {"match": "service", "value": sorted(register.services)[:50]}},
    "from a department": {"anchor": {"match": "department", "value": "HMRC"}},
    "whole paths": {"paths": 10},
}
BESIDE: Final[dict[str, Callable[[str, str], JSON]]] = {  # what is asked with the page and one that is seen beside it
    "via a page": lambda _, page: {"via": page},
    "to an end": lambda _, page: {"end": page},
    "without a page": lambda _, page: {"exclude": [page]},
    "from a pattern": lambda _, page: {"anchor": {"match": "pattern", "value": f"{page}**"}},
    "from an expression": lambda _, page: {"anchor": {"match": "regex", "value": f"^{page[:8].replace('.', '[.]')}"}},
    "from a sequence": lambda first, page: {"anchor": {"match": "sequence", "value": [first, page]}},
    "from any page": lambda *_: {"anchor": {"match": "any"}},
}


PUBLISHED: Final[dict[str, JSON]] = {
    "as they are": {},
    "of the last view": {"occurrence": "last"},
    "by department": {"group": "department"},
    "two pages a step": {"steps": 3, "top": 2},
    "from any page": {"anchor": {"match": "any"}},
    "beside the month before": {"compare": "previous"},
}


def checked(estate: Estate) -> Iterator[tuple[str, list[str]]]:
    """The name of each check, and what is wrong: of each account with data, from its most seen page, both ways."""
    for account in register.accounts:
        if period := _newest(estate, account):
            common = {"account": account, "from": period.first, "to": period.last}
            pages = [row["page"] for row in _asked(estate, "pages", **common, limit=2)["pages"]]
            if pages:
                yield from _of_page(estate, common, pages[0], pages[-1])
                month = last_month(period.last)
                yield from _published(estate, common | {"from": month.first, "to": month.last}, pages[0])


def _newest(estate: Estate, account: str) -> Period | None:
    """The days of the newest segment, at least four weeks; none where there are no page views."""
    with estate.pinned() as reading:
        held = [one for one in reading.manifest.segments if one.account == account and one.kind in {"day", "month"}]
    last = max((one.last_day for one in held), default=None)
    first = max((one.first_day for one in held), default=None)
    return Period(min(first, last - timedelta(FOUR_WEEKS - 1)), last) if first and last else None


def _of_page(estate: Estate, common: JSON, page: str, other: str) -> Iterator[tuple[str, list[str]]]:
    beside, account = _asked(estate, "next_pages", **common, page=page), common["account"]
    yield f"next and previous pages of {account}", neighbours_wrong(beside)
    ways = WAYS | {name: of(page, other) for name, of in BESIDE.items()}
    for direction in ("forward", "backward"):
        asked = common | {"direction": direction, "anchor": {"match": "exact", "value": page}}
        for name, way in ways.items():
            found = _asked(estate, "explore", **(asked | way))
            wrong = _wrong(found)
            if not way and found["sessions"] != beside["sessions"]:
                wrong.append(f"{found['sessions']} journeys from a page that {beside['sessions']} sessions saw")
            yield f"journeys of {account}, {direction}, {name}", wrong


def _published(estate: Estate, common: JSON, page: str) -> Iterator[tuple[str, list[str]]]:
    """The same of what leaves the service, where every number is rounded."""
    asked, account = common | {"publication": True}, common["account"]
    yield (
        f"published next and previous pages of {account}",
        neighbours_wrong(_asked(estate, "next_pages", **asked, page=page)),
    )
    for direction in ("forward", "backward"):
        for name, way in PUBLISHED.items():
            given = asked | {"direction": direction, "anchor": {"match": "exact", "value": page}} | way
            yield (
                f"published journeys of {account}, {direction}, {name}",
                _wrong(_asked(estate, "explore", **given)),
            )


def _asked(estate: Estate, question: str, **asked: object) -> Any:
    return ask(estate, access.person(access.DEFAULT_PERSON), question, asked).value


def _wrong(answer: JSON) -> list[str]:
    return [wrong for side in sides(answer) for wrong in journeys_wrong(side)]


def sides(answer: JSON) -> list[JSON]:
    """The answer, or each of its two sides as one; a page that a published side doesn't name is nothing there."""
    if "compared" not in answer:
        return [answer]
    return [_side(answer, _own), _side(answer, lambda row: _own(row["compared"]))]


def _own(row: JSON) -> int:
    return row["sessions"] or 0


def _side(answer: JSON, of: Callable[[JSON], int]) -> JSON:
    steps = [
        {
            "nodes": [{"page": node["page"], "sessions": of(node)} for node in step["nodes"]],
            **{name: of({"sessions": step[name], "compared": step["compared"][name]}) for name in SPECIAL},
        }
        for step in answer["steps"]
    ]
    return {
        "sessions": of(answer), "steps": steps, "links": [link | {"sessions": of(link)} for link in answer["links"]],
    }  # fmt: skip


def journeys_wrong(answer: JSON) -> list[str]:
    """Where a step isn't all of the one before, or links and paths don't add up to what they connect."""
    steps, wrong = answer["steps"], list[str]()
    here = [sum(_faces(step).values()) for step in steps]
    for k, (before, step) in enumerate(pairwise(here), 1):
        if before != step + steps[k]["ended"] + steps[k]["reached_end"]:
            wrong.append(f"step {k} and what stopped before it aren't step {k - 1}")
    for k, step in enumerate(steps):
        into, out = (_ends(answer["links"], at, end) for at, end in ((k - 1, "to"), (k, "from")))
        for name, sessions in _faces(step).items():
            if (k and into.get(name, 0) != sessions) or (k < len(steps) - 1 and out.get(name, 0) != sessions):
                wrong.append(f"links at step {k} aren't its sessions")
    listed = sum(path["sessions"] for path in answer.get("paths", ()))
    if "paths" in answer and listed + answer["paths_other"] != answer["sessions"]:
        wrong.append("paths aren't all journeys")
    return wrong


def _faces(step: JSON) -> dict[str, int]:
    return {node["page"]: node["sessions"] for node in step["nodes"]} | {
        "(other)": step["other"], "(hidden)": step["hidden"]
    }  # fmt: skip


def _ends(links: list[JSON], step: int, end: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for link in links:
        if link["step"] == step:
            found[link[end]] = found.get(link[end], 0) + link["sessions"]
    return found


def neighbours_wrong(answer: JSON) -> list[str]:
    """Where the views before, or after, with reloads and landings or exits, aren't the views of the page.

    Of a published answer a hidden number stands for none or, where it is rounded up from fewer than ten, for ten.
    """
    sides = {"previous": "landings", "following": "exits"}
    seen = {
        side: sum(row["page_views"] for row in answer[side])
        + answer["other"][side]
        + (answer["loops"] or 0)
        + (answer[ends] or 0)
        for side, ends in sides.items()
    }
    return [
        f"{side} pages, loops and {sides[side]} aren't the page views"
        for side, number in seen.items()
        if (answer["page_views"] or 0) - number not in ({0} if answer[sides[side]] is not None else {0, UNIT})
    ]
