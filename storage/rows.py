"""Rows of the schema read into the values of the domain, one function each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from jobs.model import Clip, Draft, Member, Options, Order, Place, Quote
from jobs.states import ClipState, FailReason

if TYPE_CHECKING:
    from storage.database import Row, Rows


def member_from(row: Row) -> Member:
    """Read who ordered; roles are not stored."""
    return Member(guild_id=row["guild_id"], user_id=row["user_id"])


def place_from(row: Row) -> Place:
    """Read where the result goes."""
    return Place(
        channel_id=row["channel_id"],
        upload_limit=row["upload_limit"],
        locale=row["locale"],
        guild_locale=row["guild_locale"],
        asked_in=row["asked_in"],
        lies_in=tuple(json.loads(row["lies_in"])),
        age_restricted=bool(row["age_restricted"]),
    )


def quote_from(row: Row) -> Quote:
    """Read the price that was shown."""
    low, high = row["wait_low"], row["wait_high"]
    return Quote(
        per_clip=row["price"],
        clips=row["clips"],
        learned=bool(row["learned"]),
        wait=None if low is None or high is None else (low, high),
    )


def draft_from(row: Row) -> Draft:
    """Read a draft, with the order it became."""
    return Draft(
        id=row["id"],
        member=member_from(row),
        place=place_from(row),
        options=Options.from_json(row["options"]),
        quote=quote_from(row),
        created_at=row["created_at"],
        order_id=row["order_id"],
        cancelled=bool(row["cancelled"]),
    )


def clip_from(row: Row, *, mention: bool = False) -> Clip:
    """Read a clip; `mention` tells that its message is the one that mentions the asker."""
    return Clip(
        id=row["id"],
        order_id=row["order_id"],
        send_id=row["send_id"],
        number=row["number"],
        state=ClipState(row["state"]),
        quote=row["quote"],
        price_key=row["price_key"],
        vendor_id=row["vendor_id"],
        cost=row["cost"],
        charged=row["charged"],
        video_link=row["video_link"],
        file=row["file"],
        bytes=row["bytes"],
        reason=FailReason(row["reason"]) if row["reason"] else None,
        note=row["note"],
        channel_id=row["channel_id"],
        message_id=row["message_id"],
        first_try_at=row["first_try_at"],
        submitted_at=row["submitted_at"],
        ready_at=row["ready_at"],
        polls=row["polls"],
        misses=row["misses"],
        attempts=row["attempts"],
        fence=row["fence"],
        free=bool(row["free"]),
        deleted=bool(row["deleted"]),
        mention=mention,
        share_first_try_at=row["share_first_try_at"],
        shared_channel_id=row["shared_channel_id"],
        shared_message_id=row["shared_message_id"],
        keep_message=bool(row["keep_message"]),
    )


def order_from(row: Row, clips: Rows, ahead: int = 0) -> Order:
    """Read an order with its clips; `ahead` is the number of sends before its own in the line."""
    mention = row["mention_clip_id"]
    return Order(
        id=row["id"],
        member=member_from(row),
        place=place_from(row),
        options=Options.from_json(row["options"]),
        quote=quote_from(row),
        created_at=row["created_at"],
        clips=tuple(clip_from(clip, mention=clip["id"] == mention) for clip in clips),
        card_channel_id=row["card_channel_id"],
        card_message_id=row["card_message_id"],
        card_first_try_at=row["card_first_try_at"],
        card_text=row["card_text"],
        card_edits=row["card_edits"],
        card_picture=bool(row["card_picture"]),
        card_wanted=row["card_wanted"],
        notice_message_id=row["notice_message_id"],
        notice_first_try_at=row["notice_first_try_at"],
        pause_message_id=row["pause_message_id"],
        pause_first_try_at=row["pause_first_try_at"],
        ahead=ahead,
        fence=row["card_fence"],
        attempts=row["card_attempts"],
    )
