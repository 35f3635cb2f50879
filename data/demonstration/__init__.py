"""The demonstration: an estate of seventeen departments from 1 October 2019 to 31 October 2020, made from one seed.

Names, hosts, services and addresses are real; every session is drawn. The same seed makes the same bytes, and a day is
made alone as it is made among others. Files are extracts like any department's, returns of services, and reports of a
department that shares totals only, and go the same way in.

From left to right: files (what is known) -> nodes -> world -> changes, days (a day's own) -> people, sessions -> rows ->
writing, which hands rows to a format's writer.
"""

from data.demonstration.reports import write as write_reports
from data.demonstration.returns import write as write_returns
from data.demonstration.writing import CLOCK, PERIOD, SIZE, Span, Written, day_rows, write

__all__ = ["CLOCK", "PERIOD", "SIZE", "Span", "Written", "day_rows", "write", "write_reports", "write_returns"]
