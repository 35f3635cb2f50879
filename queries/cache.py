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
    """Values that together weigh at most `most`, one each unless `weigh` says otherwise; safe from several threads."""

    def __init__(self, most: int, weigh: Callable[[Value], int] = lambda _: 1) -> None:
        self._most = most
        self._weigh = weigh
        self._weight = 0
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
            if key not in self._values:
                self._values[key] = value
                self._weight += self._weigh(value)
            while self._weight > self._most:
                self._weight -= self._weigh(self._values.popitem(last=False)[1])
        return value

    def known(self, key: Key) -> Value | None:
        """The value kept under the key, if there is one."""
        with self._lock:
            return self._values.get(key)


class Answers:
    """The answers of each estate of this process, gone with the estate."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: WeakKeyDictionary[Estate, Kept[Answer]] = WeakKeyDictionary()

    def of(self, estate: Estate) -> Kept[Answer]:
        """The answers kept of this estate."""
        return self._kept.setdefault(estate, Kept(self._most))
