"""Whose page, one page at a time: the exact claim, else the claim on the longest path above it, of equals the first."""

from datetime import date

from data.register import register
from data.register.claims import BELOW
from data.register.ownership import facts_of
from data.register.records import Service


def service_of(host: str, path: str, day: date) -> Service | None:
    """The service that a page belonged to on the day, or none."""
    claims = [(claim.pattern, claim.service) for claim in facts_of(register, day).services.claims]
    exact = [service for pattern, service in claims if pattern == host + path]
    above = [
        (-len(pattern), place, service)
        for place, (pattern, service) in enumerate(claims)
        if pattern.endswith(BELOW) and (host + path).startswith(pattern.removesuffix(BELOW) + "/")
    ]
    found = exact[0] if exact else min(above)[2] if above else None
    return register.services[found] if found else None
