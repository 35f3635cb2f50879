"""Taking a chart away: `/files/<chart>.<kind>` with the address of the page that shows it."""

from dataclasses import replace

from flask import Response, current_app, g, request

from callbacks.chart import Drawn
from callbacks.charts import CHARTS
from callbacks.files.make import File, make, make_pack
from callbacks.files.pack import packed
from data import errors
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
    called, _, ending = name.partition(".")
    state, problems = Packing.read(request.args.items(multi=True))
    if problems:
        raise errors.BadRequest("The address can't be read", problems[0].sentence, problems[0].field)
    estate = current_app.config["ESTATE"]
    found = packed(called, state, lambda question, given: ask(estate, g.viewer, question, given))
    return _sent(make_pack(found, called, ending), max(found.versions, default=estate.version))


def _sent(made: File, version: int) -> Response:
    address = request.query_string.decode("ascii", "replace")
    current_app.config["ESTATE"].record(
        "export", person=g.viewer.person, file=made.name, address=address, version=version
    )
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"'}
    return Response(made.body, mimetype=None, content_type=made.media_type, headers=headers)
