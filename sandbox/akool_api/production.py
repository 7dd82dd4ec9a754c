"""The life of a clip at the vendor: queued, fetched, drawn, done or failed, and reported."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.akool_api.background import Background
from sandbox.akool_api.canned import canned_clip
from sandbox.akool_api.faults import Fault
from sandbox.akool_api.inputs import UnusableInputError, fetch_picture, fetch_sound
from sandbox.akool_api.settings import Status
from sandbox.animator.scene import Scene, UnreadableInputError
from sandbox.animator.studio import Studio

if TYPE_CHECKING:
    import aiohttp

    from sandbox.akool_api.store import Clip
    from sandbox.akool_api.vendor import Vendor
    from sandbox.akool_api.webhook import Webhooks

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What the faults hold for one clip.

    `slow` is in seconds, None until `let_finish`; `dearer` is in credits.
    """

    fails: bool
    refunded: bool
    slow: float | None
    dearer: int


class Production:
    """Brings every clip to its end, each in a task of its own."""

    def __init__(self, vendor: Vendor, webhooks: Webhooks) -> None:
        self._settings = vendor.settings
        self._clock = vendor.clock
        self._store = vendor.store
        self._faults = vendor.faults
        self._webhooks = webhooks
        self._studio = Studio(vendor.settings.workers)
        self._background = Background()
        self._finishing = asyncio.Event()

    def begin(self, session: aiohttp.ClientSession, clip: Clip, number: int = 0) -> None:
        """Start a clip; `number` is its place among the variations of its request."""
        self._background.start(self._live(session, clip, self._fate(clip), number))

    def let_finish(self) -> None:
        """Let the clips that render for ever come to their end; later ones stay."""
        self._finishing.set()
        self._finishing = asyncio.Event()

    async def idle(self) -> None:
        """Wait until every clip has come to its end."""
        await self._background.idle()

    async def close(self) -> None:
        """Stop all clips where they are."""
        await self._background.close()

    async def preview(self, scene: Scene) -> bytes:
        """Draw something that is not a clip: the asset of an effect."""
        async with self._studio.slots:
            return (await self._studio.draw(scene)).mp4

    def _fate(self, clip: Clip) -> Fate:
        endpoint = clip.receipt.endpoint
        fails = self._faults.take(Fault.FAILS, endpoint)
        kept = self._faults.take(Fault.FAILS_CHARGED, endpoint)
        slow = self._faults.take(Fault.SLOW, endpoint)
        dearer = self._faults.take(Fault.COSTS_MORE_LATER, endpoint)
        ever = slow is not None and slow.value is None
        return Fate(
            fails=bool(fails or kept),
            refunded=self._settings.refunds and not kept,
            slow=None if ever else slow.number(0) if slow else 0,
            dearer=dearer.number(1) if dearer else 0,
        )

    async def _live(
        self, session: aiohttp.ClientSession, clip: Clip, fate: Fate, number: int
    ) -> None:
        try:
            await self._wait(self._settings.queue_seconds)
            video = await self._produce(session, clip, fate, number)
            self._finish(clip, video, fate)
        except (UnusableInputError, UnreadableInputError) as error:
            self._fail(clip, str(error), fate)
        except Exception:
            # the last catch of a task: whatever broke, the clip must not hang at status 2
            logger.exception("clip %s could not be made", clip.id)
            self._fail(clip, "the sandbox broke; see its log", fate)
        await self._webhooks.ended(session, clip)

    async def _produce(
        self, session: aiohttp.ClientSession, clip: Clip, fate: Fate, number: int
    ) -> bytes:
        slot = self._studio.slots if self._settings.drawing else contextlib.nullcontext()
        async with slot:
            began = self._clock.now()
            clip.status, clip.update_time = Status.PROCESSING, self._now(clip)
            await self._webhooks.processing(session, clip)
            video = b"" if fate.fails else await self._film(session, clip, number)
        if fate.slow is None:
            await self._finishing.wait()
        spent = (self._clock.now() - began) / 1000
        await self._wait(self._settings.render_seconds + (fate.slow or 0) - spent)
        return video

    async def _film(self, session: aiohttp.ClientSession, clip: Clip, number: int) -> bytes:
        if not self._settings.fetching:
            return canned_clip(clip.order.seconds)
        scene = await self._scene(session, clip, number)
        if not self._settings.drawing:
            return canned_clip(clip.order.seconds)
        if clip.source is not None:
            return await self._studio.add_sound(clip.source.video or b"", scene)
        drawing = await self._studio.draw(scene)
        clip.plan = drawing.plan.explain()
        return drawing.mp4

    @staticmethod
    async def _scene(session: aiohttp.ClientSession, clip: Clip, number: int) -> Scene:
        order = clip.order
        own = order.audio_type == 2
        again = clip.source is not None
        last = order.last_image_url
        return Scene(
            image=b"" if again else await fetch_picture(session, order.image_url),
            prompt=order.prompt,
            avoid=order.negative_prompt,
            short_side=order.short_side,
            seconds=order.seconds,
            last_image=await fetch_picture(session, last) if last and not again else None,
            sound=order.with_sound,
            audio=await fetch_sound(session, order.audio_url) if own else None,
            effect=order.effect.drawn if order.effect else None,
            seed=number,
        )

    def _finish(self, clip: Clip, video: bytes, fate: Fate) -> None:
        if fate.fails:
            self._fail(clip, "a fault of the scenario", fate)
            return
        now = self._now(clip)
        if fate.dearer:
            self._store.charge_more(clip, fate.dearer, now)
        clip.video, clip.seconds = video, float(clip.order.seconds)
        clip.status, clip.update_time, clip.finished_at = Status.DONE, now, now

    def _fail(self, clip: Clip, note: str, fate: Fate) -> None:
        now = self._now(clip)
        clip.status, clip.update_time, clip.finished_at, clip.note = Status.FAILED, now, now, note
        if fate.refunded:
            self._store.refund(clip, now)

    def _now(self, clip: Clip) -> int:
        # the clips of a batch are created a millisecond apart, and are not older than that
        return max(self._clock.now(), clip.create_time)

    async def _wait(self, seconds: float) -> None:
        if seconds > 0:
            await self._clock.sleep(seconds)
