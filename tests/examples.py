"""One way to ask each question that can't be asked without parameters; a new one of these is added here."""

from typing import Any, Final

from queries.funnels import funnel_text

LEAST: Final[dict[str, dict[str, Any]]] = {
    "find": {"words": "a"},
    "page": {"page": "/a"},
    "explore": {"anchor": {"match": "exact", "value": "/a"}},
    "funnel": {"steps": [{"match": "exact", "value": "/a"}, {"match": "exact", "value": "/b"}]},
    "funnel_groups": {"steps": [{"match": "exact", "value": "/a"}, {"match": "exact", "value": "/b"}]},
    "funnel_release": {"steps": [{"match": "exact", "value": "/a"}, {"match": "exact", "value": "/b"}]},
    "funnel_trend": {"steps": [{"match": "exact", "value": "/a"}, {"match": "exact", "value": "/b"}]},
    "next_pages": {"page": "/a"},
    "service": {"service": "vat-return"},
}
PUBLISHED: Final = LEAST | {
    name: {"steps": funnel_text.of_service("vehicle-tax")} for name in ("funnel", "funnel_trend")
}  # the same, of what is published
