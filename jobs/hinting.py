"""Take the vendor's webhook as a hint: confirm it by asking, then record what is true."""

from __future__ import annotations

import logging
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from jobs import schedule
from jobs.ports import LookFailed, MadeClip

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobs.submitting import Outside

logger = logging.getLogger(__name__)


REPEATED_MS: Final = 1000
"""Within so many milliseconds a second hint about a known clip says nothing new.

Each one takes the claim away from a look that is under way, so that one who repeats a hint again
and again could otherwise keep a clip from ever being found done.
"""

REMEMBERED: Final = 1000


class Hints:
    """Turns a verified webhook message into a look, and a lost reply's id into a clip again."""

    def __init__(self, outside: Outside, wake: Callable[[], None]) -> None:
        self._out = outside
        self._wake = wake
        self._lately: OrderedDict[tuple[str, str], int] = OrderedDict()

    async def take(self, token: str, vendor_id: str) -> bool:
        """Follow a hint about one of the vendor's clips under a send's token.

        True when it belonged to something here. A known clip is looked at now. An unknown id is
        asked for at the vendor first; it is recorded only when a clip of that send lacks one.
        Raises LookFailed when the vendor can't be asked now, so that it sends the hint again.
        """
        out = self._out
        now = out.clock.now()
        if self._is_repeated(token, vendor_id, now):
            return True
        if await out.store.hint_clip(token, vendor_id, now):
            self._remember(token, vendor_id, now)
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

    def _is_repeated(self, token: str, vendor_id: str, now: int) -> bool:
        heard = self._lately.get((token, vendor_id))
        return heard is not None and 0 <= now - heard < REPEATED_MS

    def _remember(self, token: str, vendor_id: str, now: int) -> None:
        self._lately[token, vendor_id] = now
        self._lately.move_to_end((token, vendor_id))
        if len(self._lately) > REMEMBERED:
            self._lately.popitem(last=False)
