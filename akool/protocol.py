"""Every call of the Akool API: what to send, how to read what comes back. No I/O happens here.

Paths and fields are the vendor's: https://docs.akool.com/ai-tools-suite/image2video and, where
another page is the source, its address beside the call.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final, Generic, TypeVar
from urllib.parse import urlencode

from akool import decode, listing
from akool.envelope import CODES, SUCCESS, Answer, Meaning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from akool.models import (
        AudioUpdate,
        Balance,
        BatchAnswer,
        BatchCreate,
        DeleteAnswer,
        Effect,
        Model,
        SingleCreate,
        VendorClip,
    )

__all__ = [
    "CODES",
    "SUCCESS",
    "Answer",
    "Call",
    "Meaning",
    "Request",
    "balance",
    "create_batch",
    "create_one",
    "delete",
    "effects",
    "get_token",
    "models",
    "results",
    "update_audio",
]

T_co = TypeVar("T_co", covariant=True)

_IMAGE_TO_VIDEO: Final = "/api/open/v4/image2Video"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An HTTP request without its credentials; `json` is secret enough to stay out of logs."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    json: Mapping[str, object] | None = field(default=None, repr=False)

    @property
    def target(self) -> str:
        """Path and query, percent-encoded."""
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path

    @property
    def body(self) -> bytes | None:
        """The JSON body in ASCII, or None."""
        return None if self.json is None else json.dumps(self.json).encode("ascii")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Generic[T_co]):
    """A request and how to read its answer; `read` raises AkoolError.

    `paid` calls can cost credits and must leave at most once. `repeatable` ones change nothing at
    the vendor's, so a lost one can be sent again.
    """

    request: Request
    read: Callable[[Answer], T_co] = field(repr=False)
    paid: bool = False
    repeatable: bool = False


def create_one(order: SingleCreate) -> Call[VendorClip]:
    """Create one clip, with an effect or own sound (AKOOL.md 3.1).

    https://docs.akool.com/ai-tools-suite/image2video/create-video
    """
    body = {
        "image_url": order.image_url,
        "prompt": order.prompt,
        # Required here, optional in the batch: always sent (AKOOL.md 12, row 3).
        "negative_prompt": order.negative_prompt,
        "extend_prompt": order.extend_prompt,
        "resolution": order.resolution,
        "audio_type": int(order.audio_type),
        "audio_url": order.audio_url,
        "video_length": order.seconds,
        "is_premium_model": order.premium,
        "effect_code": order.effect_code,
        # Lower case in requests, though prose and answers say webhookUrl (AKOOL.md 12, row 2).
        "webhookurl": order.webhook_url,
    }
    return Call(
        request=_post("createBySourcePrompt", body),
        read=decode.read_single,
        paid=True,
    )


def create_batch(order: BatchCreate) -> Call[BatchAnswer]:
    """Create 1 to 10 variations of one picture (AKOOL.md 3.2).

    https://docs.akool.com/ai-tools-suite/image2video/create-batch
    """
    body = {
        "image_url": order.image_url,
        "prompt": order.prompt,
        "model_name": order.model,
        "negative_prompt": order.negative_prompt,
        "extend_prompt": order.extend_prompt,
        "resolution": order.resolution,
        "video_length": order.seconds,
        "last_image_url": order.last_image_url,
        "generate_audio": order.generate_audio,
        "count": order.count,
        "webhookurl": order.webhook_url,
    }
    return Call(
        request=_post("createBySourcePrompt/batch", body),
        read=decode.read_batch,
        paid=True,
    )


def update_audio(order: AudioUpdate) -> Call[VendorClip]:
    """Make a new clip from a finished one with other sound (AKOOL.md 3.5).

    https://docs.akool.com/ai-tools-suite/image2video/update-audio
    """
    body = {
        "pre_video_id": order.video_id,
        "audio_type": int(order.audio_type),
        # The table calls it required, its text only for own sound (AKOOL.md 12, row 13).
        "audio_url": order.audio_url,
    }
    return Call(
        request=_post("updateVideoAudio", body),
        read=partial(decode.read_audio, source_id=order.video_id),
        paid=True,
    )


def results(ids: Iterable[str]) -> Call[tuple[VendorClip, ...]]:
    """Ask how clips are doing (AKOOL.md 3.3). Raises ValueError for ids that can't be sent.

    https://docs.akool.com/ai-tools-suite/image2video/get-results
    """
    return Call(
        request=_post("resultsByIds", {"_ids": _joined(ids)}),
        read=decode.read_results,
        repeatable=True,
    )


def delete(ids: Iterable[str]) -> Call[DeleteAnswer]:
    """Delete clips that are not running (AKOOL.md 3.6). Raises ValueError as `results` does.

    https://docs.akool.com/ai-tools-suite/image2video/delete-videos
    """
    return Call(request=_post("delbyids", {"_ids": _joined(ids)}), read=decode.read_delete)


def effects() -> Call[tuple[Effect, ...]]:
    """List the effects of the single create (AKOOL.md 3.4).

    https://docs.akool.com/ai-tools-suite/image2video/get-effects
    """
    request = Request(method="GET", path=f"{_IMAGE_TO_VIDEO}/effects")
    return Call(request=request, read=decode.read_effects, repeatable=True)


def models() -> Call[tuple[Model, ...]]:
    """List the image-to-video models (AKOOL.md 4).

    https://docs.akool.com/ai-tools-suite/aimodel
    """
    request = Request(
        method="GET",
        path="/api/open/v4/aigModel/list",
        query=(("types[]", str(listing.IMAGE_TO_VIDEO)),),
    )
    return Call(request=request, read=listing.read_models, repeatable=True)


def balance() -> Call[Balance]:
    """Ask what the account has left (AKOOL.md 5).

    https://docs.akool.com/ai-tools-suite/faceswap/get-credit
    """
    request = Request(method="GET", path="/api/open/v3/faceswap/quota/info")
    return Call(request=request, read=decode.read_balance, repeatable=True)


def get_token(client_id: str, client_secret: str) -> Call[str]:
    """Trade the client's pair for a bearer token (AKOOL.md 2); it makes no use of credentials.

    https://docs.akool.com/authentication/usage
    """
    body = {"clientId": client_id, "clientSecret": client_secret}
    request = Request(method="POST", path="/api/open/v3/getToken", json=body)
    return Call(request=request, read=decode.read_token, repeatable=True)


def _post(name: str, body: Mapping[str, object]) -> Request:
    """Return a POST of the fields that have a value: an absent one is not sent as null."""
    given = {key: value for key, value in body.items() if value is not None}
    return Request(method="POST", path=f"{_IMAGE_TO_VIDEO}/{name}", json=given)


def _joined(ids: Iterable[str]) -> str:
    """Join ids with commas: one string, as an array is refused (AKOOL.md 3.3)."""
    found = tuple(ids)
    if not found:
        raise ValueError("no ids given, expected at least one")
    odd = [one for one in found if not one or "," in one]
    if odd:
        raise ValueError(f"{len(odd)} of {len(found)} ids are empty or contain a comma")
    return ",".join(found)
