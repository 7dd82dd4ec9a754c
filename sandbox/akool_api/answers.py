"""What each endpoint shows of a clip, field by field as in the vendor's examples (AKOOL.md 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.akool_api.settings import Status

if TYPE_CHECKING:
    from sandbox.akool_api.store import Clip

UID: Final = 101400
_ACCOUNT: Final = {"uid": UID, "team_id": "6805fb69e92d9edc7ca0b409"}


def created(clip: Clip) -> dict[str, object]:
    """Return `data` of createBySourcePrompt."""
    return _job(clip) | _wording(clip) | _audio(clip)


def listed(clip: Clip) -> dict[str, object]:
    """Return one item of the batch endpoint's `successList`."""
    order = clip.order
    job = _job(clip) | _wording(clip)
    del job["effect_name"]
    job["model_name"] = order.model.value if order.model else ""
    job["batch_id"], job["batch_count"] = clip.batch_id, order.count
    if order.last_image_url:
        job["last_image_url"] = order.last_image_url
    return job


def sounding(clip: Clip) -> dict[str, object]:
    """Return `data` of updateVideoAudio."""
    job = created(clip) | _times(clip)
    job["pre_video_id"] = clip.source.id if clip.source else ""
    job["only_add_audio"] = True
    return job


def result(clip: Clip) -> dict[str, object]:
    """Return one item of resultsByIds: the link only when done, never a reason for a failure."""
    job = _job(clip) | _audio(clip) | _times(clip)
    job["sub_type"] = 1501
    job["only_add_audio"] = clip.source is not None
    if clip.status is Status.DONE:
        job["video_url"] = f"{clip.origin}/files/{clip.id}.mp4"
    return job


def _job(clip: Clip) -> dict[str, object]:
    order = clip.order
    return {
        "_id": clip.id,
        "create_time": clip.create_time,
        **_ACCOUNT,
        "status": int(clip.status),
        "webhookUrl": order.webhook_url,
        "resolution": order.resolution,
        "file_name": f"Image2Video_{order.prompt[:24]}.mp4",
        "effect_name": order.effect.name if order.effect else "",
        "image_url": order.image_url,
        "prompt": order.prompt,
        "deduction_credit": clip.credits,
    }


def _wording(clip: Clip) -> dict[str, object]:
    return {
        "negative_prompt": clip.order.negative_prompt,
        "extend_prompt": clip.order.extend_prompt,
    }


def _audio(clip: Clip) -> dict[str, object]:
    order = clip.order
    if order.audio_type is None:
        return {}
    return {
        "audio_type": order.audio_type,
        "audio_url": order.audio_url,
        "effect_code": order.effect.code if order.effect else "",
    }


def _times(clip: Clip) -> dict[str, object]:
    times: dict[str, object] = {"update_time": clip.update_time}
    if clip.seconds is not None:
        times["video_duration"] = clip.seconds
    return times
