"""A small made-up estate: sessions of a few real services, written as `hits` files by sender and imported like any other.

It exists so that a new installation shows something true to life; every session is drawn from one seed.
"""

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from data.periods import LONDON, Period

PERIOD: Final = Period(date(2020, 10, 4), date(2020, 10, 31))
CLOCK: Final = date(2020, 11, 1)  # the day that the demonstration calls today
SEED: Final = 20_201_101
RELOADED, STEPPED_ASIDE, GAVE_UP_ASIDE, SEARCHED = 0.06, 0.18, 0.45, 0.05  # shares of pages
SESSIONS: Final = 900  # on an ordinary weekday
SENDERS: Final = ("DfT", "GDS", "HMRC", "Home Office")
FIELDS: Final = ("session", "visitor", "time", "page", "title", "device", "channel", "country", "event", "value")
WEEK: Final = (1.1, 1.08, 1.03, 1.0, 0.92, 0.58, 0.62)  # Monday to Sunday, as shares of an ordinary weekday
DEVICES: Final = {"mobile": 0.55, "desktop": 0.38, "tablet": 0.06, "other": 0.01}
CHANNELS: Final = {
    "search engine": 0.62,
    "direct": 0.2,
    "GOV.UK email": 0.03,
    "other government": 0.05,
    "social": 0.04,
    "referral": 0.04,
    "paid": 0.01,
    "AI assistant": 0.005,
    "other": 0.005,
}
COUNTRIES: Final = {"United Kingdom": 0.93, "Ireland": 0.02, "France": 0.02, "India": 0.02, "United States": 0.01}


@dataclass(frozen=True)
class Walk:
    """One way through the estate: pages in order, each with the share that goes on, and pages people step aside to."""

    share: float  # of all sessions
    pages: tuple[tuple[str, str, float], ...]  # address, title, share that goes on to the next
    aside: tuple[tuple[str, str], ...] = ()
    terms: tuple[str, ...] = ()  # what people search for on the way
    mobile: float = 1.0  # factor on going on, for mobiles


VEHICLE: Final = "www.vehicletax.service.gov.uk"
PASSPORT: Final = "www.passport.service.gov.uk"
TAX: Final = "www.tax.service.gov.uk"
WALKS: Final = (
    Walk(
        0.3,
        (
            ("/vehicle-tax", "Tax your vehicle", 0.68),
            (f"{VEHICLE}/reference-number", "Enter your reference number", 0.81),
            (f"{VEHICLE}/vehicle-details", "Check the vehicle's details", 0.94),
            (f"{VEHICLE}/payment-options", "Choose how to pay", 0.9),
            ("www.payments.service.gov.uk/card_details", "Enter card details", 0.93),
            (f"{VEHICLE}/confirmation", "Your vehicle is taxed", 0.35),
            ("/done/vehicle-tax", "Thank you", 0.0),
        ),
        (
            ("/check-vehicle-tax", "Check if a vehicle is taxed"),
            ("/vehicle-tax-direct-debit", "Vehicle tax by Direct Debit"),
        ),
        ("car tax", "road tax reminder", "sorn", "v11 reference number"),
    ),
    Walk(
        0.18,
        (
            ("/apply-renew-passport", "Apply for or renew a passport", 0.61),
            (f"{PASSPORT}/filter/start", "Before you start", 0.82),
            (f"{PASSPORT}/photo", "Upload a digital photo", 0.69),
            (f"{PASSPORT}/personal-details", "Your details", 0.9),
            (f"{PASSPORT}/declaration", "Check and declare", 0.95),
            ("www.payments.service.gov.uk/card_details", "Enter card details", 0.91),
            (f"{PASSPORT}/confirmation", "Application complete", 0.0),
        ),
        (
            ("/photos-for-passports", "Get a passport photo"),
            ("/passport-fees", "Passport fees"),
            ("/track-passport-application", "Track your passport"),
        ),
        ("passport photo rules", "renew passport", "passport fees"),
        0.85,
    ),
    Walk(
        0.22,
        (
            ("/log-in-file-self-assessment-tax-return", "File your Self Assessment tax return online", 0.74),
            ("www.access.service.gov.uk/login/signin/creds", "Sign in using Government Gateway", 0.78),
            (f"{TAX}/business-account", "Your tax account", 0.62),
            (f"{TAX}/self-assessment-file/start", "Start your return", 0.71),
            (f"{TAX}/self-assessment-file/income", "Your income", 0.86),
            (f"{TAX}/self-assessment-file/submitted", "Return received", 0.0),
        ),
        (
            ("/self-assessment-tax-returns", "Self Assessment tax returns"),
            ("/pay-self-assessment-tax-bill", "Pay your tax bill"),
        ),
        ("self assessment", "utr number", "payment on account"),
    ),
    Walk(
        0.16,
        (
            ("/universal-credit", "Universal Credit", 0.55),
            ("/sign-in-universal-credit", "Sign in to your Universal Credit account", 0.8),
            ("www.universal-credit.service.gov.uk/sign-in", "Sign in", 0.0),
        ),
        (("/universal-credit/eligibility", "Eligibility"), ("/benefits-calculators", "Benefits calculators")),
        ("universal credit number", "universal credit login"),
    ),
    Walk(
        0.14,
        (
            ("/transition", "The UK transition", 0.52),
            ("/transition-check/questions", "Brexit checker", 0.58),
            ("/transition-check/results", "What you need to do", 0.4),
            ("/visit-europe-1-january-2021", "Visiting the EU from 1 January 2021", 0.0),
        ),
        (
            ("/staying-uk-eu-citizen", "Stay in the UK if you're an EU citizen"),
            ("/get-euid-number", "Get an EORI number"),
        ),
        ("eori number", "travel to europe", "settled status"),
    ),
)


