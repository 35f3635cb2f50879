"""What counts as personal data in a text and in a path, and what doesn't."""

import polars as pl
import pytest

from data import clean
from data.clean import checks

MONTHS = "January February March April May June July August September October November December Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec"


def text(value: str) -> str:
    cleaned: str = clean.text(pl.Series([value]))[0]
    return cleaned


@pytest.mark.parametrize(
    ("tag", "values"),
    [
        ("email", ["jo.smith@example.com", "jo+list@example.com", "jo%40example.com", "jo%252540example.com", '"jo smith"@example.com',
                   "jo(at)example.com", "o'neil@example.co.uk", "ＪＯ＠example.com", "jo&#64;example.com"]),
        ("ni number", ["AB123456C", "ab 12 34 56 c", "AB-12-34-56-C", "AB+12+34+56+C", "AB%20123456%20C", "AB 123456", "AB123456"]),
        ("gwf number", ["GWF123456789", "gwf 123 456 789", "GWF-123456789", "gwf+123456789"]),
        ("gb eori number", ["GB123456789000", "gb 123 456 789 000", "XI123456789000", "GB123456789000123"]),
        ("driving licence", ["MORGA657054SM9IJ", "morga 657054 sm9ij", "FO999512018AA1AB", "JONES710153J99EF35"]),
        ("nhs number", ["9434765870", "943 476 5870", "401-023-2137", "NHS9434765870"]),
        ("utr", ["1955839661", "19558 39661", "1955839661K"]),
        ("card number", ["4111111111111111", "4111 1111 1111 1111", "5555-5555-5555-4444", "3782 822463 10005"]),
        ("account number", ["12-34-56 12345678", "123456 12345678", "GB29 NWBK 6016 1331 9268 19"]),
        ("phone number", ["07700900123", "07700 900 123", "07700+900+123", "+44 7700 900123", "%2B447700900123", "447700%20900123", "0044 7700 900123",
                          "+44 (0)7700 900123", "020 7946 0958", "01632960001", "(0)7700 900123", "202-555-1234", "+353 87 123 4567"]),
        ("passport", ["AB1234567", "ab1234567"]),
        ("vehicle registration", ["AB51 ABC", "bd62xyz", "LN14-HGT", "K1 ABC", "M456DEF", "ABC 123D"]),
        ("postcode", ["SW1A 1AA", "sw1a1aa", "SW1A+1AA", "SW1A%C2%A01AA", "SW1A%2B1AA", "M1 1AA", "W1A-1HQ", "GIR 0AA", "BFPO 123", "BF1 2AB",
                      "GX11 1AA", "STHL 1ZZ", "GL194LYX"]),
        ("date", ["01/02/1990", "1.2.1990", "1-2-1990", "1\\2\\1990", "1990-02-01", "1990/2/1", "19900201", "01021990", "1/2/90", "1.2.90",
                  "1990-02-01T10:20:30Z", "Jan 2nd, 1990", "2nd of jan '90", "2JAN1990", "2-Jan-90", "1990 January 2", "the 2nd day of January 1990",
                  "first of January 1990", "1af Ionawr 1990", "1–2–1990", "1%2F2%2F1990"]),
        ("ip address", ["192.0.2.10", "2001:db8::ff00:42:8329", "2001:db8:0:0:0:ff00:42:8329"]),
        ("location", ["51.5074,-0.1278", "51.5074, -0.1278", "51.5074° N 0.1278° W"]),
        ("token", ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U", "eyJhbGciOi.J9.x", "Bearer abcdef0123456789"]),
        ("id", ["GA1.2.1234567890.1571234567"]),
    ],
)  # fmt: skip
def test_each_kind_gives_way_to_its_tag(tag: str, values: list[str]) -> None:
    left = clean.text(pl.Series(values)).str.strip_prefix("the ").str.replace(r"^\(", "")
    assert dict(zip(values, left, strict=True)) == dict.fromkeys(values, f"[{tag}]")


@pytest.mark.parametrize("month", [form for name in MONTHS.split() for form in (name, name.lower(), name.upper())])
def test_every_name_of_a_month_makes_a_date(month: str) -> None:
    forms = ["1st of {}", "1 of {}", "2nd {}", "3 {}", "{} 4th", "{} 5", "10 {},", "25-{}-"]
    written = [form.format(month).rstrip("-") + year for form in forms for year in (" 1990", " 90", " '90")]
    assert clean.text(pl.Series(written)).to_list() == ["[date]"] * len(written)


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("?token=Ab_cd.ef&x=1", "?token=[token]&x=1"),
        ("reset_password_token=4be6f4db-f32a&next=1", "reset_password_token=[reset_password_token]&next=1"),
        ("state=4be6f4db", "state=[state]"),
        ("code=4/0AX4", "code=[code]"),
        ("_ga=2.1.3&_gl=1*a*b", "_ga=[id]&_gl=[id]"),
        ("?gclid=Cj0K&msclkid=9f8e", "?gclid=[id]&msclkid=[id]"),
        ('{"access_token": "abc.def"}', '{"access_token": [access_token]'),
        ("user[password]=x", "user[password]=[user[password]"),
        ("dob-day=1&dob-month=2&dob-year=1990", "dob-day=[dob-day]&dob-month=[dob-month]&dob-year=[dob-year]"),
        ("day=1&month=2&year=1990", "day=[date]&month=[date]&year=[date]"),
        ("address_line_1=10%20Downing%20Street&x=1", "address_line_1=[address_line_1]&x=1"),
        ("postcode=SW1A", "postcode=[postcode]"),
        ("my passport number is 123456789", "my passport number is [passport]"),
        ("sort code: 12 34 56, account no 12345678", "sort code: [number], account no [number]"),
        ("born 010190", "born [date]"),
        ("hello+world+jo@example.com+SW1A1AA", "hello+world+[email]+[postcode]"),
        ("mailto:jo@example.com", "mailto:[email]"),
        ("https://www.gov.uk/a/2f3a1b6e-1111-4222-8333-444455556666", "https://www.gov.uk/a/[uuid]"),
        ("from SW1A 1AA to EC1A 1BB", "from [postcode] to [postcode]"),
        ("AB123456C AB123456C", "[ni number] [ni number]"),
    ],
)
def test_what_a_key_or_a_word_announces_goes_and_the_word_stays(sent: str, expected: str) -> None:
    assert text(sent) == expected


