"""A small estate behind the whole application, for the tests of the web."""

from datetime import date
from functools import cache
from typing import Any

from flask.testing import FlaskClient

from app import create
from data.settings import Settings
from data.store import Estate
from tests.stories import estate

DAY = date(2020, 10, 1)
ORIGIN = "http://127.0.0.1:8050"
STORIES = (
    "GDS s1 [mobile, search engine]: /vehicle-tax @0 > /vehicle-tax/renew @30 > www.vehicletax.service.gov.uk/details @50",
    "GDS s2 [mobile, direct]: /vehicle-tax @0 > /vehicle-tax/renew @20",
    "GDS s3 [desktop, social]: /vehicle-tax",
    "GDS s4: /passport > /passport/fees > /vehicle-tax > /vehicle-tax/renew",
    "HMRC s5: /tax > www.tax.service.gov.uk/account > www.tax.service.gov.uk/account/pay",
)


class Asked:
    """An estate that counts how often it is read, so that a test can say that nothing was asked."""

    def __init__(self, real: Estate) -> None:
        self.real, self.times = real, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    def pinned(self) -> Any:
        self.times += 1
        return self.real.pinned()


@cache
def asked() -> Asked:
    """The estate of these stories, counting."""
    return Asked(estate(*STORIES, day=DAY))


@cache
def dashboard() -> Any:
    """The application on that estate, in the demonstration's mode, on a fixed day."""
    found: Any = asked()
    return create(Settings(clock=date(2020, 10, 2)), found)


def client(person: str | None = None) -> FlaskClient:
    """A browser's stand-in, as this mock person."""
    browser = dashboard().server.test_client()
    assert isinstance(browser, FlaskClient)
    if person:
        browser.set_cookie("person", person, domain="127.0.0.1")
    return browser


def get(address: str, person: str | None = None, **headers: str) -> Any:
    """What a GET of this address answers."""
    return client(person).get(
        address, base_url=ORIGIN, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )


def post(address: str, body: bytes | str = b"", kind: str = "application/json", **headers: str) -> Any:
    """What a POST from one of our own pages answers."""
    given = {"Origin": ORIGIN, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return client().post(address, data=body, content_type=kind, base_url=ORIGIN, headers=given)
