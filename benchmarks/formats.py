"""GA4 events as newline JSON into a cleaned day, beside DuckDB's bare read of the same file with explicit columns.

Twice: events of all kinds as GOV.UK sends them, 2.5 KB each, and page views alone with the least that they need, 0.9 KB.

    python -m benchmarks.formats [millions of events]

Process time of the importer and of the low-rights process together, in turns with the bare read; the middle of the
ratios of the runs. Also the most memory that one process took.
"""

import random
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import duckdb
import orjson

from benchmarks.intake import held, key, spent
from data.intake import Extract, read_extract
from data.settings import Settings

DAY: Final = date(2020, 10, 7)
RUNS: Final = 3
MOST_TIMES: Final = 2.5  # the CPU of the bare read that a cleaned day may take
MOST_MEMORY: Final = 2e9  # bytes
MOST_MILLIONS: Final = 1  # of events: they take 2.5 GB as JSON
PAGES: Final = 200_000
NAMES: Final = {
    "page_view": 36, "user_engagement": 16, "scroll": 14, "session_start": 10, "first_visit": 6, "navigation": 10,
    "select_content": 4, "file_download": 2, "search": 1, "form_submit": 1,
}  # fmt: skip
ON_EVERY_PAGE: Final = {
    "page_referrer": "https://www.gov.uk/search/all?keywords=tax",
    "session_engaged": "1",
    "document_type": "guide",
    "organisations": "<D25><EA74>",
    "primary_publishing_organisation": "HM Revenue & Customs",
    "content_id": "a6bb0fc8-753f-4732-aabc-ff727dcf1262",
    "status_code": "200",
    "publishing_app": "publisher",
    "rendering_app": "frontend",
    "schema_name": "guide",
    "taxonomy_main": "tax",
    "taxonomy_level1": "money",
    "viewport_size": "1920x1080",
    "content_language": "en",
    "withdrawn": "false",
    "source": "google",
    "medium": "organic",
}
OF_A_LINK: Final = {
    "link_url": "https://www.tax.service.gov.uk/start/now",
    "link_domain": "https://www.tax.service.gov.uk",
    "outbound": "true",
    "method": "primary click",
    "type": "generic link",
}
ABOUT: Final = {
    "privacy_info": {"analytics_storage": "Yes", "ads_storage": "Yes", "uses_transient_token": "No"},
    "user_first_touch_timestamp": "1601550000000000",
    "device": {
        "category": "mobile", "mobile_brand_name": "Apple", "mobile_model_name": "iPhone", "operating_system": "iOS",
        "language": "en-gb", "is_limited_ad_tracking": "No",
        "web_info": {"browser": "Safari", "browser_version": "14.0", "hostname": "www.gov.uk"},
    },
    "geo": {
        "city": "Leeds", "country": "United Kingdom", "continent": "Europe", "region": "England",
        "sub_continent": "Northern Europe", "metro": "(not set)",
    },
    "traffic_source": {"name": "(direct)", "medium": "(none)", "source": "(direct)"},
    "stream_id": "3323",
    "platform": "WEB",
    "collected_traffic_source": {"manual_source": "google", "manual_medium": "organic"},
    "is_active_user": True,
}  # fmt: skip
TEXT: Final = "varchar"
BARE: Final = {
    "event_date": TEXT,
    "event_timestamp": "bigint",
    "event_name": TEXT,
    "event_params": "struct(key varchar, value struct(string_value varchar, int_value bigint, float_value double, "
    "double_value double))[]",
    "user_pseudo_id": TEXT,
    "user_id": TEXT,
    "privacy_info": "struct(analytics_storage varchar)",
    "device": "struct(category varchar, web_info struct(hostname varchar))",
    "geo": "struct(country varchar)",
    "collected_traffic_source": "struct(manual_source varchar, manual_medium varchar)",
    "session_traffic_source_last_click": "struct(manual_campaign struct(source varchar, medium varchar))",
    "batch_event_index": "bigint",
}


