"""Where log lines go and what they look like: text for people, JSON for machines."""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import aiohttp
import discord
from discord import app_commands

if TYPE_CHECKING:
    import asyncio
    from types import TracebackType

    from settings import LogFormat, LogLevel

logger = logging.getLogger(__name__)

TEXT: Final = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"

QUOTING: Final = (discord.DiscordException, aiohttp.ClientError)
"""Errors whose text may quote what a member wrote, or an address with a token in it.

Discord's answer to a malformed message, for one, quotes the message.
"""

_LINK: Final = re.compile(r"\b[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE)


def said_of(error: BaseException) -> str:
    """Say what an error is without quoting members, secrets or links."""
    kind = type(error)
    name = kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
    if isinstance(error, discord.HTTPException):
        return f"{name}: status {error.status}, code {error.code}"
    if isinstance(error, app_commands.CommandInvokeError):
        return f"{name}: {error.command.qualified_name}"
    if isinstance(error, QUOTING):
        return name
    text = "\n".join((str(error), *getattr(error, "__notes__", ())))
    return f"{name}: {_LINK.sub('<link>', text)}".removesuffix(": ")


def trace(error: BaseException, seen: frozenset[int] = frozenset()) -> str:
    """Write an error's traceback with those that led to it, each said without quoting."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    seen |= {id(error)}
    parts = []
    if before is not None and id(before) not in seen:
        parts += [trace(before, seen), "\nwhich led to:\n\n"]
    if error.__traceback__ is not None:
        parts += ["Traceback (most recent call last):\n", *traceback.format_tb(error.__traceback__)]
    parts.append(said_of(error) + "\n")
    if isinstance(error, BaseExceptionGroup):
        parts += [f"in the group:\n{trace(one, seen)}" for one in error.exceptions]
    return "".join(parts)


def unheard(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log a failure that nobody waited for; asyncio's own handler would quote the error."""
    error = context.get("exception")
    logger.error("%s", context.get("message", "unheard failure"), exc_info=error)


def last_words(_: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
    """Write what ends the process on standard error, as Python's own hook does, without quoting."""
    sys.stderr.write(trace(error.with_traceback(where)))


class TextFormatter(logging.Formatter):
    """A line for people, and the error below it where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one record, whatever another handler has made of its error before."""
        record.exc_text = None
        return super().format(record)

    def formatException(self, ei: Any) -> str:  # noqa: ANN401, N802 - as logging has it
        """Write the error without what it may quote."""
        return trace(ei[1]).rstrip("\n") if ei[1] is not None else ""


class JsonFormatter(TextFormatter):
    """One JSON object a line: time, level, logger, message, and the error where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one record."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def configure(level: LogLevel, form: LogFormat) -> None:
    """Send every log line to standard error, in that form, from that level on.

    What ends the process is written there, too.
    """
    sys.excepthook = last_words
    handler = logging.StreamHandler(sys.stderr)
    json_lines = form.value == "json"
    handler.setFormatter(JsonFormatter() if json_lines else TextFormatter(TEXT))
    logging.basicConfig(level=level.value, handlers=[handler], force=True)
    # discord.py tells of every heartbeat and request below WARNING; addresses hold tokens there.
    for noisy in ("discord.http", "discord.gateway", "discord.webhook", "aiohttp.access"):
        logging.getLogger(noisy).setLevel(max(logging.INFO, logging.getLogger().level))
