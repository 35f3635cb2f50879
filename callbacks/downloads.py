"""Taking a chart away: `/files/<chart>.<kind>`, and several of them: `/packs/<pack>.<kind>`, with the address of a page that shows them."""

from collections.abc import Iterator
from dataclasses import replace

import orjson
from flask import Response, current_app, g, request, stream_with_context

from callbacks import failures
from callbacks.chart import Drawn
from callbacks.charts import CHARTS
from callbacks.files.make import File, make, make_pack
from callbacks.files.pack import Packed, Steps, finished
from data import errors
from layouts.markup import render
from layouts.pack import Packing
from queries.ask import ask


def file(name: str) -> Response:
    """The file, named by the server; each is an entry of the audit log. Raises `NotFound` for another chart or kind, `BadRequest` for a wrong address."""
    chart_id, _, ending = name.partition(".")
    if chart_id not in CHARTS:
        raise errors.NotFound("There is no such chart", f"Choose one of {', '.join(CHARTS)}")
    chart = CHARTS[chart_id]
    state, problems = chart.state.read(request.args.items(multi=True))
    if problems:
        raise errors.BadRequest("The address can't be read", problems[0].sentence, problems[0].field)
    estate = current_app.config["ESTATE"]
    answer = ask(estate, g.viewer, chart.question, chart.given(state))
    shown = replace(answer, table=answer.more[chart.table]) if chart.table else answer
    return _sent(make(Drawn(chart, state, shown), ending), answer.about.version)


def pack(name: str) -> Response:
    """A report pack, named by the server; each is an entry of the audit log. Raises `NotFound`, and `BadRequest` for a wrong address."""
    made, found = finished(_steps(name))
    return _sent(made, _version(found))


def pack_told(name: str) -> Response:
    """The same, step by step: a line of JSON for each, then one with the file's name, media type and size, and its bytes.

    A line that says `failed` comes instead where it can't be made: the reason, as HTML, in the place of the rest.
    """
    return Response(stream_with_context(_told(_steps(name))), mimetype="application/x-ndjson")


def _steps(name: str) -> Steps[tuple[File, Packed]]:
    called, _, ending = name.partition(".")
    state, problems = Packing.read(request.args.items(multi=True))
    if problems:
        raise errors.BadRequest("The address can't be read", problems[0].sentence, problems[0].field)
    estate, viewer = current_app.config["ESTATE"], g.viewer
    return make_pack(called, state, ending, lambda question, given: ask(estate, viewer, question, given))


def _told(steps: Steps[tuple[File, Packed]]) -> Iterator[bytes]:
    try:
        while True:
            try:
                yield _line(next(steps)._asdict())
            except StopIteration as end:
                made, found = end.value
                break
        _record(made, _version(found))
        yield _line(
            {"name": made.name, "type": made.media_type, "size": len(made.body), "said": f"{made.name} is made."}
        )
        yield made.body
    except Exception as error:  # noqa: BLE001 - whatever it is, people are told in the place of the file
        yield _line({"failed": render(failures.told(error))})


def _line(said: dict[str, object]) -> bytes:
    return orjson.dumps(said, option=orjson.OPT_APPEND_NEWLINE)


def _version(found: Packed) -> int:
    return max(found.versions, default=current_app.config["ESTATE"].version)


def _record(made: File, version: int) -> None:
    """An entry of the audit log for what goes out."""
    address = request.query_string.decode("ascii", "replace")
    current_app.config["ESTATE"].record(
        "export", person=g.viewer.person, file=made.name, address=address, version=version
    )


def _sent(made: File, version: int) -> Response:
    _record(made, version)
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"'}
    return Response(made.body, mimetype=None, content_type=made.media_type, headers=headers)
