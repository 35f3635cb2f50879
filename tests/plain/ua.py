"""Sessions of Universal Analytics read a second time, slowly and plainly: what each line is, and the rows that are kept."""

import json
from collections import Counter
from typing import Any

Object = dict[str, Any]
Row = tuple[object, ...]  # line, microseconds, kind, path, value, status
KINDS = {"External Link Clicked": "outbound", "Download Link Clicked": "download", "yesNoFeedbackForm": "useful"}


def read(content: bytes) -> tuple[int, int, Counter[str], list[Row]]:
    """Lines read, ignored and quarantined by rule, and the rows of the others in order."""
    ignored, quarantined, rows = 0, Counter[str](), list[Row]()
    found = [(number, text) for number, text in enumerate(content.split(b"\n"), 1) if text.strip()]
    for number, text in found:
        try:
            of_line = [(number, *row) for row in hits(json.loads(text))]
        except json.JSONDecodeError:
            quarantined["bad_json"] += 1
            continue
        if any(path is None for _, _, _, path, _, _ in of_line):
            quarantined["null_key"] += 1
        elif of_line:
            rows += of_line
        else:
            ignored += 1
    return len(found), ignored, quarantined, rows


def hits(session: Object) -> list[Row]:
    """The rows of a session's hits, in their order."""
    rows: list[Row] = []
    before = None
    for hit in sorted(session["hits"], key=lambda one: (int(one["time"]), int(one["hitNumber"]))):
        at = int(session["visitStartTime"]) * 1_000_000 + int(hit["time"]) * 1_000
        page = hit.get("page", {})
        custom = {
            one["index"]: one["value"] for one in session.get("customDimensions", []) + hit.get("customDimensions", [])
        }
        about = (page.get("pagePath"), int(custom["15"]) if "15" in custom else None)
        if hit["type"] == "PAGE":
            term = page.get("searchKeyword")
            if term and term != before:
                rows.append((at, "search", about[0], term, about[1]))
            before = term
            rows.append((at, "page_view", about[0], None, about[1]))
        elif hit["type"] == "EVENT" and about[0] and (kind := KINDS.get(hit["eventInfo"]["eventCategory"])):
            told = hit["eventInfo"]["eventAction"]
            if kind == "useful":
                kind = {"ffYesClick": "useful_yes", "ffNoClick": "useful_no"}.get(told, "")
                told = None
            if kind == "outbound":
                told = told.split("/")[2]
            if kind:
                rows.append((at, kind, about[0], told.rsplit("/", 1)[-1] if kind == "download" else told, about[1]))
    return rows
