"""What the pages by Dash cost: processor time of their one callback, the first time after a version and with answers kept.

    python -m benchmarks.callbacks

It asks the demonstration in `./home-demo`, as `make run` leaves it: 13 months of 17 departments. Milliseconds of the process on
all threads, the median of seven; the browser's part isn't in them.
"""

import json
import statistics
import time
from collections.abc import Callable
from typing import Final

from app import create
from callbacks import demonstrating
from data.settings import Settings
from queries import ask

MONTHS: Final = "?from=2019-10-01&to=2020-10-31"
PAGES: Final = (
    ("/departments", MONTHS), ("/departments", f"{MONTHS}&view=time"), ("/departments", f"{MONTHS}&view=limits&measure=exit_rate"),
    ("/departments", f"{MONTHS}&view=past"), ("/estate", ""), ("/review", ""),
)  # fmt: skip
ROUNDS: Final = 7
ORIGIN: Final = "http://127.0.0.1:8050"


def body(path: str, search: str) -> str:
    """What a page sends to have its figures."""
    inputs = [
        {"id": "address", "property": name, "value": value} for name, value in (("pathname", path), ("search", search))
    ]
    asked = {"id": "figures", "property": "html"}
    changed = ["address.pathname"]
    return json.dumps(
        {
            "output": "figures.html",
            "outputs": asked,
            "inputs": inputs,
            "changedPropIds": changed,
            "parsedChangedPropsIds": changed,
        }
    )


def main() -> None:
    """Print each page's milliseconds."""
    app = create(demonstrating.demonstrated(Settings(mode="demonstration")))
    client, estate = app.server.test_client(), app.server.config["ESTATE"]

    def milliseconds(sent: str) -> float:
        started = time.process_time()
        answer = client.post(
            "/_dash-update-component",
            data=sent,
            content_type="application/json",
            base_url=ORIGIN,
            headers={"Origin": ORIGIN},
        )
        assert answer.status_code == 200, answer.text
        return (time.process_time() - started) * 1_000

    for path, search in PAGES:
        sent = body(path, search)
        milliseconds(sent)
        told = [_twice(milliseconds, sent, ask._answers.of(estate)._values.clear) for _ in range(ROUNDS)]  # noqa: SLF001 - forgets
        cold, warm = (statistics.median(part) for part in zip(*told, strict=True))
        print(f"{path}{search}: {cold:.0f} ms the first time, {warm:.0f} ms with answers kept")


def _twice(measure: Callable[[str], float], sent: str, forget: Callable[[], None]) -> tuple[float, float]:
    forget()
    return measure(sent), measure(sent)


if __name__ == "__main__":
    main()
