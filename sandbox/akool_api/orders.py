"""Read request bodies as strictly as the description allows: an order, a refusal, complaints."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sandbox.akool_api.catalogue import EFFECTS, MODELS, NamedEffect, VideoModel
from sandbox.akool_api.loopback import NotLoopbackError, require_loopback
from sandbox.akool_api.settings import Endpoint

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

BAD_PARAMETER: Final = 1003
NO_PERMISSION: Final = 1009


class RefusedError(Exception):
    """A business error: the vendor's code and its message (AKOOL.md 7).

    `staged` is one that a fault of the scenario caused, so that the caller is not to blame.
    """

    def __init__(self, code: int, message: str, *, staged: bool = False) -> None:
        super().__init__(f"{code} {message}")
        self.code = code
        self.message = message
        self.staged = staged


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoOrder:
    """An accepted create request. The batch endpoint has a model, the single one has none."""

    endpoint: Endpoint
    image_url: str = field(repr=False)
    prompt: str = field(repr=False)
    negative_prompt: str = field(repr=False)
    extend_prompt: bool
    resolution: str
    seconds: int
    webhook_url: str = field(repr=False)
    model: VideoModel | None = None
    last_image_url: str = field(default="", repr=False)
    count: int = 1
    sound: bool = False
    audio_type: int | None = None
    audio_url: str = field(default="", repr=False)
    effect: NamedEffect | None = None

    @property
    def with_sound(self) -> bool:
        """Whether a sound is made: models without one silently ignore the wish."""
        return self.sound and (self.model is None or self.model.sound is not None)

    @property
    def short_side(self) -> int:
        """Pixels of the shorter side of the video."""
        model = self.model or MODELS[0]
        return next(one.short_side for one in model.resolutions if one.value == self.resolution)


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundOrder:
    """An accepted request for sound on a finished clip."""

    source: str
    audio_type: int
    audio_url: str = field(repr=False)


class Form:
    """A JSON body being read field by field; what nobody asked for becomes a complaint."""

    def __init__(
        self, body: Mapping[str, object], endpoint: Endpoint, *, fetching: bool = True
    ) -> None:
        self._body = body
        self._endpoint = endpoint
        self._fetching = fetching
        self._asked: set[str] = set()

    def text(self, name: str, *, required: bool = False, may_be_empty: bool = False) -> str:
        """Return a string; an absent optional one is empty."""
        value = self._read(name, required=required)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise RefusedError(BAD_PARAMETER, f"{name} must be a string")
        if required and not value and not may_be_empty:
            raise RefusedError(BAD_PARAMETER, f"{name} is required")
        return value

    def whole(self, name: str, allowed: Sequence[int], *, required: bool = False) -> int | None:
        """Return a whole number out of a closed list, or None when it is absent."""
        value = self._read(name, required=required)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value not in allowed:
            raise RefusedError(BAD_PARAMETER, f"{name} must be one of {list(allowed)}")
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a boolean."""
        value = self._read(name, required=False)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise RefusedError(BAD_PARAMETER, f"{name} must be a boolean")
        return value

    def link(self, name: str, *, required: bool = False, opened: bool | None = None) -> str:
        """Return a link, to this machine if the sandbox will open it, or an empty string."""
        value = self.text(name, required=required)
        if value and (self._fetching if opened is None else opened):
            try:
                require_loopback(value)
            except NotLoopbackError as error:
                raise RefusedError(BAD_PARAMETER, f"{name}: {error}") from error
        return value

    def unasked(self) -> list[str]:
        """Return a complaint for each field that this endpoint does not document."""
        return [
            f"{self._endpoint}: field {name!r} is not documented here"
            for name in self._body
            if name not in self._asked
        ]

    def _read(self, name: str, *, required: bool) -> object:
        self._asked.add(name)
        value = self._body.get(name)
        if value is None and required:
            raise RefusedError(BAD_PARAMETER, f"{name} is required")
        return value


