"""Final answers kept for the next who asks the same: by version, question, parameters and rights, the oldest go first."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from data.store import Estate
from queries.answers import Answer

Key = tuple[object, ...]
Value = TypeVar("Value")


class Kept(Generic[Value]):
    """At most `most` values; safe from several threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[Key, Value] = OrderedDict()
        self._lock = Lock()

    def find(self, key: Key, make: Callable[[], Value]) -> Value:
        """The value kept under the key, or a new one, which is then kept. Two askers at once may both make it."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = make()
        with self._lock:
            self._values[key] = value
            while len(self._values) > self._most:
                self._values.popitem(last=False)
        return value


class Answers:
    """The answers of each estate of this process, gone with the estate."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: WeakKeyDictionary[Estate, Kept[Answer]] = WeakKeyDictionary()

    def of(self, estate: Estate) -> Kept[Answer]:
        """The answers kept of this estate."""
        return self._kept.setdefault(estate, Kept(self._most))
