"""The only way in: a question, a viewer and parameters go in; an answer with everything that must be said comes out.

Checked, then allowed, then pinned to one version, then answered, then disclosed, then presented - in this order.
"""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache, partial
from typing import TYPE_CHECKING, Any, cast

import polars as pl

import queries
from data import access, errors
from data.access import Viewer
from data.periods import Period
from data.store import Estate, Reading
from queries import disclosure, filter_notes, parameters, publication
from queries.about import about
from queries.answers import Answer
from queries.asking import Asking, Frames, Question
from queries.cache import Answers
from queries.columns import Column, shown, there
from queries.made import made_for
from queries.page_sets.topics import Topic
from queries.parameters import Common
from queries.periods import comparison_of, period_of, require_fixed

if TYPE_CHECKING:
    from data.state import Sums

_PLAIN = frozenset({str, int, float, bool, type(None)})
_answers = Answers(most=512)


@cache
def questions() -> dict[str, Question]:
    """Every question by its name: each module of this package, and of its folders, that has an `answer`."""
    names = sorted(module.name for module in pkgutil.walk_packages(queries.__path__, "queries.") if not module.ispkg)
    modules = {name.rpartition(".")[2]: importlib.import_module(name) for name in names}
    return {name: cast("Question", modules[name]) for name in sorted(modules) if hasattr(modules[name], "answer")}


def ask(
    estate: Estate,
    viewer: Viewer,
    question: str,
    given: Mapping[str, object],
    *,
    drafts: Mapping[str, Topic] | None = None,
) -> Answer:
    """The answer that this viewer may have. Raises `NotFound`, `BadRequest`, `Forbidden`, `TookTooLong`.

    `drafts` are topics that nobody has kept yet, for trying them out.
    """
    if question not in questions():
        raise errors.NotFound("There is no such question", f"Choose one of {', '.join(questions())}")
    access.may_ask(viewer, question).require()
    wanted = parameters.read(questions()[question].PARAMETERS, given)
    for side in wanted.sides:
        _require_known(question, side)
    made = made_for(questions()[question], estate, viewer, wanted=wanted, drafts=drafts or {})
    with estate.pinned() as reading:
        key = (reading.version, question, wanted.model_dump_json(), viewer.rights, made.content)
        return _answers.of(estate).find(
            key,
            lambda: _answered(
                questions()[question],
                replace(
                    _asking(estate, reading, viewer, questions()[question], wanted=wanted),
                    topics=made.topics, notes=made.notes, watches=made.watches,
                ),
            ),
        )  # fmt: skip


def days(question: Question, wanted: Common, estate: Estate, reading: Reading) -> Period:
    """The days that a question is answered for: those asked for, or the newest that it knows."""
    found: Period = getattr(question, "period_of", period_of)(wanted, reading, estate.settings)
    return found


def _require_known(question: str, wanted: Common) -> None:
    """Raise for a filter that this question doesn't know."""
    known = getattr(questions()[question], "FILTERS", frozenset(parameters.FILTERS) - {"organisation"})
    for name in (name for name in parameters.FILTERS if getattr(wanted, name) and name not in known):
        raise errors.BadRequest("This filter isn't known here", f"Leave out {name}, or ask another question", name)


def _asking(estate: Estate, reading: Reading, viewer: Viewer, question: Question, *, wanted: Common) -> Asking[Any]:
    period = days(question, wanted, estate, reading)
    comparison = comparison_of(wanted, period)
    if wanted.publication:
        publication.require_publishable(question.__name__.rpartition(".")[2], wanted)
        require_fixed(period, "from", estate.settings.today())
        require_fixed(comparison or period, "compare", estate.settings.today())
    key = estate.derived_key("rounding for publication")
    sums = partial(_sums, estate)
    return Asking(reading, viewer, wanted, period, comparison, wanted.account, estate.settings, key, sums=sums)


def _sums(estate: Estate) -> "Sums | None":
    return estate.made.sums if estate.keeps_made else None


def _answered(question: Question, asking: Asking[Any]) -> Answer:
    frames = disclosure.disclose(question.answer(asking), asking, question)
    name = question.__name__.rpartition(".")[2]
    frames = replace(frames, notes=(*frames.notes, *filter_notes.notes(asking, name)))
    value, hidden = _without_marks(question.present(frames, asking), "$")
    main, *others = (
        frame[:, [*shown(there(columns, frame)), disclosure.SUPPRESSED]]
        for frame, columns in [(frames.main, question.COLUMNS), *_others(frames, question)]
    )
    more = dict(zip(frames.others, others, strict=True))
    return Answer(name, value, main, about(question, asking, frames, tuple(hidden)), more)


def _others(frames: Frames, question: Question) -> Iterator[tuple[pl.DataFrame, tuple[Column, ...]]]:
    return ((frame, question.MORE_COLUMNS[name]) for name, frame in frames.others.items())


def _bare(value: Any) -> bool:
    """Whether a value is plain, or a row of plain values without marks, as most are."""
    if type(value) in _PLAIN:
        return True
    return type(value) is dict and _PLAIN.issuperset(map(type, value.values()))  # marks are a list


def _without_marks(value: Any, path: str) -> tuple[Any, list[str]]:
    """The value without its `suppressed` lists, and the JSON path of every cell that these name."""
    if _bare(value):
        return value, []
    if isinstance(value, dict | list):
        places = value.items() if isinstance(value, dict) else enumerate(value)
        form = "{}.{}" if isinstance(value, dict) else "{}[{}]"
        marks = value.get(disclosure.SUPPRESSED) or () if isinstance(value, dict) else ()
        hidden = [f"{path}.{name}" for name in marks if name.partition("[")[0] in value]  # such as counts[2]
        kept: dict[Any, Any] = {}
        for place, part in places:
            kept[place] = part
            if not _bare(part):
                kept[place], paths = _without_marks(part, form.format(path, place))
                hidden += paths
        kept.pop(disclosure.SUPPRESSED, None)
        return kept if isinstance(value, dict) else list(kept.values()), hidden
    return value.isoformat() if isinstance(value, date) else value, []
