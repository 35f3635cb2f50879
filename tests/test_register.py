"""What the register answers: names, senders, memorandums, structures of a day, special days."""

from datetime import date

import pytest

from data import errors
from data.periods import Period
from data.register import files, register
from data.register.records import Account
from tests.plain.ownership import service_of

DAY = date(2019, 10, 1)


def test_a_department_is_found_however_its_short_name_is_typed() -> None:
    assert register.department("home-office").short == "Home Office"
    assert register.department("HMRC") is register.department("hmrc")


def test_an_unknown_name_is_refused_with_the_names_that_can_be_typed() -> None:
    with pytest.raises(
        errors.UnknownDepartment, match=r"No department is called 'XYZ'.*Type one of BEIS, Defra"
    ) as refusal:
        register.department("XYZ")
    assert refusal.value.field == "department"
    with pytest.raises(errors.BadRequest, match="Type one of gds, joined"):
        register.account("other")
    with pytest.raises(errors.BadRequest, match="Type one of personal-tax-account"):
        register.service("nothing")


def test_a_record_with_a_field_that_its_kind_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="kind Account has no field colour"):
        files.records(Account, [{"name": "a", "title": "A", "about": "", "whole": True, "colour": "red"}])


def test_gds_sends_www_gov_uk_in_both_accounts_and_needs_no_memorandum() -> None:
    for day in (date(2019, 5, 12), DAY, date(2026, 10, 1)):
        assert register.sender_of("gds", "www.gov.uk", day) == register.sender_of("joined", "www.gov.uk", day) == "GDS"
        assert register.shared("www.gov.uk", day)
    assert register.sender("gds") == register.sender("GOV.UK (GDS)") == "GDS"
    assert register.sender_number("GDS") == register.number("GOV.UK (GDS)")


def test_a_service_host_has_its_department_for_only_sender_and_only_in_the_joined_account() -> None:
    host = "www.tax.service.gov.uk"
    assert register.sender_of("joined", host, DAY) == "HMRC"
    assert register.sender_of("gds", host, DAY) is None
    assert register.sender_of("joined", "unknown.example", DAY) is None


def test_a_memorandum_is_judged_by_host_and_day() -> None:
    assert not register.shared("www.tax.service.gov.uk", date(2019, 5, 20))
    assert register.shared("www.tax.service.gov.uk", date(2019, 5, 21))
    assert not register.shared("www.universal-credit.service.gov.uk", DAY)
    assert not register.shared("unknown.example", DAY)
    assert register.agreement_in_force("DWP", DAY) is None
    assert register.agreement("DWP", DAY) is not None


def test_a_memorandum_passes_to_a_successor_only_where_recorded() -> None:
    assert register.agreement_in_force("DFID", date(2020, 9, 1))
    assert not register.agreement_in_force("DFID", date(2020, 9, 2))
    assert not register.agreement_in_force("FCDO", date(2020, 9, 2))
    assert not register.sharing(date(2024, 1, 1)) & {"BEIS", "DBT", "DESNZ", "DSIT"}
    in_force = {day: register.sharing(day) & {"MHCLG", "DLUHC"} for day in (DAY, date(2022, 1, 1), date(2026, 1, 1))}
    assert list(in_force.values()) == [{"MHCLG"}, {"DLUHC"}, {"MHCLG"}]


def test_fewer_departments_are_partners_once_they_close_or_merge() -> None:
    days = (DAY, date(2020, 1, 31), date(2020, 2, 1), date(2020, 9, 2))
    assert [len(register.partners(day)) for day in days] == [17, 17, 16, 15]
    assert [len(register.sharing(day)) for day in days] == [13, 13, 12, 11]


@pytest.mark.parametrize(
    ("short", "agency", "today"),
    [
        ("DFID", None, "FCDO"),
        ("FCO", None, "FCDO"),
        ("DExEU", None, "Cabinet Office"),
        ("MHCLG", None, "MHCLG"),
        ("DLUHC", None, "MHCLG"),
        ("DIT", None, "DBT"),
        ("HMRC", None, "HMRC"),
        ("DCMS", None, "DCMS"),
        ("BEIS", None, "DBT"),
        ("BEIS", "EA26", "DBT"),
        ("BEIS", "EA34", "DSIT"),
        ("BEIS", "PB195", "DESNZ"),
        ("BEIS", "D69", "MHCLG"),
        ("DCMS", "PB298", "DSIT"),
        ("DHSC", "PB1202", "DHSC"),
        ("GOV.UK (GDS)", None, "GOV.UK (GDS)"),
    ],
)
def test_a_department_of_2019_has_this_successor_today(short: str, agency: str | None, today: str) -> None:
    assert register.as_now(short, agency) == today


def test_a_department_between_two_structures_stands_as_of_its_day() -> None:
    assert register.department_on("BEIS", "D69", date(2023, 3, 1)) == "DBT"
    assert register.department_on("BEIS", "D69", date(2023, 7, 1)) == "DLUHC"
    assert register.department_on("MHCLG", None, date(2022, 1, 1)) == "DLUHC"
    assert register.department_on("FCDO", None, DAY) == "FCDO", "a tag is believed"
    assert register.department_of_host("www.get-document-legalised.service.gov.uk", date(2021, 1, 1)) == "FCDO"


def test_a_page_belongs_to_a_service_while_the_service_runs() -> None:
    found = service_of("www.gov.uk", "/vehicle-tax", DAY)
    assert found
    assert (found.slug, found.department, found.agency) == ("vehicle-tax", "DfT", "EA74")
    assert service_of("www.vehicletax.service.gov.uk", "/anything/below", DAY) is found
    assert service_of("www.gov.uk", "/vehicle-tax/below", DAY) is None
    assert service_of("www.ehic.org.uk", "/apply", DAY)
    assert service_of("www.ehic.org.uk", "/apply", date(2021, 1, 1)) is None


def test_journeys_pass_through_sign_in_and_payment() -> None:
    assert {"www.signin.service.gov.uk", "www.payments.service.gov.uk"} <= register.pass_through_hosts
    assert "www.gov.uk" not in register.pass_through_hosts


def test_the_calendar_knows_bank_holidays_and_what_lies_in_a_period() -> None:
    calendar = register.calendar
    assert calendar.is_bank_holiday(date(2020, 5, 8))
    assert not calendar.is_bank_holiday(date(2020, 5, 4))
    names = [one.name for one in calendar.events(Period(date(2020, 1, 31), date(2020, 1, 31)))]
    assert "The United Kingdom leaves the European Union" in names
    assert "Self Assessment: online returns and payment" in names


def test_a_break_splits_only_periods_with_days_on_both_sides_and_only_its_measures() -> None:
    breaks_in = register.calendar.breaks_in
    day = date(2019, 12, 20)
    assert [one.name for one in breaks_in(Period(DAY, day), "sessions", "joined")] == ["Cookie opt-in"]
    assert not breaks_in(Period(day, date(2020, 1, 31)), "sessions", "joined")
    assert not breaks_in(Period(DAY, date(2019, 12, 19)), "sessions", "joined")
    assert not breaks_in(Period(DAY, day), "satisfaction", "joined")


def test_the_fingerprint_is_that_of_the_files() -> None:
    assert register.fingerprint == files.fingerprint()
    assert len(register.fingerprint) == 64
