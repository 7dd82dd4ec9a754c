"""Answers the bot's questions about members over the gateway (op 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcord.backend import serializers

if TYPE_CHECKING:
    from simcord.backend import Backend
    from simcord.backend.models import Member

    from sandbox.discord_api.wire import Payload


def member_chunk(backend: Backend, question: Payload) -> Payload:
    """Return the one GUILD_MEMBERS_CHUNK that answers (docs: events/gateway-events).

    Asking by name needs no privileged intent up to 100 members; the world has far fewer.
    """
    guild = backend.get_guild(int(question["guild_id"]))
    found = [each for each in guild.members.values() if _asked_for(backend, each, question)]
    limit = int(question.get("limit") or 0) or len(found)
    answer: Payload = {
        "guild_id": str(guild.id),
        "members": [serializers.member_payload(backend, guild, each) for each in found[:limit]],
        "chunk_index": 0,
        "chunk_count": 1,
    }
    missing = _ids(question) - set(guild.members)
    if missing:
        answer["not_found"] = [str(user_id) for user_id in sorted(missing)]
    if question.get("nonce"):
        answer["nonce"] = question["nonce"]
    return answer


def _asked_for(backend: Backend, member: Member, question: Payload) -> bool:
    if question.get("user_ids"):
        return member.user_id in _ids(question)
    prefix = str(question.get("query") or "").lower()
    return backend.users[member.user_id].name.lower().startswith(prefix)


def _ids(question: Payload) -> set[int]:
    asked = question.get("user_ids") or []
    return {int(each) for each in (asked if isinstance(asked, list) else [asked])}
