"""Folders of examples, kept elsewhere, held against the project: `make conformance DATA=folder`.

Reads `personal_data.json`: examples of personal data with the right outcome, many of them from other people's tests. An
example passes when it comes out as written, or when cleaning what it expects gives the same: then we are stricter. A folder
with `volumes_quarterly.csv` holds real volumes of services instead, which `tests/conformance_returns.py` reads;
one with `facts.json` about folders of agencies real reports, which `tests/conformance_reports.py` reads.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from data import clean
from tests import conformance_reports, conformance_returns

Example = dict[str, Any]
Cleaner = Callable[[str], str | None]

ADDRESS_GROUPS = {"allow_list", "click_id_params", "session_id_params", "must_survive", "posthog_mask_query"}
NOT_FOR_US = {"[REDACTED_SSN]": "numbers of another country", "[REDACTED_ZIP]": "numbers of another country"}
DETECTORS = {
    "presidio_driving_licence": "[driving licence]",
    "presidio_nhs": "[nhs number]",
    "presidio_nino": "[ni number]",
    "presidio_passport": "[passport]",
    "presidio_postcode": "[postcode]",
    "presidio_vehicle_registration": "[vehicle registration]",
    "nhs_number": "[nhs number]",
    "utr": "[utr]",
}


class Verdict(NamedTuple):
    """`outcome` is passed, stricter, not ours or failed; `reason` says why it isn't simply passed."""

    outcome: str
    reason: str = ""


def _allowed(example: Example) -> frozenset[str]:
    """The keys that an example's source names in brackets after "allow-list"."""
    _, found, rest = str(example.get("source", "")).partition("allow-list (")
    return frozenset(key.strip() for key in rest.partition(")")[0].split(",")) if found else frozenset()


def _text(value: str) -> str | None:
    cleaned: str | None = clean.text(pl.Series([value]))[0]
    return cleaned


def _term(value: str) -> str | None:
    asked = clean.addresses(pl.Series([f"/search/all{value}"]), frozenset())["term"]
    term: str | None = (asked if value.startswith("?") else clean.terms(pl.Series([value])))[0]
    return term


def _cleaner(example: Example) -> Cleaner:
    """What an example's value passes through: an address, a search term or a text."""
    if example["group"] in ADDRESS_GROUPS:
        return lambda value: clean.url(value, _allowed(example))
    if example.get("field") == "search_term":
        return _term
    if example.get("field") == "query_string":
        return lambda value: (_text(value) or "").removeprefix("?")
    return _text


def _asked_by_name(example: Example) -> bool:
    """Whether the page itself named the parameters to take out, which is no way of ours."""
    pairs = [pair.partition("=") for pair in str(example["expected"]).replace("?", "&").split("&")]
    return any(value == f"[{key}]" and (_text(f"{key}=x") or "") == f"{key}=x" for key, _, value in pairs)


def _exact(example: Example, got: str | None) -> Verdict:
    expected = example["expected"]
    if got == expected or (got == "" and expected is None):
        return Verdict("passed")
    if expected is not None and got == _cleaner(example)(str(expected)):
        return Verdict("stricter", f"{expected!r} itself becomes {got!r}")
    if _asked_by_name(example):
        return Verdict("not ours", "parameters that a page names itself")
    return Verdict("failed", f"expected {expected!r}, got {got!r}")


def _gone(example: Example, got: str | None) -> Verdict:
    left = [part for part in example["must_not_contain"] if part in (got or "")]
    return Verdict("failed", f"{left!r} left in {got!r}") if left else Verdict("passed")


def _contains(example: Example, got: str | None) -> Verdict:
    inside = str(example["expected"]) in (got or "")
    return Verdict("passed") if inside else Verdict("failed", f"{example['expected']!r} not in {got!r}")


def _other_tag(example: Example, got: str | None) -> Verdict:
    if got != example["input"]:
        return Verdict("passed")
    reason = NOT_FOR_US.get(str(example["expected"]))
    return Verdict("not ours", reason) if reason else Verdict("failed", f"{got!r} is unchanged")


def _not_flagged(example: Example, got: str | None) -> Verdict:
    flagged = DETECTORS[example["group"]] in (got or "")
    return Verdict("failed", f"flagged: {got!r}") if flagged else Verdict("passed")


def _key_dropped(example: Example, _got: str | None) -> Verdict:
    address = clean.url(f"/page?{example['input']}=1", frozenset())
    return Verdict("passed") if address == "/page" else Verdict("failed", f"{address!r} keeps a key")


JUDGES: dict[str, Callable[[Example, str | None], Verdict]] = {
    "exact": _exact,
    "exact_with_token": _exact,
    "must_not_contain": _gone,
    "contains": _contains,
    "token_differs": _other_tag,
    "detector_must_not_flag": _not_flagged,
    "informational": _key_dropped,
}


def judged(example: Example) -> Verdict:
    """One example's verdict; a way of matching that isn't known fails."""
    judge = JUDGES.get(example["match"])
    if judge is None:
        return Verdict("failed", f"nobody judges {example['match']!r}")
    return judge(example, _cleaner(example)(example["input"]))


def report(examples: list[Example]) -> Iterator[str]:
    """Lines per group with passed and failed, then each example that didn't simply pass."""
    verdicts = [(example, judged(example)) for example in examples]
    groups: dict[str, list[Verdict]] = defaultdict(list)
    for example, verdict in verdicts:
        groups[example["group"]].append(verdict)
    for group, found in sorted(groups.items()):
        failed = sum(verdict.outcome == "failed" for verdict in found)
        others = sum(verdict.outcome in {"stricter", "not ours"} for verdict in found)
        yield f"{group:<32}{len(found) - failed:>6} passed{failed:>6} failed" + (
            f"   ({others} of them with a note)" if others else ""
        )
    yield from (f"{v.outcome:<9} {e['id']}: {v.reason}" for e, v in verdicts if v.outcome != "passed")


def main(folder: Path) -> int:
    """Print the report of a folder; 1 where an example fails or the folder holds none."""
    file = folder / "personal_data.json"
    if (folder / conformance_returns.FILE).is_file():
        return _told(list(conformance_returns.report(folder)))
    if conformance_reports.holds(folder):
        return _told(list(conformance_reports.report(folder)))
    if not file.is_file():
        print(f"{folder} holds no examples of a kind that is known here", file=sys.stderr)  # noqa: T201 - a command's answer
        return 1
    return _told(list(report(json.loads(file.read_text())["examples"])))


def _told(lines: list[str]) -> int:
    print("\n".join(lines))  # noqa: T201 - a command's answer
    return int(any(line.startswith("failed") for line in lines))


if __name__ == "__main__":
    if len(sys.argv) != 2 or not sys.argv[1]:
        sys.exit("Say which folder: make conformance DATA=folder")
    sys.exit(main(Path(sys.argv[1])))