def events(count: int) -> Iterator[dict[str, Any]]:
    """`count` events of one day, a third of them page views, about five in a session, on pages by a power law."""
    dice = random.Random(20_201_007)  # noqa: S311 - made-up traffic
    start = int(datetime(DAY.year, DAY.month, DAY.day, 6, tzinfo=UTC).timestamp()) * 1_000_000
    names = dice.choices(list(NAMES), list(NAMES.values()), k=count)
    for number, name in enumerate(names):
        at, session = start + number * 57_600_000_000 // count, dice.randrange(count // 5)
        page = int(dice.paretovariate(0.7)) % PAGES
        whole = {"ga_session_id": 1_602_000_000 + session, "ga_session_number": 1, "engagement_time_msec": at % 90_000}
        texts = {"page_location": f"https://www.gov.uk/guidance/page-{page}", "page_title": f"Page {page} - GOV.UK"}
        texts |= ON_EVERY_PAGE | {"timestamp": str(at // 1_000)} | (OF_A_LINK if name == "navigation" else {})
        parameters = [{"key": key, "value": {"string_value": value}} for key, value in texts.items()]
        parameters += [{"key": key, "value": {"int_value": str(value)}} for key, value in whole.items()]
        yield {
            "event_date": f"{DAY:%Y%m%d}", "event_timestamp": str(at), "event_name": name, "event_params": parameters,
            "event_bundle_sequence_id": str(number), "user_pseudo_id": f"{session * 7}.{session}", **ABOUT,
            "batch_event_index": "1", "batch_page_id": str(at // 1_000), "batch_ordering_id": "1",
        }  # fmt: skip


def views(count: int) -> Iterator[dict[str, Any]]:
    """The same without what isn't a page view's, and each a page view; four in a session."""
    least = ("page_referrer", "document_type", "content_id", "status_code", "session_engaged", "organisations")
    for number, one in enumerate(events(count)):
        texts = {name: ON_EVERY_PAGE[name] for name in least}
        found = [given for given in one["event_params"] if given["key"] in {"page_location", "page_title"}]
        found += [{"key": key, "value": {"string_value": value}} for key, value in texts.items()]
        session = number * 7_919 % (count // 4)
        found += [{"key": "ga_session_id", "value": {"int_value": str(1_602_000_000 + session)}}]
        yield {
            "event_date": one["event_date"], "event_timestamp": one["event_timestamp"], "event_name": "page_view",
            "event_params": found, "user_pseudo_id": f"{session * 7}.{session}",
            "device": {"category": "mobile", "web_info": {"hostname": "www.gov.uk"}},
            "geo": {"country": "United Kingdom"}, "batch_event_index": "1",
        }  # fmt: skip


def measured(work: Callable[[], object]) -> float:
    """CPU seconds of this process and those it waited for."""
    before = spent()
    work()
    return spent() - before


def memory(path: Path) -> float:
    """The most bytes that reading the file took in any one process: one that is new, so that nothing else counts."""
    reading = f"from benchmarks import formats; from pathlib import Path; print(formats.most(Path({str(path)!r})))"
    done = subprocess.run([sys.executable, "-c", reading], capture_output=True, text=True, check=True)  # noqa: S603 - our own
    return float(done.stdout)


def most(path: Path) -> int:
    """Read the file, and the most bytes that this process or the low-rights one held."""
    read_extract(path, Extract("gds", "GDS"), Settings(home=path.parent / "home"), key)
    return max(held(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)


def compare(path: Path) -> list[tuple[float, float]]:
    """CPU seconds of the bare read and of the cleaned day, several times in turns."""
    settings, extract = Settings(home=path.parent / "home"), Extract("gds", "GDS")
    duckdb.execute("set enable_progress_bar = false")
    bare = f"from read_json('{path}', format = 'newline_delimited', columns = {BARE})"
    return [
        (
            measured(lambda: duckdb.execute(f"create or replace temp table bare as {bare}")),
            measured(lambda: read_extract(path, extract, settings, key)),
        )
        for _ in range(RUNS)
    ]


def main(millions: float) -> int:
    """Print both of each file and how many times the one is the other; 1 where that, or the memory, is too much."""
    count = int(min(millions, MOST_MILLIONS) * 1_000_000)
    return max(_printed("events", events(count)), _printed("page views", views(count)))


def _printed(name: str, made: Iterator[dict[str, Any]]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"events_{DAY:%Y%m%d}.json"
        with path.open("wb") as file:
            file.writelines(orjson.dumps(one) + b"\n" for one in made)
        print(f"{name}, {path.stat().st_size / 1e6:,.0f} MB")
        held = memory(path)
        runs = compare(path)
    times = statistics.median(ours / theirs for theirs, ours in runs)
    for theirs, ours in runs:
        print(f"bare read {theirs:6.2f} CPU s, cleaned day {ours:6.2f} CPU s, {ours / theirs:5.2f} times")
    print(f"{times:.2f} times the bare read (at most {MOST_TIMES}); {held / 1e9:.2f} GB of memory (at most 2)")
    return int(times > MOST_TIMES or held > MOST_MEMORY)


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if sys.argv[1:] else 0.2))
