"""A page that is watched: every console error, policy violation and request to somebody else is kept, and told at the end."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Locator, Page, Response

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
REPORT = "axe.run(document, {resultTypes: ['violations']})"
VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


class Watch:
    """One page of the browser, and what went wrong on it."""

    def __init__(self, page: Page, base_url: str) -> None:
        self.page, self.base_url = page, base_url
        self.wrong: list[str] = []
        self.expected: set[int] = set()  # statuses that a test asks for
        page.add_init_script(VIOLATIONS)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.wrong.append(f"script: {error}"))
        page.on("request", lambda asked: self._foreign(asked.url))
        page.on("response", self._status)

    def open(self, address: str, status: int = 200) -> None:
        """Go to an address and wait for its answer, if it is a page with one."""
        self.expected.add(status)
        answer = self.page.goto(address)
        assert answer
        assert answer.status == status
        if address.startswith("/journeys") and self.page.locator("#answer").count():
            self.settled()

    def settled(self) -> None:
        """Wait until the answer that was asked for stands on the page."""
        self.page.locator("#answer:not([aria-busy])").wait_for()

    def button(self, step: int, name: str) -> Locator:
        """The button of a page in the column of a step, counted from the page outward."""
        return self.page.locator(".step").nth(step).locator("button.node").filter(has_text=name).first

    def press(self, target: Locator) -> None:
        """Press a button of the explorer and wait for the columns to be drawn again."""
        before = self.redraws()
        target.click()
        self.redrawn(before)

    def redraws(self) -> int:
        """How often the columns were drawn again."""
        return len(self.durations())

    def durations(self) -> list[float]:
        """Milliseconds from each press to the columns drawn again."""
        found: list[float] = self.page.evaluate(
            "() => performance.getEntriesByName('redraw').map((one) => one.duration)"
        )
        return found

    def redrawn(self, before: int) -> None:
        """Wait for one more drawing than before."""
        for _ in range(500):
            if self.redraws() > before:
                return
            self.page.wait_for_timeout(10)
        raise AssertionError("The columns were not drawn again within 5 seconds")

    def accessible(self, state: str) -> None:
        """Fail with every violation that axe-core finds in the state that the page is in."""
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE)
        found: dict[str, Any] = self.page.evaluate(REPORT)
        told = [
            f"{one['id']}: {one['help']} {[node['html'][:150] for node in one['nodes'][:3]]}"
            for one in found["violations"]
        ]
        assert not told, f"{state}: {json.dumps(told, indent=1)}"

    def check(self) -> None:
        """Fail with everything that went wrong."""
        self.wrong += [f"policy: {one}" for one in self.page.evaluate("() => window.violations ?? []")]
        assert not self.wrong, "\n".join(self.wrong)

    def _console(self, message: ConsoleMessage) -> None:
        refused = message.text.startswith("Failed to load resource") and any(
            str(status) in message.text for status in self.expected
        )
        if message.type in {"error", "warning"} and not refused:
            self.wrong.append(f"console: {message.text}")

    def _foreign(self, address: str) -> None:
        if not address.startswith((f"{self.base_url}/", "data:", "blob:")):
            self.wrong.append(f"foreign: {address}")

    def _status(self, answer: Response) -> None:
        if answer.status >= 400 and answer.status not in self.expected:
            self.wrong.append(f"{answer.status}: {answer.url}")


def numbers(texts: Iterable[str]) -> list[int]:
    """The first number of each text."""
    return [int("".join(letter for letter in text.split()[0] if letter.isdigit())) for text in texts]
