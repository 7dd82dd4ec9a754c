"""Akool as the engine's renderer: its requests become calls, the client's errors its outcomes."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final, assert_never

from akool import errors
from akool.models import (
    MOST_CLIPS_PER_CALL,
    AudioType,
    AudioUpdate,
    BatchCreate,
    SingleCreate,
    VendorStatus,
)
from billing.prices import Endpoint
from jobs import catalogue, ports

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal
    from pathlib import Path

    from akool.client import AkoolClient
    from akool.download import Downloader
    from akool.models import ItemError, Model, VendorClip

logger = logging.getLogger(__name__)

_STATUSES: Final = {
    VendorStatus.UNKNOWN: ports.SeenStatus.UNCLEAR,
    VendorStatus.QUEUED: ports.SeenStatus.WAITING,
    VendorStatus.PROCESSING: ports.SeenStatus.WAITING,
    VendorStatus.COMPLETED: ports.SeenStatus.DONE,
    VendorStatus.FAILED: ports.SeenStatus.FAILED,
}


class AkoolRenderer:
    """Fits `jobs.ports.Renderer`.

    A note to the asker of a refused or failed clip is the vendor's own, bounded words; all other
    notes are ours, as they are logged and shown to the operator.
    """

    def __init__(self, client: AkoolClient, downloader: Downloader) -> None:
        self._client = client
        self._downloader = downloader

    async def submit(self, request: ports.RenderRequest) -> ports.SubmitOutcome:
        """Send one paid request, once; every failure is an outcome."""
        try:
            order = _order(request)
        except ValueError as error:
            logger.error("a request can't be put to Akool: %s", error)  # noqa: TRY400 - ours
            return ports.RequestRefused(note=str(error))
        try:
            return await self._create(order)
        except errors.AkoolError as error:
            return _outcome(error)

    async def look(self, vendor_ids: Sequence[str]) -> tuple[ports.Seen, ...]:
        """Ask for many clips in one call; ids the answer lacks are left out. Raises LookFailed."""
        asked = frozenset(vendor_ids)
        try:
            clips = await self._client.results(vendor_ids)
        except (errors.AkoolError, ValueError) as error:
            raise _look_failed(error) from error
        return tuple(_seen(clip) for clip in clips if clip.id in asked)

    async def fetch(self, link: str, target: Path) -> None:
        """Bring a finished video into a file. Raises FetchGone or FetchLater."""
        try:
            await self._downloader.fetch(link, target)
        except (errors.Gone, errors.Unsafe, errors.TooBig) as error:
            raise ports.FetchGone(str(error)) from error
        except errors.NotStored as error:
            logger.error("a finished video can't be stored: %s", error)  # noqa: TRY400 - ours
            raise ports.FetchLater(str(error)) from error
        except errors.FetchError as error:
            raise ports.FetchLater(str(error)) from error

    async def delete(self, vendor_ids: Sequence[str]) -> tuple[str, ...]:
        """Delete clips; return the ids that are gone. Raises LookFailed when the call fails."""
        try:
            answer = await self._client.delete(vendor_ids)
        except (errors.AkoolError, ValueError) as error:
            raise _look_failed(error) from error
        return answer.deleted

    async def models(self) -> tuple[catalogue.Model, ...]:
        """Return the models that can be priced and asked for, best first. Raises LookFailed."""
        try:
            listed = await self._client.models()
        except errors.AkoolError as error:
            raise _look_failed(error) from error
        offered = (_offered(model) for model in listed)
        return tuple(model for model in offered if model.resolutions and model.seconds)

    async def effects(self) -> tuple[catalogue.Effect, ...]:
        """Return the effects that can be asked for, as the vendor lists them. Raises LookFailed."""
        try:
            listed = await self._client.effects()
        except errors.AkoolError as error:
            raise _look_failed(error) from error
        return tuple(
            catalogue.Effect(
                code=one.code,
                name=one.name,
                picture=one.logo_url or "",
                preview=one.video_url or "",
            )
            for one in listed
        )

    async def _create(self, order: BatchCreate | SingleCreate | AudioUpdate) -> ports.Made:
        if isinstance(order, AudioUpdate):
            return ports.Made(clips=(_made(await self._client.update_audio(order)),))
        if isinstance(order, SingleCreate):
            return ports.Made(clips=(_made(await self._client.create_one(order)),))
        answer = await self._client.create_batch(order)
        return ports.Made(
            clips=tuple(_made(clip) for clip in answer.created),
            refused=tuple(_refusal(item) for item in answer.refused),
        )


def _order(request: ports.RenderRequest) -> BatchCreate | SingleCreate | AudioUpdate:
    """Put a request in the vendor's terms. Raises ValueError where that can't be done."""
    match request.endpoint:
        case Endpoint.BATCH:
            return _batch(request)
        case Endpoint.SINGLE:
            return _single(request)
        case Endpoint.SOUNDTRACK:
            return _soundtrack(request)
        case _:  # pragma: no cover - mypy proves that nothing comes here
            assert_never(request.endpoint)


def _batch(request: ports.RenderRequest) -> BatchCreate:
    return BatchCreate(
        image_url=request.image_link,
        prompt=request.prompt,
        model=request.model,
        negative_prompt=request.avoid or None,
        resolution=request.resolution,
        seconds=request.seconds,
        last_image_url=request.last_image_link or None,
        # Always said: a model may make sound, and charge for it, unless told not to.
        generate_audio=request.sound,
        count=request.count,
        webhook_url=request.webhook_link or None,
    )


def _single(request: ports.RenderRequest) -> SingleCreate:
    if request.count != 1:
        raise ValueError(f"the single endpoint makes 1 clip, {request.count} asked")
    return SingleCreate(
        image_url=request.image_link,
        prompt=request.prompt,
        negative_prompt=request.avoid,
        resolution=request.resolution,
        seconds=request.seconds,
        audio_type=_audio_type(request),
        audio_url=request.audio_link or None,
        premium=request.fast or None,
        effect_code=request.effect_code or None,
        webhook_url=request.webhook_link or None,
    )


def _soundtrack(request: ports.RenderRequest) -> AudioUpdate:
    if not request.source_id or request.count != 1:
        raise ValueError(f"sound needs 1 clip to go on, {request.count} asked")
    return AudioUpdate(
        video_id=request.source_id,
        audio_type=_audio_type(request),
        audio_url=request.audio_link or None,
    )


def _audio_type(request: ports.RenderRequest) -> AudioType:
    if request.audio_link:
        return AudioType.OWN
    return AudioType.AI if request.sound else AudioType.NONE


def _outcome(error: errors.AkoolError) -> ports.SubmitOutcome:
    """Sort an error by DESIGN's outcome table; what is not known to be harmless is in doubt."""
    if isinstance(error, errors.NotSent):
        return ports.NothingMade(note=str(error))
    if isinstance(error, errors.SlowDown):
        return ports.NothingMade(note=str(error), retry_after=error.retry_after)
    if isinstance(error, errors.AccountBlocked):
        return ports.AccountBlocked(note=str(error))
    logger.warning("a paid request brought no clip: %s", error)
    if isinstance(error, errors.Refused):
        return ports.RequestRefused(note=error.vendor_message or str(error))
    return ports.InDoubt(note=str(error))


