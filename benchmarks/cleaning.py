"""Addresses cleaned a second, over made-up traffic in which nearly every address is its own.

    python -m benchmarks.cleaning [millions of page views]

Half of the addresses are pages of www.gov.uk with identifiers of clicks in the query string, a fifth are service pages
with a reference in the path, a tenth are searches, the rest plain; one in fifty has personal data in it.
"""

import random
import resource
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Final

import polars as pl

from data import clean

WANTED: Final = 200_000  # addresses a second on two cores
MOST: Final = 500_000  # addresses tried; more say nothing new
LONG: Final = 100_000  # characters of the long text that must take 50 ms at most

WORDS: Final = [
    "tax",
    "visa",
    "benefit",
    "school",
    "health",
    "vehicle",
    "passport",
    "pension",
    "driving",
    "council",
    "student",
    "business",
]
KINDS: Final = ["guidance", "government/publications", "government/statistics", "government/news", "browse"]
HOSTS: Final = ("www.tax.service.gov.uk", "visas-immigration.service.gov.uk", "www.vehicletax.service.gov.uk")
PERSONAL: Final = ("jo%40example.com", "SW1A%201AA", "AB123456C", "07700900123", "1990-01-02", "9434765870")


def _slug(dice: random.Random) -> str:
    return "-".join(dice.choices(WORDS, k=dice.randint(2, 6))) + dice.choice(("", "", f"-{dice.randint(2010, 2020)}"))


def _page(dice: random.Random) -> str:
    return f"https://www.gov.uk/{dice.choice(KINDS)}/{_slug(dice)}?utm_source=x&gclid={dice.getrandbits(96):x}&_ga=2.{dice.getrandbits(40)}"


def _service(dice: random.Random) -> str:
    reference = dice.choice((f"{dice.getrandbits(48):012x}", f"A-{dice.randint(1000, 9999)}", _slug(dice)))
    return f"https://{dice.choice(HOSTS)}/apply/{reference}/{dice.choice(WORDS)}?step={dice.randint(1, 9)}"


def _search(dice: random.Random) -> str:
    return f"/search/all?keywords={'+'.join(dice.choices(WORDS, k=3))}+{dice.randint(1, 9999)}&order=relevance"


def _plain(dice: random.Random) -> str:
    return f"/{_slug(dice)}/{dice.choice(WORDS)}"


def _personal(dice: random.Random) -> str:
    return f"https://{dice.choice(HOSTS)}/check/{dice.choice(PERSONAL)}/{dice.choice(WORDS)}-{dice.randint(1, 99_999)}"


def addresses(count: int) -> pl.Series:
    """`count` made-up addresses, the same on every run."""
    dice = random.Random(1)  # noqa: S311 - made-up traffic
    makers: tuple[Callable[[random.Random], str], ...] = (_page, _service, _search, _plain, _personal)
    return pl.Series([maker(dice) for maker in dice.choices(makers, (50, 20, 10, 18, 2), k=count)])


def measured(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock and of the processor, the better of two runs."""
    best = (float("inf"), float("inf"))
    for _ in range(2):
        before, started = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
        work()
        after, ended = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        best = min(best, (ended - started, used))
    return best


def main(millions: str) -> int:
    """Print addresses a second and milliseconds for one long text."""
    sent = addresses(min(int(float(millions) * 1_000_000), MOST))
    seconds, used = measured(lambda: clean.addresses(sent, frozenset()))
    print(f"{len(sent):,} addresses, {sent.n_unique():,} of them distinct")
    print(
        f"cleaned a second: {len(sent) / seconds:,.0f} by the clock, {2 * len(sent) / used:,.0f} of two free cores (wanted: {WANTED:,})"
    )
    for name, text in {"words": "vehicle tax ", "dates": "2 January 1990 ", "numbers": "9434765870 "}.items():
        long = pl.Series([(text * LONG)[:LONG]])
        print(f"100 KB of {name}: {1000 * measured(partial(clean.text, long))[1]:.0f} ms of the processor (wanted: 50)")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "0.5"))
