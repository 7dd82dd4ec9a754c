"""Where log lines go and what they look like: text for people, JSON for machines."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from settings import LogFormat, LogLevel

TEXT: Final = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


class JsonFormatter(logging.Formatter):
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
    """Send every log line to standard error, in that form, from that level on."""
    handler = logging.StreamHandler(sys.stderr)
    json_lines = form.value == "json"
    handler.setFormatter(JsonFormatter() if json_lines else logging.Formatter(TEXT))
    logging.basicConfig(level=level.value, handlers=[handler], force=True)
    # discord.py tells of every heartbeat and request below WARNING; addresses hold tokens there.
    for noisy in ("discord.http", "discord.gateway", "discord.webhook", "aiohttp.access"):
        logging.getLogger(noisy).setLevel(max(logging.INFO, logging.getLogger().level))
