"""Final answers kept for the next who asks the same: by version, question, parameters and rights, the oldest go first."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from weakref import WeakKeyDictionary

from data.store import Estate
from queries.answers import Answer

Key = tuple[object, ...]


class Kept:
    """At most `most` answers of one estate; safe from several threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._answers: OrderedDict[Key, Answer] = OrderedDict()
        self._lock = Lock()

    def find(self, key: Key, make: Callable[[], Answer]) -> Answer:
        """The answer kept under the key, or a new one, which is then kept. Two askers at once may both make it."""
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key]
        answer = make()
        with self._lock:
            self._answers[key] = answer
            while len(self._answers) > self._most:
                self._answers.popitem(last=False)
        return answer


class Answers:
    """The answers of each estate of this process, gone with the estate."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: WeakKeyDictionary[Estate, Kept] = WeakKeyDictionary()

    def of(self, estate: Estate) -> Kept:
        """The answers kept of this estate."""
        return self._kept.setdefault(estate, Kept(self._most))
