"""The emulator, a caller with a real HTTP client, and a place its links can lead to."""

from __future__ import annotations

import io
import math
import random
import struct
import wave
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import aiohttp
from aiohttp import web
from PIL import Image

from sandbox.akool_api.app import AkoolEmulator

if TYPE_CHECKING:
    from sandbox.akool_api.settings import VendorSettings
    from tests.fake_clock import FakeClock

V4 = "/api/open/v4"
CREATE = f"{V4}/image2Video/createBySourcePrompt"
BATCH = f"{CREATE}/batch"
RESULTS = f"{V4}/image2Video/resultsByIds"
AUDIO = f"{V4}/image2Video/updateVideoAudio"
DELETE = f"{V4}/image2Video/delbyids"
EFFECTS = f"{V4}/image2Video/effects"
MODELS = f"{V4}/aigModel/list?types%5B%5D=1501"
TOKEN = "/api/open/v3/getToken"
QUOTA = "/api/open/v3/faceswap/quota/info"

Json = dict[str, Any]


def png(width: int = 96, height: int = 54) -> bytes:
    memory = io.BytesIO()
    Image.radial_gradient("L").resize((width, height)).convert("RGB").save(memory, "PNG")
    return memory.getvalue()


def wav(seconds: float = 0.5) -> bytes:
    memory = io.BytesIO()
    with wave.open(memory, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        tone = (round(9000 * math.sin(n / 3)) for n in range(round(8000 * seconds)))
        file.writeframes(b"".join(struct.pack("<h", level) for level in tone))
    return memory.getvalue()


@dataclass(slots=True)
class Outside:
    """What the emulator reaches: pictures, a sound, and webhooks that answer from `statuses`."""

    base: str = ""
    hooks: list[tuple[str, Json]] = field(default_factory=list)
    statuses: deque[int] = field(default_factory=deque)

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/{name}", self._file)
        app.router.add_post("/hook/{token}", self._hook)
        return app

    async def _file(self, request: web.Request) -> web.Response:
        bodies = {"a.png": png(), "z.png": png(60, 90), "a.wav": wav(), "text.png": b"no picture"}
        name = request.match_info["name"]
        if name == "moved.png":
            raise web.HTTPFound("http://example.com/a.png")
        if name not in bodies:
            raise web.HTTPNotFound
        return web.Response(body=bodies[name])

    async def _hook(self, request: web.Request) -> web.Response:
        self.hooks.append((request.match_info["token"], await request.json()))
        return web.Response(status=self.statuses.popleft() if self.statuses else 200)


@dataclass(slots=True)
class Lab:
    emulator: AkoolEmulator
    clock: FakeClock
    outside: Outside
    session: aiohttp.ClientSession
    base: str

    async def call(
        self, path: str, body: object = None, *, headers: dict[str, str] | None = None
    ) -> Json:
        """Call an endpoint with the key (or those headers) and return the envelope."""
        sent = {"x-api-key": self.emulator.settings.client_secret} if headers is None else headers
        method = "GET" if body is None else "POST"
        async with self.session.request(
            method, self.base + path, json=body, headers=sent
        ) as answer:
            return await self.read(answer)

    @staticmethod
    async def read(answer: aiohttp.ClientResponse) -> Json:
        assert answer.content_type == "application/json"
        payload: Json = await answer.json()
        return payload

    def batch_body(self, **other: object) -> Json:
        return {
            "image_url": f"{self.outside.base}/a.png",
            "prompt": "Animate this image with smooth camera movement",
            "model_name": "AkoolImage2VideoFastV1",
            "resolution": "720p",
            "video_length": 5,
            **other,
        }

    def single_body(self, **other: object) -> Json:
        return {
            "image_url": f"{self.outside.base}/a.png",
            "prompt": "Animate this image with smooth camera movement",
            "negative_prompt": "",
            "resolution": "720p",
            "audio_type": 3,
            "video_length": 5,
            **other,
        }

    async def batch(self, **other: object) -> list[Json]:
        """Create clips by the batch endpoint and return the jobs listed."""
        answer = await self.call(BATCH, self.batch_body(**other))
        assert answer["code"] == 1000, answer
        jobs: list[Json] = answer["data"]["successList"]
        return jobs

    async def single(self, **other: object) -> Json:
        """Create a clip by the single endpoint and return the job."""
        answer = await self.call(CREATE, self.single_body(**other))
        assert answer["code"] == 1000, answer
        job: Json = answer["data"]
        return job

    async def results(self, *ids: str) -> list[Json]:
        answer = await self.call(RESULTS, {"_ids": ",".join(ids)})
        assert answer["code"] == 1000, answer
        items: list[Json] = answer["data"]["result"]
        return items

    async def finished(self, **other: object) -> Json:
        """Create one clip, wait for its end, and return its result."""
        [job] = await self.batch(**other)
        await self.emulator.idle()
        [item] = await self.results(job["_id"])
        return item

    async def balance(self) -> int:
        answer = await self.call(QUOTA)
        credit: int = answer["data"]["credit"]
        return credit


def emulator(clock: FakeClock, settings: VendorSettings) -> AkoolEmulator:
    return AkoolEmulator(clock=clock, rng=random.Random(7), settings=settings)  # noqa: S311
