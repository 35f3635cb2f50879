"""The estate's files as a reader sees them: which version is newest, whether its segments are what was published."""

from collections.abc import Iterable, Sequence
from contextlib import ExitStack, suppress

import duckdb

from data import audit, errors
from data.periods import month_of
from data.settings import Settings
from data.store import engine, keys, vault, versions
from data.store.home import Home
from data.store.manifest import Manifest, Segment


class Disk:
    """Segments on disk, each hashed once in the life of this reader, in place of being trusted."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._open = ExitStack()
        self._hashed: set[str] = set()
        self.closed = False

    @classmethod
    def open(cls, settings: Settings) -> "Disk":
        """The files of the home of the settings."""
        return cls(Home.open(settings))

    def connect(self) -> duckdb.DuckDBPyConnection:
        """A connection that can attach segments and nothing else."""
        scratch = self._open.enter_context(self.home.scratch())
        connection = engine.connect(self.home.settings, scratch)
        engine.lock(connection, self.home.folder / "segments")
        return connection

    def newest(self) -> Manifest | None:
        """The published version. Raises `Untrusted`."""
        return versions.newest(self.home)

    def pointer(self) -> str:
        """What changes when a version is published; "" before the first."""
        file = self.home.folder / "pointer"
        return vault.signature(file) if file.exists() else ""

    def check_first(self, segments: Sequence[Segment], *, starting: bool) -> None:
        """Check what must be checked before these segments are served.

        At a reader's start that is the newest month, and what isn't the same file as when it was published; later it is
        everything. Raises `Untrusted`, or `FileNotFoundError` where a later version has replaced a file.
        """
        newest = max((month_of(one.last_day) for one in segments), default="")
        for one in segments:
            file = vault.segment_file(self.home, one)
            same = vault.signature(file) == one.signature
            if file.stat().st_size != one.size:
                raise self._changed(one)
            if not (starting and same and month_of(one.last_day) < newest):
                self._hash(one)

    def check_rest(self, segments: Iterable[Segment]) -> None:
        """Check the files that haven't been yet. Raises `Untrusted`."""
        for one in segments:
            with suppress(FileNotFoundError):  # a later version has replaced it; this reader holds it open
                self._hash(one)

    def attach(self, connection: duckdb.DuckDBPyConnection, segment: Segment) -> None:
        """Attach a segment, read-only, under its name. Raises `Untrusted`."""
        key = self.home.key.unwrap(segment.key, segment.name)
        file = vault.segment_file(self.home, segment)
        try:
            engine.attach(connection, file, keys.for_duckdb(key))
        except duckdb.IOException:
            file.stat()  # says so if it is gone
            raise
        except duckdb.InvalidInputException:  # what DuckDB reads to open the file isn't what was encrypted
            raise self._changed(segment) from None

    def tell(self, error: errors.Untrusted) -> None:
        """Log that something can't be trusted, unless it is the log itself."""
        with suppress(errors.Untrusted):
            audit.Log(self.home).append("untrusted", title=error.title, detail=error.detail)

    def close(self) -> None:
        """Remove the temporary folder."""
        self.closed = True
        self._open.close()

    def _hash(self, segment: Segment) -> None:
        if segment.name in self._hashed:
            return
        if vault.hashed(vault.segment_file(self.home, segment)) != segment.sha256:
            raise self._changed(segment)
        self._hashed.add(segment.name)

    @staticmethod
    def _changed(segment: Segment) -> errors.Untrusted:
        what = f"The {segment.kind} segment of {segment.account} from {segment.first_day} to {segment.last_day}"
        return errors.Untrusted("A segment was changed", f"{what} isn't what was published: restore a backup")