def _made(clip: VendorClip) -> ports.MadeClip:
    return ports.MadeClip(vendor_id=clip.id, cost=clip.deduction_credit)


def _refusal(item: ItemError) -> str:
    return item.message or (f"code {item.code}" if item.code is not None else "no reason given")


def _seen(clip: VendorClip) -> ports.Seen:
    return ports.Seen(
        vendor_id=clip.id,
        status=_STATUSES[clip.status],
        link=clip.video_url or "",
        cost=clip.deduction_credit,
        note=clip.failure,
    )


def _look_failed(error: errors.AkoolError | ValueError) -> ports.LookFailed:
    """Tell a call that was turned down, or can't be put, from one that may pass later."""
    refused = isinstance(error, (errors.Refused, ValueError))
    return ports.LookFailed(str(error), refused=refused)


def _offered(model: Model) -> catalogue.Model:
    """Translate a model; a resolution without a price hint can't be quoted and is left out."""
    priced = [(one, one.unit_credit) for one in model.resolutions]
    return catalogue.Model(
        value=model.value,
        label=model.label,
        resolutions=tuple(
            catalogue.Resolution(value=one.value, label=one.label, unit_credit=_plain(unit))
            for one, unit in priced
            if unit is not None
        ),
        seconds=_seconds(model),
        sound_multiplier=None if model.audio is None else _plain(model.audio.multiplier or 1),
        sound_required=model.audio is not None and model.audio.required,
        last_frame=model.last_frame,
        most_clips=min(model.most_clips or MOST_CLIPS_PER_CALL, MOST_CLIPS_PER_CALL),
        paid_plan=model.requires_pay,
    )


def _seconds(model: Model) -> tuple[int, ...]:
    """Return the durations on offer; where only resolutions list them, those common to all."""
    if model.durations or not model.resolutions:
        return model.durations
    first, *others = (one.durations for one in model.resolutions)
    return tuple(one for one in first if all(one in other for other in others))


def _plain(number: Decimal | int) -> str:
    """Return one spelling for each number, so that 4 and 4.0 are the same price."""
    found = f"{number:f}"
    return found.rstrip("0").rstrip(".") if "." in found else found
