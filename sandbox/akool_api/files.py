"""Serve finished videos and the effects' previews, with the ways a link can disappoint."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from aiohttp import web

from sandbox.akool_api.canned import canned_clip, late_frame, sample_picture
from sandbox.akool_api.catalogue import EFFECTS
from sandbox.akool_api.faults import Fault
from sandbox.akool_api.settings import Endpoint, Status
from sandbox.animator.scene import Scene

if TYPE_CHECKING:
    from sandbox.akool_api.catalogue import NamedEffect
    from sandbox.akool_api.faults import FaultRule
    from sandbox.akool_api.production import Production
    from sandbox.akool_api.vendor import Vendor

_FAULTS: Final = (
    Fault.VIDEO_STATUS,
    Fault.VIDEO_CUT,
    Fault.VIDEO_DROPPED,
    Fault.VIDEO_HTML,
    Fault.VIDEO_REDIRECT,
)
_PRIVATE: Final = "http://169.254.169.254/latest/meta-data/"
_PREVIEW_SECONDS: Final = 2


class Files:
    """The vendor's content host."""

    def __init__(self, vendor: Vendor, production: Production) -> None:
        self._settings = vendor.settings
        self._clock = vendor.clock
        self._store = vendor.store
        self._faults = vendor.faults
        self._production = production
        self._previews: dict[str, bytes] = {}
        self._drawing = asyncio.Lock()
        self.served = 0

    async def video(self, request: web.Request) -> web.StreamResponse:
        """Serve a finished video, as long as its link is valid."""
        self.served += 1
        clip = self._store.clips.get(request.match_info["id"])
        if clip is None or clip.status is not Status.DONE or clip.video is None:
            raise web.HTTPNotFound
        if clip.expired(self._clock.now(), self._settings.link_seconds):
            raise web.HTTPForbidden
        if rule := self._faults.first(_FAULTS, Endpoint.FILE):
            return await _spoiled(request, clip.video, rule)
        return _mp4(clip.video)

    async def picture(self, request: web.Request) -> web.Response:
        """Serve an effect's still: a frame of its preview, or a sample where nothing is drawn."""
        effect = _effect(request)
        still = sample_picture(effect.name)
        if self._settings.drawing:
            still = await asyncio.to_thread(late_frame, await self._preview_of(effect))
        return web.Response(body=still, content_type="image/png")

    async def preview(self, request: web.Request) -> web.Response:
        """Serve an effect's preview, drawn when it is first asked for."""
        return _mp4(await self._preview_of(_effect(request)))

    async def _preview_of(self, effect: NamedEffect) -> bytes:
        async with self._drawing:
            if effect.name not in self._previews:
                self._previews[effect.name] = await self._drawn(effect)
        return self._previews[effect.name]

    async def _drawn(self, effect: NamedEffect) -> bytes:
        if not self._settings.drawing:
            return canned_clip(_PREVIEW_SECONDS)
        picture = sample_picture(effect.name)
        scene = Scene(image=picture, short_side=320, seconds=_PREVIEW_SECONDS, effect=effect.drawn)
        return await self._production.preview(scene)


def _effect(request: web.Request) -> NamedEffect:
    name = request.match_info["name"]
    effect = next((one for one in EFFECTS if one.name == name), None)
    if effect is None:
        raise web.HTTPNotFound
    return effect


def _mp4(body: bytes) -> web.Response:
    return web.Response(body=body, content_type="video/mp4", headers={"Accept-Ranges": "none"})


async def _spoiled(request: web.Request, video: bytes, rule: FaultRule) -> web.StreamResponse:
    if rule.kind is Fault.VIDEO_STATUS:
        return web.Response(status=rule.number(404))
    if rule.kind is Fault.VIDEO_REDIRECT:
        target = rule.value if isinstance(rule.value, str) else _PRIVATE
        return web.Response(status=302, headers={"Location": target})
    if rule.kind is Fault.VIDEO_HTML:
        return _mp4(b"<html><body>This video is not available</body></html>")
    half = video[: len(video) // 2]
    if rule.kind is Fault.VIDEO_CUT:
        return _mp4(half)
    answer = web.StreamResponse()
    answer.content_type, answer.content_length = "video/mp4", len(video)
    await answer.prepare(request)
    await answer.write(half)
    if request.transport is not None:
        request.transport.close()
    return answer
