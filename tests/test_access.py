"""Who may see what: denied unless allowed, and every verdict says why."""

import pytest

from data import access, errors
from data.access import PEOPLE, Viewer

HMRC, DFT, ANALYST = PEOPLE["service-owner-hmrc"], PEOPLE["analyst-dft"], PEOPLE["estate-analyst"]
TAX = "www.tax.service.gov.uk"


@pytest.mark.parametrize("viewer", PEOPLE.values(), ids=PEOPLE)
def test_every_role_has_a_verdict_with_a_reason_on_every_question(viewer: Viewer) -> None:
    for question in ("summary", "pages", "explore", "coverage", "whatever comes later"):
        verdict = access.may_ask(viewer, question)
        assert verdict.reason
        assert bool(verdict) == (question == "coverage" or viewer.role in access.FIGURES_ROLES)


@pytest.mark.parametrize("person", ["operator", "data-protection-hmrc"])
def test_those_who_see_no_figures_see_no_pages_either(person: str) -> None:
    viewer = PEOPLE[person]
    assert not access.may_see_page(viewer, "www.gov.uk", "HMRC")
    with pytest.raises(errors.Forbidden, match="sees coverage and no figures"):
        access.may_ask(viewer, "pages").require()


def test_pages_of_www_gov_uk_are_open_and_those_of_services_are_their_departments() -> None:
    assert access.may_see_page(DFT, "www.gov.uk", "HMRC")
    assert access.may_see_page(HMRC, TAX, "HMRC")
    assert access.may_see_page(ANALYST, TAX, "HMRC")
    assert not access.may_see_page(DFT, TAX, "HMRC")
    assert "not named for HMRC" in access.may_see_page(DFT, TAX, "HMRC").reason
    assert not access.may_see_page(DFT, "elsewhere.service.gov.uk", None)


def test_services_are_shown_to_those_named_for_their_department() -> None:
    assert access.may_see_services(DFT, "DfT")
    assert access.may_see_services(ANALYST, "HMRC")
    assert "not named for HMRC" in access.may_see_services(DFT, "HMRC").reason
    assert not access.may_see_services(PEOPLE["operator"], "HMRC")


def test_a_successor_of_ones_department_is_ones_own() -> None:
    viewer = Viewer("somebody", "service owner", frozenset({"DFID"}))
    assert viewer.owns("DFID")
    assert viewer.owns("FCDO")
    assert not viewer.owns("HMRC")
    assert not viewer.owns(None)


def test_people_with_different_rights_never_share_a_cache_key() -> None:
    assert len({viewer.rights for viewer in PEOPLE.values()}) == len(PEOPLE)


def test_the_people_of_the_demonstration_are_known_by_name_and_others_are_not() -> None:
    assert access.person(access.DEFAULT_PERSON).sees_everything
    assert HMRC.title == "Service owner, HMRC"
    with pytest.raises(errors.BadRequest, match="Nobody has this name"):
        access.person("somebody")
