"""What the low-rights process hands back: memory shared with its parent, never a file with a name.

The content is what a hostile file may have made of that process, so the parent believes neither shapes nor sizes.
"""

import io
import json
import mmap
import struct
from collections.abc import Mapping
from typing import IO, Any, Final, cast

import polars as pl

HEAD: Final = struct.Struct("<QQ")  # where the table of contents starts and ends


def give(outlet: mmap.mmap, told: Mapping[str, object], frames: Mapping[str, pl.DataFrame]) -> None:
    """Write plain values and frames (Arrow IPC) into the shared memory."""
    outlet.seek(HEAD.size)
    places = {}
    for name, frame in frames.items():
        start = outlet.tell()
        frame.write_ipc_stream(cast("IO[bytes]", outlet))
        places[name] = (start, outlet.tell())
    start = outlet.tell()
    outlet.write(json.dumps({"told": told, "places": places}).encode())
    outlet[: HEAD.size] = HEAD.pack(start, outlet.tell())


def take(file: int, room: int) -> tuple[dict[str, Any], dict[str, pl.DataFrame]]:
    """What was given. Raises ValueError, polars' errors and the like where it is nothing whole."""
    with mmap.mmap(file, room, prot=mmap.PROT_READ) as outlet:
        contents = json.loads(outlet[slice(*HEAD.unpack(outlet[: HEAD.size]))])
        places = contents["places"].items()
        frames = {name: pl.read_ipc_stream(io.BytesIO(outlet[start:end])) for name, (start, end) in places}
    return contents["told"], frames
