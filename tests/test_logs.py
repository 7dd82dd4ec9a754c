"""A log line tells what went wrong, and quotes neither members nor secrets."""

from __future__ import annotations

import asyncio
import json
import logging
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import aiohttp
import discord
import pytest
import yarl

import logs

if TYPE_CHECKING:
    from collections.abc import Callable

PROMPT = "a cat on the moon"
TOKEN = "aW50ZXJhY3Rpb246dG9rZW4"
LINK = f"https://discord.invalid/api/v10/webhooks/1/{TOKEN}/messages/@original"


def refusal() -> discord.HTTPException:
    """Return Discord's answer to a malformed message, which quotes it."""
    answer = cast("Any", SimpleNamespace(status=400, reason="Bad Request"))
    wrong = {"content": {"_errors": [{"code": "TOO_LONG", "message": f"too long: {PROMPT}"}]}}
    return discord.HTTPException(answer, {"code": 50035, "message": "Invalid", "errors": wrong})


def quoting() -> list[Exception]:
    """Return errors that quote, as the libraries raise them."""
    request = aiohttp.RequestInfo(yarl.URL(LINK), "PATCH", cast("Any", {}), yarl.URL(LINK))
    return [
        refusal(),
        aiohttp.ClientResponseError(request, (), status=404, message=PROMPT),
        aiohttp.InvalidURL(LINK),
        discord.DiscordException(PROMPT),
        ValueError(f"no answer from {LINK}"),
    ]


def cause(error: Exception) -> Exception:
    """Return a fault of ours that another error led to."""
    ours = RuntimeError("the card can't be drawn")
    ours.__cause__ = error
    return ours


def context(error: Exception) -> Exception:
    """Return a fault of ours that happened while another error was being handled."""
    ours = RuntimeError("the card can't be drawn")
    ours.__context__ = error
    return ours


def group(error: Exception) -> Exception:
    """Return a group that holds it."""
    return ExceptionGroup("several at once", [error])


def written(formatter: logging.Formatter, error: Exception) -> str:
    """Write a line about an error."""
    record = logging.LogRecord(
        "cogs", logging.ERROR, __file__, 1, "it failed", (), (type(error), error, None)
    )
    return formatter.format(record)


@pytest.mark.parametrize("formatter", [logs.JsonFormatter(), logs.TextFormatter(logs.TEXT)])
@pytest.mark.parametrize("wrap", [lambda one: one, cause, context, group])
@pytest.mark.parametrize("error", quoting(), ids=lambda one: type(one).__name__)
def test_an_error_is_logged_without_what_it_quotes(
    formatter: logging.Formatter, wrap: Callable[[Exception], Exception], error: Exception
) -> None:
    line = written(formatter, wrap(error))
    assert PROMPT not in line
    assert TOKEN not in line
    assert type(error).__name__ in line


def test_a_refusal_of_discord_is_logged_by_its_status_and_code() -> None:
    line = written(logs.TextFormatter(logs.TEXT), cause(refusal()))
    assert "HTTPException: status 400, code 50035" in line
    assert "RuntimeError: the card can't be drawn" in line


def test_a_traceback_names_the_lines_that_it_went_through() -> None:
    with pytest.raises(ValueError, match="invalid literal") as raised:
        int("seven")
    line = written(logs.TextFormatter(logs.TEXT), raised.value)
    assert 'int("seven")' in line


def test_a_fault_of_ours_keeps_its_words_and_notes() -> None:
    error = KeyError("clip 7")
    error.add_note("in the statement: SELECT 1")
    line = written(logs.JsonFormatter(), error)
    assert "KeyError: 'clip 7'\nin the statement: SELECT 1" in json.loads(line)["error"]


def test_a_circle_of_errors_comes_to_an_end() -> None:
    first, second = ValueError("first"), ValueError("second")
    first.__context__, second.__context__ = second, first
    assert logs.trace(first).count("ValueError") == 2


def test_an_error_without_words_is_named() -> None:
    assert logs.said_of(TimeoutError()) == "TimeoutError"


def test_the_last_words_of_a_process_quote_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    logs.last_words(discord.HTTPException, refusal(), None)
    said = capsys.readouterr().err
    assert "status 400, code 50035" in said
    assert PROMPT not in said


async def test_a_failure_that_nobody_waited_for_quotes_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    future.set_exception(refusal())
    logs.unheard(
        loop, {"message": "nobody heard it", "future": future, "exception": future.exception()}
    )
    (record,) = caplog.records
    line = logs.TextFormatter(logs.TEXT).format(record)
    assert "nobody heard it" in line
    assert "status 400, code 50035" in line
    assert PROMPT not in line
