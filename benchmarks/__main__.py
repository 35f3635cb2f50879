"""Run every benchmark at 1 and 10 million page views, each in a process of its own so that memory is its own too."""

import subprocess
import sys
from pathlib import Path

SIZES = ("1", "10")  # millions of page views


def main() -> int:
    """Run them in the order of the data's way; the first that fails ends it."""
    here = Path(__file__).parent
    names = [
        name
        for name in ("cleaning", "intake", "formats", "publish", "questions", "pages")
        if (here / f"{name}.py").exists()
    ]
    for size in sys.argv[1:] or SIZES:
        for name in names:
            print(f"\n== {name}, {size} million page views", flush=True)
            code = subprocess.run([sys.executable, "-m", f"benchmarks.{name}", size], check=False).returncode  # noqa: S603 - our own modules
            if code:
                return code
    return 0


sys.exit(main())
