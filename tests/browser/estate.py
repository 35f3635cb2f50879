"""What the browser tests look at: some hundred sessions whose every number is drawn from one seed."""

import random
from collections.abc import Iterator
from datetime import date

DAY = date(2020, 10, 1)
SEED = 20_201_001
SESSIONS = 300
PAGES = tuple(f"/guidance/step-{letter}" for letter in "abcdefghijklmnopqrstuvwxyz")
SERVICE = tuple(f"www.vehicletax.service.gov.uk/{name}" for name in ("start", "details", "pay", "done"))
FOREIGN = "www.tax.service.gov.uk/account"
DEVICES = ("desktop", "mobile", "tablet")
CHANNELS = ("search engine", "direct", "social", "GOV.UK email")
ENDINGS = ("", "", " +download form.pdf", " +out www.example.org")


def stories() -> Iterator[str]:
    """A line a session: from /vehicle-tax through guidance or the service, some back, some to another department."""
    luck = random.Random(SEED)  # noqa: S311 - made-up sessions, not secrets
    for number in range(SESSIONS):
        steps = ["/vehicle-tax"] if luck.random() < 0.8 else ["/", "/vehicle-tax"]
        steps += SERVICE[: luck.randrange(5)] if luck.random() < 0.4 else _guidance(luck)
        if luck.random() < 0.15:
            steps.append(FOREIGN)
        told = f"[{luck.choice(DEVICES)}, {luck.choice(CHANNELS)}]"
        yield f"GDS s{number} (v{number}) {told}: {' > '.join(steps)}{luck.choice(ENDINGS)}"


def _guidance(luck: random.Random) -> list[str]:
    """A walk in which the first pages of the alphabet are far more common than the last."""
    return [PAGES[min(int(luck.expovariate(0.25)), len(PAGES) - 1)] for _ in range(luck.randrange(6))]