@pytest.mark.parametrize(
    "value",
    ["01011776", "12345678", "11223333", "00000000", "2955839661", "9434765871", "+1123456789", "21123456789", "A12345678", "AB 1234567",
     "QQ123456C", "BG123612A", "FQ 00 00 00 C", "AA 12 34 56 H", "AB 12 34 56 1", "AB35 ABC", "IB51 ABC", "AB51 AIB", "XXXAB51ABCYYY", "ABC 123Z",
     "MORGA613054SM9IJ", "MORGA65705SM9IJ", "MO9G9657054SM9IJ", "QA1 1AA", "M1 1CA", "1A1 1AA", "p800refund", "p45 tax", "form c79", "tax year 2018-19",
     "1 January", "January 1990", "0300 200 3300", "0800 328 5644", "20 MPH zone", "at 10 11 12", "4111 1111 1111 1112", "256.1.1.1", "std::vector",
     "a d6c2de5d-ef90-45d1-82d4-5f2438369eea content id", "parameter=secret", "2018 2019 2020 2021", "100% of 5 > 3 & more", "brexit 2019"],
)  # fmt: skip
def test_what_only_looks_like_it_stays(value: str) -> None:
    assert text(value) == value


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("/age/1954-04-26", "/age/[date]"),
        ("/age/26-april-1954/result", "/age/[date]/result"),
        ("/born/26/04/1954/x", "/born/[date]/x"),
        ("/born/1954/4/26", "/born/[date]"),
        ("/age/26%2F04%2F1954", "/age/[date]"),
        ("/check/dob-1954-04-26", "/check/dob-[date]"),
        ("/search/born%201%20january%201990", "/search/born [date]"),
        ("/dob=1990-01-02", "/dob=[dob]"),
        ("/find/sw1a1aa/near", "/find/[postcode]/near"),
        ("/find/SW1A/1AA", "/find/[postcode]"),
        ("/crime-near-sw1a-1aa-today", "/crime-near-[postcode]-today"),
        ("/call/07700-900-123", "/call/[phone number]"),
        ("/ni/AB123456C/x", "/ni/[ni number]/x"),
        ("/ni/AB123456", "/ni/[ni number]"),
        ("/application/2f3a1b6e-1111-4222-8333-444455556666/edit", "/application/[uuid]/edit"),
        ("/vehicle-registration/AB51ABC", "/vehicle-registration/[vehicle registration]"),
        ("/reset_password_token/abc", "/reset_password_token/[token]"),
        ("/a/jo@example.com", "/a/[email]"),
        ("/a/192.0.2.10", "/a/[ip address]"),
        ("/map/51.5074,-0.1278", "/map/[location]"),
        ("/passport/123456789", "/passport/[passport]"),
    ],
)
def test_a_path_loses_what_is_personal_in_it(sent: str, expected: str) -> None:
    assert clean.page(sent)[1] == expected


@pytest.mark.parametrize(
    "path",
    ["/vat-registration", "/government/news/brexit-deal-31-october-2019", "/government/statistics/monthly-statistics-october-2019",
     "/government/collections/form-c79", "/check-state-pension", "/sorn-statutory-off-road-notification", "/guidance/notice-700-1",
     "/government/publications/paye-end-of-year-expenses-and-benefits-p11db", "/tax-year/2018-19", "/e10-2nd-edition",
     "/hmrc-internal-manuals/compliance-handbook/ch122310", "/trade-tariff/commodities/8413910000", "/AB51-ABC", "/code/state/token",
     "/guidance/007a8ba0-85d1-45eb-9412-4f8f9db4bc20", "/farming-england-201011-20122013", "/women-born-in-the-1950s", "/government/publications/ip7-6rh-environmental-permit-issued", "/region-2010-to-2011"],
)  # fmt: skip
def test_a_page_name_survives(path: str) -> None:
    assert clean.page(path)[1] == path


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [
        (checks.is_nhs_number, "943 476 5870", "943 476 5871"),
        (checks.is_nhs_number, "401-023-2137", "1111111111"),
        (checks.is_utr, "1955839661", "2955839661"),
        (checks.is_utr, "1955839661K", "+1955839661"),
        (checks.is_card, "4111 1111 1111 1111", "4111 1111 1111 1112"),
        (checks.is_card, "4999 4111 1111 1111 1111 1111", "4999 4998 4997"),
        (checks.is_account, "123456 12345678", "201011 20122013"),
        (checks.is_national_insurance, "AB123456C", "AB123456E"),
        (checks.is_national_insurance, "AB 12 34 56", "AT 12 34 56"),
        (checks.is_registration, "AB51 ABC", "P45 TAX"),
        (checks.is_machine_address, "192.0.2.1", "192.0.2.256"),
        (checks.is_no_ordinal, "e1-2ab", "e1-2nd"),
    ],
)
def test_a_check_tells_right_from_wrong(check: checks.Decide, right: str, wrong: str) -> None:
    assert check(right)
    assert not check(wrong)
