"""Run every benchmark at 1 and 10 million page views, each in a process of its own so that memory is its own too.

One more day into an open month is one size always.
"""

import subprocess
import sys

SIZES = ("1", "10")  # millions of page views
NAMES = ("cleaning", "intake", "formats", "publish", "day", "questions", "pages", "funnels")


def main() -> int:
    """Run them in the order of the data's way; 1 where a wanted figure of any is missed."""
    failed = False
    for size in sys.argv[1:] or SIZES:
        for name in NAMES:
            print(f"\n== {name}, {size} million page views", flush=True)
            failed |= subprocess.run([sys.executable, "-m", f"benchmarks.{name}", size], check=False).returncode > 0  # noqa: S603 - our own modules
    return int(failed)


sys.exit(main())
