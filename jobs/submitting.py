"""The step that sends paid requests: intent first, one request, then its outcome."""

from __future__ import annotations

import itertools
import logging
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jobs import schedule
from jobs.effects import NEUTRAL_AVOID, NEUTRAL_PROMPT
from jobs.ids import code
from jobs.links import expires_at, pictures_of, servable
from jobs.outcomes import DOUBT_MS, Pause, PutBack, distinct, doubtful, judge
from jobs.parcels import MOST_BYTES
from jobs.ports import Made, MessageRef, PostFailed, RenderRequest
from jobs.progress import usual_wait
from jobs.recording import see_through
from jobs.states import ClipState, FailReason

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from jobs.model import Send
    from jobs.ports import Clock, Courier, Library, Renderer, SubmitOutcome
    from jobs.schedule import Pace
    from jobs.stores import EngineStore, OrderStore, SendResult

logger = logging.getLogger(__name__)

LEASE_MS: Final = 4 * 60 * 1000
"""Longer than a create can take, its time-out and the work round it included."""

_DOUBTED: Final = (ClipState.UNKNOWN, ClipState.RELEASED)

RECORD_TRIES: Final = 180
RECORD_WAIT_S: Final = 10.0
"""A known outcome is written down again and again while the database can't, for half an hour."""

PROBE_MS: Final = 60 * 1000
"""How often a closed gate lets one send through to see whether the account works again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What the engine's steps work with."""

    store: EngineStore
    orders: OrderStore
    renderer: Renderer
    library: Library
    courier: Courier
    clock: Clock
    random: Random
    pace: Pace
    public_url: str = ""
    webhooks: bool = False
    request_bytes: int = MOST_BYTES


class Pacer:
    """Spaces paid requests out evenly, those of all processes that share the database."""

    def __init__(self, store: EngineStore, clock: Clock, per_second: float) -> None:
        self._store = store
        self._clock = clock
        self._gap_ms = math.ceil(1000 / per_second)

    async def wait(self) -> None:
        """Return when the next request may leave."""
        if not self._gap_ms:
            return
        now = self._clock.now()
        mine = await self._store.next_slot(now, self._gap_ms)
        if mine > now:
            await self._clock.sleep((mine - now) / 1000)


class PictureUnservable(Exception):  # noqa: N818 - an answer, not a fault
    """No link to the picture can be had that the vendor could fetch."""


