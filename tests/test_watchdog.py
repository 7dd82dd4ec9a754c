"""Who holds the event loop up is named in the log, once, and a busy loop is left in peace."""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import TYPE_CHECKING

import watchdog
from watchdog import watching

if TYPE_CHECKING:
    import pytest

PATIENCE_S = 30


class Ear(logging.Handler):
    """Hears the log line by line, in whatever thread it is written."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []
        self.changed = threading.Condition()

    def emit(self, record: logging.LogRecord) -> None:
        with self.changed:
            self.heard.append(record.getMessage())
            self.changed.notify_all()

    def wait_for(self, lines: int) -> bool:
        """Hold this thread up until so many lines were heard."""
        with self.changed:
            return self.changed.wait_for(lambda: len(self.heard) >= lines, PATIENCE_S)


def grind(ear: Ear, secret: str) -> None:
    """Hold the loop up until the watchdog has noticed."""
    assert secret
    assert ear.wait_for(1)


async def test_who_holds_the_loop_up_is_named_once_and_without_values() -> None:
    ear = Ear()
    watchdog.logger.addHandler(ear)
    try:
        with watching(held_up_s=0.05):
            grind(ear, "a cat on the moon")
            await asyncio.to_thread(ear.wait_for, 2)
    finally:
        watchdog.logger.removeHandler(ear)
    where, after = ear.heard
    assert where.startswith("the event loop is held up here:")
    assert "in grind" in where
    assert "a cat on the moon" not in where.partition("in grind")[2]
    assert after.startswith("the event loop goes on after ")


async def test_a_loop_that_answers_is_not_complained_of(caplog: pytest.LogCaptureFixture) -> None:
    answered = 0
    with watching(held_up_s=5.0):
        for _ in range(1000):
            await asyncio.sleep(0)
            answered += 1
    assert answered == 1000
    assert caplog.records == []


async def test_a_failure_that_nobody_waits_for_is_heard(caplog: pytest.LogCaptureFixture) -> None:
    loop = asyncio.get_running_loop()
    with watching():
        loop.call_exception_handler({"message": "lost", "exception": ValueError("its words")})
    assert [record.getMessage() for record in caplog.records] == ["lost"]
