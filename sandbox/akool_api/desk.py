"""What each endpoint does, once a request is let in and its body is JSON."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from sandbox.akool_api import answers
from sandbox.akool_api.catalogue import EFFECTS, MODELS
from sandbox.akool_api.faults import Fault
from sandbox.akool_api.orders import (
    BAD_PARAMETER,
    Form,
    RefusedError,
    awkward,
    read_batch,
    read_ids,
    read_single,
    read_sound,
)
from sandbox.akool_api.prices import price_of, price_of_sound
from sandbox.akool_api.settings import Endpoint, Status
from sandbox.akool_api.store import Clip

if TYPE_CHECKING:
    import aiohttp

    from sandbox.akool_api.exchange import Call
    from sandbox.akool_api.orders import VideoOrder
    from sandbox.akool_api.production import Production
    from sandbox.akool_api.store import Receipt
    from sandbox.akool_api.vendor import Vendor
    from sandbox.akool_api.webhook import Webhooks

UNKNOWN: Final = 1008
NOT_NOW: Final = 1010


class Desk:
    """Takes accepted calls and returns the envelope's fields beside `code`."""

    def __init__(self, vendor: Vendor, production: Production, webhooks: Webhooks) -> None:
        self._settings = vendor.settings
        self._clock = vendor.clock
        self._store = vendor.store
        self._faults = vendor.faults
        self._complaints = vendor.complaints
        self._production = production
        self._webhooks = webhooks

    async def create(self, call: Call) -> dict[str, object]:
        """Make one clip (AKOOL.md 3.1)."""
        form = self._form(call)
        clips = await self._make(call, read_single(form), form)
        return {"data": answers.created(clips[0])}

    async def batch(self, call: Call) -> dict[str, object]:
        """Make 1 to 10 clips of one picture (AKOOL.md 3.2)."""
        form = self._form(call)
        order = read_batch(form, paid_plan=self._settings.paid_plan)
        if self._faults.take(Fault.EMPTY_SUCCESS, Endpoint.BATCH):
            return {"data": {"successList": [], "errorList": []}}
        errors = self._errors(order)
        clips = await self._make(call, order, form, order.count - len(errors))
        hidden = self._faults.take(Fault.SHORT_LIST, Endpoint.BATCH)
        listed = clips[: -hidden.number(1)] if hidden else clips
        return {
            "data": {"successList": [answers.listed(one) for one in listed], "errorList": errors}
        }

    async def results(self, call: Call) -> dict[str, object]:
        """Show clips by id; unknown ids are left out, unless a fault says otherwise."""
        ids = self._ids(call)
        many = self._faults.take(Fault.TOO_MANY_IDS, Endpoint.RESULTS)
        if many and len(ids) > many.number(10):
            raise RefusedError(BAD_PARAMETER, "Failed to get results", staged=True)
        found = [self._store.clips[one] for one in ids if one in self._store.clips]
        if len(found) < len(ids) and self._faults.take(Fault.UNKNOWN_ID_REFUSED, Endpoint.RESULTS):
            raise RefusedError(UNKNOWN, "content does not exist")
        return {"data": {"result": [answers.result(clip) for clip in found]}}

    async def audio(self, call: Call) -> dict[str, object]:
        """Put sound on a finished clip, as a new clip (AKOOL.md 3.5)."""
        form = self._form(call)
        wish = read_sound(form)
        source = self._store.clips.get(wish.source)
        if source is None:
            raise RefusedError(UNKNOWN, "content does not exist")
        if source.status is not Status.DONE or self._expired(source):
            raise RefusedError(NOT_NOW, "the video can not be operated")
        order = dataclasses.replace(
            source.order,
            audio_type=wish.audio_type,
            audio_url=wish.audio_url,
            sound=True,
            webhook_url="",
        )
        cost = price_of_sound(order.seconds, self._settings.prices)
        clip = self._clip(call, order, self._accept(call, form), cost)
        # the vendor shows the source's times here, so updates can precede the creation
        clip.source, clip.update_time, clip.seconds = source, source.update_time, source.seconds
        self._start(call.session, [clip])
        return {"data": answers.sounding(clip)}

    async def delete(self, call: Call) -> dict[str, object]:
        """Delete clips that are not running; code 1000 whatever happens (AKOOL.md 3.6)."""
        gone: list[str] = []
        kept: list[dict[str, str]] = []
        for one in self._ids(call):
            clip = self._store.clips.get(one)
            if clip is None:
                kept.append({"_id": one, "msg": "video resource does not exist"})
            elif clip.running:
                message = "video resource is processing, please try again later"
                kept.append({"_id": one, "msg": message})
            else:
                del self._store.clips[one]
                gone.append(one)
        data = {"successIds": gone, "noPermissionItems": kept}
        return {"data": data, "msg": "Delete successfully"}

    async def effects(self, call: Call) -> dict[str, object]:
        """List the named effects."""
        shown = [effect.as_json(call.origin) for effect in EFFECTS]
        return {"data": {"result": shown, "count": len(shown)}}

    async def models(self, call: Call) -> dict[str, object]:
        """List the models of the wanted types; only 1501, image to video, has any."""
        types = call.query.getall("types[]", [])
        if not types:
            raise RefusedError(BAD_PARAMETER, "types is required")
        return {"data": [model.as_json() for model in MODELS] if "1501" in types else []}

    async def quota(self, _call: Call) -> dict[str, object]:
        """Tell the balance."""
        return {"data": {"credit": self._store.balance}}

    def _form(self, call: Call) -> Form:
        return Form(call.body, call.endpoint, fetching=self._settings.fetching)

    def _ids(self, call: Call) -> list[str]:
        form = self._form(call)
        ids = read_ids(form)
        self._complaints += form.unasked()
        return ids

    def _errors(self, order: VideoOrder) -> list[object]:
        for kind in (Fault.ERROR_ITEMS, Fault.ERROR_TEXTS):
            if rule := self._faults.take(kind, Endpoint.BATCH):
                number = min(order.count, rule.number(1))
                message = "create video error, please try again later"
                as_text = kind is Fault.ERROR_TEXTS
                return [message if as_text else {"code": 1015, "msg": message}] * number
        return []

    async def _make(self, call: Call, order: VideoOrder, form: Form, number: int = 1) -> list[Clip]:
        cost = price_of(order, self._settings.prices)
        self._store.require(cost * number, self._settings.no_credit_code)
        receipt = self._accept(call, form, order)
        clips = [self._clip(call, order, receipt, cost, later) for later in range(number)]
        for clip in clips:
            clip.batch_id = f"{clips[0].create_time}_{answers.UID}"
            await self._webhooks.early(call.session, clip)
        self._start(call.session, clips)
        return clips

    def _accept(self, call: Call, form: Form, order: VideoOrder | None = None) -> Receipt:
        self._complaints += form.unasked() + (awkward(order) if order else [])
        return self._store.accept(call.endpoint, call.body, order.webhook_url if order else "")

    def _clip(
        self, call: Call, order: VideoOrder, receipt: Receipt, cost: int, later: int = 0
    ) -> Clip:
        dearer = self._faults.take(Fault.COSTS_MORE, call.endpoint)
        now = self._clock.now() + later
        clip = Clip(
            id=self._store.new_id(now),
            receipt=receipt,
            order=order,
            origin=call.origin,
            create_time=now,
            update_time=now,
            credits=cost + (dearer.number(1) if dearer else 0),
        )
        self._store.add(clip)
        return clip

    def _start(self, session: aiohttp.ClientSession, clips: list[Clip]) -> None:
        for number, clip in enumerate(clips):
            self._production.begin(session, clip, number)

    def _expired(self, clip: Clip) -> bool:
        return clip.expired(self._clock.now(), self._settings.link_seconds)
