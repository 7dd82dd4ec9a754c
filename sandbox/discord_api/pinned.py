"""Refuses to run on any simcord but the one whose insides this sandbox knows."""

from __future__ import annotations

from typing import Final

import simcord

SIMCORD_VERSION: Final = "3.2.1"


def require_simcord() -> None:
    """Check the installed simcord.

    The bridge and the page use parts of simcord that it does not call stable, so an upgrade means
    running `tests/sandbox/discord` and changing `SIMCORD_VERSION` with it.

    Raises:
        RuntimeError: another version is installed.

    """
    if simcord.__version__ != SIMCORD_VERSION:
        message = (
            f"The sandbox is built on simcord {SIMCORD_VERSION}, but {simcord.__version__} is "
            f"installed: install the development requirements again."
        )
        raise RuntimeError(message)
