"""What scheduler and worker share: a sign of life, a calm end, and a fresh start when the source changes."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time
from pathlib import Path

log = logging.getLogger("ordinaut.life")
HEARTBEAT = Path(os.environ.get("HEARTBEAT", "/tmp/heartbeat"))
LONGEST_SILENCE = 15.0


class Life:
    """The life of a process that goes round a loop until it is asked to end."""

    def __init__(self, reload: bool):
        self._end = threading.Event()
        self._newest = _newest_source() if reload else None

    def ends_on_signals(self) -> Life:
        """Let SIGTERM and SIGINT end the loop after the round that is under way."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._end.set())
        return self

    @property
    def goes_on(self) -> bool:
        return not self._end.is_set()

    def beat(self) -> None:
        """Say that the loop works: `python -m ordinaut.life` tells it on."""
        HEARTBEAT.touch()

    def pause(self, seconds: float) -> None:
        """Wait, but not beyond the end; begin anew with the new source if it has changed."""
        self._end.wait(seconds)
        if self.goes_on and self._newest is not None and _newest_source() != self._newest:
            log.info("the source has changed: starting anew")
            os.execv(sys.executable, [sys.executable, "-m", sys.modules["__main__"].__spec__.name])


def _newest_source() -> float:
    return max(file.stat().st_mtime for file in Path(__file__).parent.glob("*.py"))


def is_alive(now: float) -> bool:
    """Return whether the loop has gone round lately."""
    try:
        return now - HEARTBEAT.stat().st_mtime < LONGEST_SILENCE
    except FileNotFoundError:
        return False


if __name__ == "__main__":
    sys.exit(0 if is_alive(time.time()) else 1)