def write(folder: Path, period: Period = PERIOD, sessions: int = SESSIONS) -> Iterator[tuple[Path, str]]:
    """Write a `hits` file of the whole period for each sender into `folder`; gives (path, sender) as each is closed."""
    luck = random.Random(SEED)  # noqa: S311 - made-up sessions, not secrets
    days = ((day, number) for day in period for number in range(round(sessions * WEEK[day.weekday()])))
    rows = [row for day, number in days for row in _session(luck, day, number)]
    for sender in SENDERS:
        path = folder / f"{sender.lower().replace(' ', '-')}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, FIELDS)
            writer.writeheader()
            writer.writerows(row for row in rows if _sender(str(row["page"])) == sender)
        yield path, sender


def _sender(page: str) -> str:
    owners = {VEHICLE: "DfT", PASSPORT: "Home Office", TAX: "HMRC", "www.access.service.gov.uk": "HMRC"}
    return owners.get(page.split("/", 1)[0], "GDS")


def _drawn(luck: random.Random, shares: dict[str, float]) -> str:
    return luck.choices(list(shares), list(shares.values()))[0]


def _session(luck: random.Random, day: date, number: int) -> Iterator[dict[str, object]]:
    """The rows of one session: its walk until it ends, with searches, pages aside and reloads."""
    walk = luck.choices(WALKS, [walk.share for walk in WALKS])[0]
    device = _drawn(luck, DEVICES)
    clock = datetime.combine(day, time(7), LONDON) + timedelta(seconds=luck.betavariate(2, 2) * 58_000)
    same = {
        "session": f"{day:%j}-{number}",
        "visitor": f"v{luck.randrange(14_000)}",
        "device": device,
        "channel": _drawn(luck, CHANNELS),
        "country": _drawn(luck, COUNTRIES),
    }
    for page, title, event, value in _steps(luck, walk, walk.mobile if device == "mobile" else 1.0):
        yield {
            **same,
            "time": clock.isoformat(timespec="milliseconds"),
            "page": page,
            "title": title,
            "event": event,
            "value": value,
        }
        clock += timedelta(seconds=1 + luck.expovariate(1 / 45))


def _steps(luck: random.Random, walk: Walk, going_on: float) -> Iterator[tuple[str, str, str, str]]:
    for page, title, share in walk.pages:
        yield page, title, "page_view", ""
        if luck.random() < RELOADED:
            yield page, title, "page_view", ""
        if page.startswith("/") and walk.aside and luck.random() < STEPPED_ASIDE:
            yield *luck.choice(walk.aside), "page_view", ""
            if luck.random() < GAVE_UP_ASIDE:
                return
            yield page, title, "page_view", ""
        if page.startswith("/") and luck.random() < SEARCHED:
            yield "/search/all", "Search", "page_view", ""
            yield "/search/all", "Search", "search", luck.choice(walk.terms)
            yield page, title, "page_view", ""
        if luck.random() >= share * going_on:
            return
