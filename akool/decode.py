"""Reading the vendor's answers: one function per endpoint, bytes in, a value or an error out."""

from __future__ import annotations

from decimal import ROUND_FLOOR
from typing import Final

from akool import fields
from akool.envelope import (
    SUCCESS,
    Answer,
    Envelope,
    complaint,
    find_message,
    open_envelope,
    open_success,
    unreadable,
)
from akool.models import (
    Balance,
    BatchAnswer,
    DeleteAnswer,
    Effect,
    ItemError,
    VendorClip,
    VendorStatus,
)

_FAILURE_KEYS: Final = (
    # None is documented; these are the names that public code looks for (AKOOL.md 3.3).
    "failed_reason",
    "error_reason",
    "error_message",
    "fail_msg",
    "error",
    "msg",
)


def read_single(answer: Answer) -> VendorClip:
    """Read the answer of the single create (AKOOL.md 3.1).

    An id counts as made, even beside a code that is not success: whatever has an id may be
    charged. Raises AkoolError; an answer of success without an id is InDoubt.
    """
    envelope = open_envelope(answer)
    created = _clips(envelope.data, answer)
    if created:
        return created[0]
    raise complaint(envelope)


def read_batch(answer: Answer) -> BatchAnswer:
    """Read the answer of the batch create (AKOOL.md 3.2); it may cover only a part of the clips.

    As with the single create an id counts as made, whatever the code. Raises AkoolError; success
    with neither a clip nor a refusal is InDoubt.
    """
    envelope = open_envelope(answer)
    data = fields.mapping(envelope.data)
    # One client falls back to `data._id` (AKOOL.md 10); a bare list is read the same way.
    listed = data.get("successList") if "successList" in data else envelope.data
    created = _clips(listed, answer)
    refused = _item_errors(data.get("errorList"), answer)
    if created or (refused and envelope.code == SUCCESS):
        return BatchAnswer(created=created, refused=refused)
    raise complaint(envelope)


def read_audio(answer: Answer, source_id: str) -> VendorClip:
    """Read the answer of updateVideoAudio (AKOOL.md 3.5): a new clip, not the one it came from.

    Raises AkoolError; success without a new id is InDoubt.
    """
    envelope = open_envelope(answer)
    created = [clip for clip in _clips(envelope.data, answer) if clip.id != source_id]
    if created:
        return created[0]
    raise complaint(envelope)


def read_results(answer: Answer) -> tuple[VendorClip, ...]:
    """Read resultsByIds (AKOOL.md 3.3): what it tells, in no order; ids may be missing.

    Raises AkoolError.
    """
    return _clips(_result(open_success(answer)), answer)


def read_effects(answer: Answer) -> tuple[Effect, ...]:
    """Read the list of effects (AKOOL.md 3.4); one without a code is left out.

    Raises AkoolError.
    """
    found = (_effect(fields.mapping(item)) for item in fields.items(_result(open_success(answer))))
    return tuple(effect for effect in found if effect.code)


def read_delete(answer: Answer) -> DeleteAnswer:
    """Read delbyids (AKOOL.md 3.6): success even when some were kept. Raises AkoolError."""
    data = fields.mapping(open_success(answer).data)
    found = (fields.identifier(item) for item in fields.items(data.get("successIds")))
    return DeleteAnswer(
        deleted=tuple(dict.fromkeys(one for one in found if one)),
        kept=_item_errors(data.get("noPermissionItems"), answer),
    )


def read_token(answer: Answer) -> str:
    """Read getToken (AKOOL.md 2): `token` stands beside `code`, not under `data`.

    Raises AkoolError; success without a token is InDoubt.
    """
    envelope = open_success(answer)
    token = envelope.content.get("token") or fields.mapping(envelope.data).get("token")
    # It becomes a header, so anything that could end one is no token.
    if isinstance(token, str) and token.isascii() and token.isprintable() and " " not in token:
        return token
    raise unreadable(envelope)


def read_balance(answer: Answer) -> Balance:
    """Read the quota (AKOOL.md 5). Raises AkoolError; success without a figure is InDoubt."""
    envelope = open_success(answer)
    credit = fields.decimal(fields.mapping(envelope.data).get("credit"))
    if credit is None:
        raise unreadable(envelope)
    return Balance(credits=int(credit.to_integral_value(ROUND_FLOOR)))


def _result(envelope: Envelope) -> object:
    """Return `data.result`, or `data` itself where that is the list."""
    data = envelope.data
    return data if isinstance(data, list) else fields.mapping(data).get("result")


def _clips(value: object, answer: Answer) -> tuple[VendorClip, ...]:
    """Read every item that has an id, each id once."""
    found: dict[str, VendorClip] = {}
    for item in fields.items(value):
        raw = fields.mapping(item)
        clip_id = fields.identifier(raw.get("_id"))
        if clip_id is not None:
            found.setdefault(clip_id, _clip(clip_id, raw, answer))
    return tuple(found.values())


def _clip(clip_id: str, raw: fields.JsonObject, answer: Answer) -> VendorClip:
    status = VendorStatus.of(fields.whole(raw.get("status")))
    duration = fields.decimal(raw.get("video_duration"))
    return VendorClip(
        id=clip_id,
        status=status,
        video_url=fields.link(raw.get("video_url")),
        deduction_credit=fields.amount(raw.get("deduction_credit")),
        created_at=fields.whole(raw.get("create_time")),
        updated_at=fields.whole(raw.get("update_time")),
        duration=None if duration is None else float(duration),
        resolution=fields.text(raw.get("resolution")),
        model=fields.text(raw.get("model_name")),
        batch_id=fields.text(raw.get("batch_id")),
        batch_count=fields.whole(raw.get("batch_count")),
        pre_video_id=fields.identifier(raw.get("pre_video_id")),
        only_add_audio=fields.flag(raw.get("only_add_audio")) or False,
        failure=_failure(raw, answer) if status is VendorStatus.FAILED else "",
        raw=raw,
    )


def _failure(raw: fields.JsonObject, answer: Answer) -> str:
    found = (fields.message(raw.get(key), answer.secrets) for key in _FAILURE_KEYS)
    return next((words for words in found if words), "")


def _item_errors(value: object, answer: Answer) -> tuple[ItemError, ...]:
    """Read refused items of any shape; an empty one says nothing and refuses nothing."""
    return tuple(_item_error(item, answer) for item in fields.items(value) if item)


def _item_error(item: object, answer: Answer) -> ItemError:
    raw = fields.mapping(item)
    inner = fields.mapping(raw.get("error"))
    return ItemError(
        code=fields.whole(raw.get("code", inner.get("code"))),
        message=find_message(raw, answer.secrets)
        or find_message(inner, answer.secrets)
        or fields.message(item, answer.secrets),
        id=fields.identifier(raw.get("_id")),
    )


def _effect(raw: fields.JsonObject) -> Effect:
    code = fields.text(raw.get("effect_code"))
    return Effect(
        code=code,
        name=fields.text(raw.get("name")) or code,
        logo_url=fields.link(raw.get("logo")),
        video_url=fields.link(raw.get("video_url")),
    )
