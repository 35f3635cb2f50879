"""Taking a chart away: `/files/<chart>.<kind>` with the address of the page that shows it."""

from dataclasses import replace

from flask import Response, current_app, g, request

from callbacks.chart import Drawn
from callbacks.charts import CHARTS
from callbacks.files.make import make
from data import errors
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
    made = make(Drawn(chart, state, shown), ending)
    address = request.query_string.decode("ascii", "replace")
    estate.record("export", person=g.viewer.person, file=made.name, address=address, version=answer.about.version)
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"'}
    return Response(made.body, mimetype=None, content_type=made.media_type, headers=headers)