class Submit:
    """Claims sends in turn and sends each at most once."""

    name = "submit"

    def __init__(self, outside: Outside) -> None:
        self._out = outside
        self._pacer = Pacer(outside.store, outside.clock, outside.pace.per_second)
        self.slots = outside.pace.concurrency
        self.idle_s = 2.0

    async def claim(self, limit: int) -> Sequence[Send]:
        """Claim the sends whose turn it is."""
        now = self._out.clock.now()
        return await self._out.store.claim_sends(now, now + LEASE_MS, limit)

    async def perform(self, work: Send) -> None:
        """Find a link to the picture, commit the intent, send the request, record its outcome."""
        out = self._out
        try:
            request = await self._request(work)
        except PictureUnservable:
            await self._give_up(work)
            return
        except PostFailed as error:
            wait = schedule.backoff(work.attempts, out.random)
            now = out.clock.now()
            await out.store.put_back(work, now + wait, str(error), now)
            return
        usual = usual_wait(await out.orders.waits(str(work.options.price_key)))
        await self._pacer.wait()
        now = out.clock.now()
        if not await out.store.intend(work, now, now + LEASE_MS):
            return
        await see_through(self._pay(work, request, usual[0] if usual else None))

    async def _give_up(self, send: Send) -> None:
        logger.warning("send %s: no link to its picture can be had", send.id)
        now = self._out.clock.now()
        note = "the picture's link has expired"
        await self._out.store.give_up_send(send, FailReason.PICTURE_GONE, note, now)

    async def _request(self, send: Send) -> RenderRequest:
        options = send.options
        links = dict(zip(pictures_of(options), await self._links(send), strict=True))
        return RenderRequest(
            endpoint=options.endpoint,
            model=options.model,
            image_link="" if options.source else links[send.picture],
            prompt=options.prompt or NEUTRAL_PROMPT,
            avoid=options.avoid or (NEUTRAL_AVOID if options.effect else ""),
            resolution=options.resolution,
            seconds=options.seconds,
            count=options.variations,
            last_image_link=links[options.last_frame] if options.last_frame else "",
            sound=options.sound,
            webhook_link=self._webhook(send),
            effect_code=options.effect,
            audio_link=links[options.track] if options.track else "",
            fast=options.fast,
            source_id=options.source.vendor_id if options.source else "",
        )

    def _webhook(self, send: Send) -> str:
        if not self._out.webhooks or send.options.source is not None:
            return ""
        return f"{self._out.public_url.rstrip('/')}/akool/{send.token}"

    async def _links(self, send: Send) -> tuple[str, ...]:
        """Return a link for each picture, from the best source there is.

        Raises PictureUnservable, or PostFailed when Discord can't be asked now.
        """
        pictures = pictures_of(send.options)
        if self._out.public_url:
            root = self._out.public_url.rstrip("/")
            return tuple(f"{root}/pictures/{send.token}/{i}" for i in range(len(pictures)))
        now = self._out.clock.now()
        if all(servable(picture, now) for picture in pictures):
            return tuple(picture.link for picture in pictures)
        if send.card_message_id is None or send.card_channel_id is None:
            raise PictureUnservable
        card = MessageRef(channel_id=send.card_channel_id, message_id=send.card_message_id)
        courier = self._out.courier
        read = [await courier.fresh_links(one) for one in (*send.parcels, card)]
        links = tuple(link for some in read for link in some)
        if len(links) != len(pictures) or any((expires_at(x) or now + 1) <= now for x in links):
            raise PictureUnservable
        return links

    async def _pay(self, send: Send, request: RenderRequest, usual_s: int | None) -> None:
        """Send the request once, and write down what became of it, however long that takes."""
        out = self._out
        outcome = await out.renderer.submit(request)
        verdict = self._judge(send, outcome, usual_s)
        for tries in itertools.count(1):
            try:
                await self._record(send, verdict)
            except Exception:
                # Whatever ails the database: what was paid for is known here and nowhere else.
                logger.exception("send %s is not recorded; made: %s", send.id, _ids(outcome))
                if tries >= RECORD_TRIES:
                    raise
                await out.clock.sleep(RECORD_WAIT_S)
            else:
                break
        if isinstance(outcome, Made):
            await self._report_surplus(send, outcome)

    def _judge(
        self, send: Send, outcome: SubmitOutcome, usual_s: int | None
    ) -> SendResult | PutBack | Pause:
        now = self._out.clock.now()
        return judge(
            send,
            outcome,
            look_at=schedule.first_look(now, usual_s, self._out.pace),
            doubt_until=_doubt_until(self._out, send, now),
        )

    async def _record(self, send: Send, verdict: SendResult | PutBack | Pause) -> None:
        out = self._out
        now = out.clock.now()
        if isinstance(verdict, PutBack):
            wait = schedule.backoff(send.attempts, out.random, verdict.at_least_ms)
            await out.store.put_back(send, now + wait, verdict.note, now)
        elif isinstance(verdict, Pause):
            await self._pause(send, verdict, now)
        else:
            await self._finish(send, verdict, now)

    async def _report_surplus(self, send: Send, made: Made) -> None:
        """Tell the operator of clips that nobody asked for: they cost, and have no order."""
        surplus = distinct(made)[len(send.clip_ids) :]
        if not surplus:
            return
        ids = _ids(Made(clips=surplus))
        logger.error("send %s: the vendor made too many clips: %s", send.id, ids)
        cost = sum(clip.cost or 0 for clip in surplus)
        await self._out.courier.tell_operator(
            f"The vendor made {len(surplus)} clip(s) more than order #{code(send.order_id)} asked "
            f"for, at {cost} credits: {ids}. No member was charged for them."
        )

    async def _pause(self, send: Send, verdict: Pause, now: int) -> None:
        out = self._out
        await out.store.put_back(send, now, verdict.note, now)
        if await out.store.close_gate(verdict.note, now + PROBE_MS):
            logger.error("submitting is paused: %s", verdict.note)
            await out.courier.tell_operator(
                f"Submitting is paused for everybody: the vendor says “{verdict.note}”. Queued "
                "orders wait, and go on by themselves once the account works again."
            )

    async def _finish(self, send: Send, result: SendResult, now: int) -> None:
        out = self._out
        if await out.store.finish_send(result, now):
            logger.warning("submitting goes on")
            await out.courier.tell_operator("The vendor's account works again: submitting goes on.")
        if result.doubtful:
            await report_doubt(out, send)


def _doubt_until(out: Outside, send: Send, now: int) -> int | None:
    """Return how long a webhook may still bring a doubtful clip back; none comes for new sound."""
    return now + DOUBT_MS if out.webhooks and send.options.source is None else None


def _ids(outcome: SubmitOutcome) -> str:
    """List the vendor's ids of an outcome: with them a person can find the clips."""
    clips = outcome.clips if isinstance(outcome, Made) else ()
    return ", ".join(clip.vendor_id for clip in clips) or "nothing"


async def report_doubt(out: Outside, send: Send) -> None:
    """Tell the operator which clips of a send are in doubt, and what they may have cost.

    A webhook may have cleared some of them up already.
    """
    order = await out.orders.order(send.order_id)
    clips = () if order is None else order.clips
    count = sum(clip.id in send.clip_ids and clip.state in _DOUBTED for clip in clips)
    if not count:
        return
    logger.error("send %s of order %s: %s clips in doubt", send.id, send.order_id, count)
    await out.courier.tell_operator(
        f"The vendor's reply to a paid request of order #{code(send.order_id)} was lost: {count} "
        f"clip(s), up to {count * send.price} credits, may have been charged. The member was not "
        "charged. It is not sent again."
    )


class Recover:
    """Finds sends whose process died while the paid request was out: they are in doubt."""

    name = "recover"
    slots = 50
    idle_s = 30.0

    def __init__(self, outside: Outside) -> None:
        self._out = outside

    async def claim(self, limit: int) -> Sequence[Send]:
        """Claim sends that are still submitting though their lease is over."""
        now = self._out.clock.now()
        return await self._out.store.claim_stale(now, now + LEASE_MS, limit)

    async def perform(self, work: Send) -> None:
        """Put the whole send in doubt; it is never sent again."""
        now = self._out.clock.now()
        until = _doubt_until(self._out, work, now)
        await self._out.store.finish_send(doubtful(work, until), now)
        await report_doubt(self._out, work)
