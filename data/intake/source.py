"""An extract's bytes, decompressed here, bounded and checked to the last byte of their trailer."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from data import errors

CHUNK: Final = 1 << 24  # bytes handed on at once
EVERYTHING: Final = -1  # bytes of a plain file, at once
READ: Final = 1 << 16  # bytes read at once; small, so that what they expand to is weighed often
FREE: Final = 1 << 24  # bytes that any file may expand to: a ratio says little about a small file
GZIP_WINDOW: Final = 31  # zlib's number for "gzip, with its header and trailer"

GZIP: Final = b"\x1f\x8b"
ZSTD: Final = b"\x28\xb5\x2f\xfd"
ARCHIVES: Final = (GZIP, ZSTD, b"PK\x03\x04", b"PK\x05\x06", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"BZh", b"\xfd7zXZ\x00")
TAR, TAR_PLACE = b"ustar", 257


@dataclass(frozen=True)
class Source:
    """One open extract, and the most that it may expand to."""

    file: BinaryIO
    name: str
    expanded_bytes: int
    expanded_ratio: int

    @property
    def suffix(self) -> str:
        """The end of its name that says what is in it, lower case: `.csv` of `day.csv.gz`."""
        bare = self.name.lower().removesuffix(".gz").removesuffix(".zst")
        return "." + bare.rpartition(".")[2]

    def head(self) -> bytes:
        """The first bytes as they lie there. Raises `Refused` for a file of none."""
        self.file.seek(0)
        if not (start := self.file.read(TAR_PLACE + len(TAR))):
            raise errors.Refused("empty", "The file is empty", "It has no bytes at all: send it again")
        return start

    def whole(self) -> bytes:
        """The content, decompressed, for a format that is read from its end."""
        return b"".join(self.chunks(EVERYTHING))

    def chunks(self, size: int = CHUNK) -> Iterator[bytes]:
        """The content, decompressed, from the start; a plain file in pieces of `size` bytes, others in at most CHUNK."""
        start = self.head()
        self.file.seek(0)
        if start.startswith(GZIP):
            yield from _opened(self._bounded(_gunzipped(self.file)))
        elif start.startswith(ZSTD):
            yield from _opened(self._bounded(_unzstd(self.file)))
        else:
            yield from _opened(_plain(self.file, size))

    def _bounded(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        expanded = 0
        for piece in pieces:
            expanded += len(piece)
            if expanded > min(self.expanded_bytes, FREE + self.expanded_ratio * self.file.tell()):
                detail = "It grows beyond what an extract may, in bytes or in times its size: send it in parts"
                raise errors.Refused("expands_too_far", "The file expands too far", detail)
            yield piece


def prepare(file: BinaryIO) -> None:
    """Load what opening this file needs, while code can still be loaded."""
    if file.read(len(ZSTD)) == ZSTD:
        import pyarrow as pa  # noqa: F401  # only zstd needs it, and loading it takes a tenth of a second


def _plain(file: BinaryIO, size: int) -> Iterator[bytes]:
    while piece := file.read(size):
        yield piece


def _opened(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same pieces; an archive, plain or inside another, is refused."""
    for number, piece in enumerate(pieces):
        if number == 0 and (piece.startswith(ARCHIVES) or piece[TAR_PLACE:].startswith(TAR)):
            detail = "An archive can hold many files and paths: send the extract itself, at most gzipped or zstd"
            raise errors.Refused("archive", "The file is an archive", detail)
        yield piece


def _gunzipped(file: BinaryIO) -> Iterator[bytes]:
    """Every member of a gzip file; zlib compares checksum and length at the end of each."""
    inflating = zlib.decompressobj(GZIP_WINDOW)
    waiting = file.read(READ)
    try:
        while waiting:
            if inflating.eof:
                inflating = zlib.decompressobj(GZIP_WINDOW)
            if piece := inflating.decompress(waiting, CHUNK):
                yield piece
            waiting = inflating.unused_data or inflating.unconsumed_tail or file.read(READ)
    except zlib.error:
        detail = "Its checksum or structure is wrong: it was changed on its way, send it again"
        raise errors.Refused("gzip_damaged", "The gzip file is damaged", detail) from None
    if not inflating.eof:
        raise errors.Refused("gzip_truncated", "The gzip file ends too early", "Its trailer is missing: send it again")


def _unzstd(file: BinaryIO) -> Iterator[bytes]:
    import pyarrow as pa

    try:
        stream = pa.input_stream(pa.py_buffer(file.read()), compression="zstd")  # of the file itself it would close it
        while piece := stream.read(CHUNK):
            yield piece
    except OSError as error:
        reason = "zstd_truncated" if "runcated" in str(error) else "zstd_damaged"
        raise errors.Refused(reason, "The zstd file is damaged or ends too early", "Send it again") from None
