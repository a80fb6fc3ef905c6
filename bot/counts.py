"""Counts for the metrics: what happened in this process since it was started."""

import threading
from collections import Counter
from collections.abc import Mapping


class Counts:
    """How often something happened, by its labels. Threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counted: Counter[tuple[str, ...]] = Counter()

    def add(self, *what: str) -> None:
        """It happened once more."""
        with self._lock:  # `+=` would lose what another thread adds meanwhile
            self._counted[what] += 1

    def so_far(self) -> Mapping[tuple[str, ...], int]:
        """How often each happened."""
        with self._lock:
            return dict(self._counted)
