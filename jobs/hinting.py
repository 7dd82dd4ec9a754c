"""Take the vendor's webhook as a hint: confirm it by asking, then record what is true."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from jobs import schedule
from jobs.ports import LookFailed, MadeClip

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobs.submitting import Outside

logger = logging.getLogger(__name__)


class Hints:
    """Turns a verified webhook message into a look, and a lost reply's id into a clip again."""

    def __init__(self, outside: Outside, wake: Callable[[], None]) -> None:
        self._out = outside
        self._wake = wake

    async def take(self, token: str, vendor_id: str) -> bool:
        """Follow a hint about one of the vendor's clips under a send's token.

        True when it belonged to something here. A known clip is looked at now. An unknown id is
        asked for at the vendor first; it is recorded only when a clip of that send lacks one.
        Raises LookFailed when the vendor can't be asked now, so that it sends the hint again.
        """
        out = self._out
        now = out.clock.now()
        if await out.store.hint_clip(token, vendor_id, now):
            self._wake()
            return True
        waiting = await out.store.clips_without_id(token)
        if not waiting:
            return False
        seen = await out.renderer.look([vendor_id])
        mine = [one for one in seen if one.vendor_id == vendor_id]
        if not mine:
            raise LookFailed(f"the vendor does not know {vendor_id}", refused=True)
        made = MadeClip(vendor_id=vendor_id, cost=mine[0].cost)
        look_at = schedule.first_look(now, None, out.pace)
        if await out.store.adopt(waiting, made, look_at, now):
            logger.warning("a clip in doubt has turned up by its webhook")
        self._wake()
        return True
