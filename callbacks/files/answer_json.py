"""An answer as JSON: what the API gives, with the chart's title, sentence and notes beside it."""

from typing import Any

import orjson

from callbacks.chart import Drawn
from queries.answers import About, Answer


def write(drawn: Drawn) -> bytes:
    """`{"title", "sentence", "answer", "about", "notes", "shorthand"}`, indented for people."""
    whole = {
        "title": drawn.title,
        "sentence": drawn.sentence,
        **spoken(drawn.answer),
        "notes": dict(drawn.notes),
        "shorthand": dict(drawn.shorthand),
    }
    return orjson.dumps(whole, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def spoken(answer: Answer) -> dict[str, Any]:
    """`{"answer", "about"}` as the API gives them, ready for orjson."""
    return {"answer": answer.value, "about": about(answer.about)}


def about(said: About) -> dict[str, Any]:
    """The `about` of an answer; days as ISO dates."""
    return {
        "version": said.version,
        "account": said.account,
        "period": {"from": said.period.first, "to": said.period.last},
        "comparison": said.comparison and {"from": said.comparison.first, "to": said.comparison.last},
        "coverage": said.coverage,
        "definition": said.definition,
        "suppression": said.suppression,
        "units": said.units,
        "publication": said.publication,
        "notes": said.notes,
    }
