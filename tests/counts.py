"""How many random examples a test tries: few in `make test`, the full counts in `make soak`."""

import os


def rounds(small: int, full: int) -> int:
    """Examples to try: `small` by default, `full` when ESTATE_SOAK is set."""
    return full if os.environ.get("ESTATE_SOAK") else small
