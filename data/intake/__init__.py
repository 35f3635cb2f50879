"""The way in of an extract: read in a process without rights, checked, cleaned, pseudonymised, counted.

`read_extract` is all that others call. The low-rights process loads this package too, so little is loaded here.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from data.intake.extract import CleanedDay, Extract, Keys, Quarantined
from data.intake.nursery import together

if TYPE_CHECKING:
    from data.settings import Settings

__all__ = ["CleanedDay", "Extract", "Keys", "Quarantined", "read_extract", "together"]


def read_extract(path: Path, extract: Extract, settings: "Settings", keys: Keys) -> list[CleanedDay]:
    """The cleaned days of a file: one, or several with `split_days`. Raises `errors.Refused` with its reason's code.

    The reasons, by where they are found: symlink, not_a_file, manifest_unreadable, manifest_mismatch (beside the file);
    no_agreement; empty, no_header, archive, gzip_truncated, gzip_damaged, zstd_truncated, zstd_damaged, expands_too_far,
    unreadable, took_too_long (its bytes); schema, identity_column, parts_of_totals (its header); too_many_sessions, several_days, no_day,
    bad_period, future_day, day_mismatch, too_many_broken (its rows).
    """
    from data.intake.reading import read

    return read(path, extract, settings, keys)