def read_single(form: Form) -> VideoOrder:
    """Read createBySourcePrompt (AKOOL.md 3.1)."""
    resolution = form.text("resolution", required=True)
    if resolution not in ("720p", "1080p", "4k"):
        raise RefusedError(BAD_PARAMETER, "resolution must be one of 720p, 1080p, 4k")
    form.flag("is_premium_model")
    audio_type = form.whole("audio_type", (1, 2, 3), required=True)
    return VideoOrder(
        endpoint=Endpoint.CREATE,
        image_url=form.link("image_url", required=True),
        prompt=form.text("prompt", required=True),
        negative_prompt=form.text("negative_prompt", required=True, may_be_empty=True),
        extend_prompt=form.flag("extend_prompt"),
        resolution=resolution,
        seconds=form.whole("video_length", (5, 10), required=True) or 5,
        webhook_url=form.link("webhookurl", opened=True),
        audio_type=audio_type,
        audio_url=_own_audio(form, audio_type),
        sound=audio_type == 1,
        effect=_effect(form.text("effect_code")),
    )


def read_batch(form: Form, *, paid_plan: bool) -> VideoOrder:
    """Read createBySourcePrompt/batch (AKOOL.md 3.2)."""
    model = _model(form.text("model_name"), paid_plan=paid_plan)
    resolution = form.text("resolution", required=True)
    allowed = [one.value for one in model.resolutions]
    if resolution not in allowed:
        raise RefusedError(BAD_PARAMETER, f"resolution must be one of {allowed}")
    last = form.link("last_image_url")
    if last and not model.last_frame:
        raise RefusedError(BAD_PARAMETER, f"last_image_url is not supported by {model.value}")
    count = form.whole("count", range(1, 11)) or 1
    if count > model.max_count:
        raise RefusedError(BAD_PARAMETER, f"count is at most {model.max_count} for {model.value}")
    return VideoOrder(
        endpoint=Endpoint.BATCH,
        image_url=form.link("image_url", required=True),
        prompt=form.text("prompt", required=True),
        negative_prompt=form.text("negative_prompt"),
        extend_prompt=form.flag("extend_prompt"),
        resolution=resolution,
        seconds=form.whole("video_length", model.durations, required=True) or 5,
        webhook_url=form.link("webhookurl", opened=True),
        model=model,
        last_image_url=last,
        count=count,
        sound=_sound(form, model),
    )


def read_sound(form: Form) -> SoundOrder:
    """Read updateVideoAudio (AKOOL.md 3.5)."""
    source = form.text("pre_video_id", required=True)
    audio_type = form.whole("audio_type", (1, 2), required=True) or 1
    return SoundOrder(source=source, audio_type=audio_type, audio_url=_own_audio(form, audio_type))


def read_ids(form: Form) -> list[str]:
    """Read `_ids`: one comma-separated string, never an array (AKOOL.md 3.3)."""
    try:
        joined = form.text("_ids", required=True)
    except RefusedError as error:
        raise RefusedError(BAD_PARAMETER, "Failed to get results") from error
    return list(dict.fromkeys(one for one in joined.split(",") if one))


def awkward(order: VideoOrder) -> list[str]:
    """Return complaints about an accepted order: what the vendor would silently ignore."""
    found = []
    if order.sound and order.model and order.model.sound is None:
        found.append(f"batch: generate_audio is ignored by {order.model.value}")
    if order.extend_prompt and order.model and not order.model.extend_prompt:
        found.append(f"batch: extend_prompt is not supported by {order.model.value}")
    if order.audio_url and order.audio_type != 2:
        found.append("create: audio_url is ignored unless audio_type is 2")
    return found


def _model(value: str, *, paid_plan: bool) -> VideoModel:
    if not value:
        return MODELS[0]
    model = next((one for one in MODELS if one.value == value), None)
    if model is None:
        raise RefusedError(BAD_PARAMETER, "parameter validate error: unknown model_name")
    if model.requires_pay and not paid_plan:
        raise RefusedError(NO_PERMISSION, f"{value} needs a paid plan")
    return model


def _effect(code: str) -> NamedEffect | None:
    if not code:
        return None
    effect = next((one for one in EFFECTS if one.code == code), None)
    if effect is None:
        raise RefusedError(BAD_PARAMETER, "parameter validate error: unknown effect_code")
    return effect


def _own_audio(form: Form, audio_type: int | None) -> str:
    return form.link("audio_url", required=audio_type == 2)


def _sound(form: Form, model: VideoModel) -> bool:
    wanted = form.flag("generate_audio", default=bool(model.sound and model.sound.default))
    if model.sound and model.sound.required and not wanted:
        raise RefusedError(BAD_PARAMETER, f"generate_audio is required by {model.value}")
    return wanted
