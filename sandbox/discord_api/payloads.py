"""Completes what simcord says to the bot with what Discord says and simcord leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import discord
from simcord.backend import serializers

if TYPE_CHECKING:
    from simcord.backend.models import Guild

    from sandbox.discord_api.wire import Payload
    from sandbox.discord_api.world import World

COMPONENTS_V2: Final = 1 << 15
# What a bot may do in a direct message: everything that is not about a guild.
_DM_PERMISSIONS: Final = discord.Permissions(
    view_channel=True,
    send_messages=True,
    embed_links=True,
    attach_files=True,
    read_message_history=True,
    add_reactions=True,
    external_emojis=True,
    use_application_commands=True,
).value


def interaction(world: World, payload: Payload) -> Payload:
    """Fill in an interaction: locales, upload limit, permissions, installation, file flags."""
    user_id = int((payload.get("user") or payload["member"]["user"])["id"])
    payload["locale"] = world.traits_of(user_id).locale
    payload["attachment_size_limit"] = world.interaction_upload_limit(user_id)
    guild_id = payload.get("guild_id")
    if guild_id is None:
        payload["app_permissions"] = str(_DM_PERMISSIONS)
        payload["authorizing_integration_owners"] = {"0": "0"}
    else:
        payload["guild_locale"] = world.guild_locale
        payload["guild"] = {"id": guild_id, "locale": world.guild_locale, "features": []}
        payload["authorizing_integration_owners"] = {"0": guild_id}
    _mark_files(payload)
    return payload


def _mark_files(payload: Payload) -> None:
    """Mark the files of an interaction as Discord does."""
    resolved = (payload.get("data") or {}).get("resolved") or {}
    for attachment in (resolved.get("attachments") or {}).values():
        attachment["ephemeral"] = True
    for message in (resolved.get("messages") or {}).values():
        without_listed_files(message)
    if isinstance(payload.get("message"), dict):
        without_listed_files(payload["message"])


def without_listed_files(message: Payload) -> None:
    """Empty `attachments` of a Components V2 message: Discord lists only what is not referenced."""
    if int(message.get("flags") or 0) & COMPONENTS_V2:
        message["attachments"] = []


def guild_create(world: World, guild: Guild) -> Payload:
    """Return GUILD_CREATE as a bot without the members intent gets it: itself the one member."""
    payload: Payload = dict(serializers.guild_create_payload(world.backend, guild))
    own = str(world.backend.bot_user.id)
    payload["members"] = [each for each in payload["members"] if each["user"]["id"] == own]
    payload["premium_tier"] = world.premium_tier
    return payload


def ready(world: World, session_id: str, shard: tuple[int, int], address: str) -> Payload:
    """Return READY for a shard; its guilds follow one by one."""
    return {
        "v": 10,
        "user": dict(serializers.user_payload(world.backend.bot_user)),
        "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds_of(world, shard)],
        "session_id": session_id,
        "resume_gateway_url": address,
        "shard": list(shard),
        "application": {"id": str(world.backend.application_id), "flags": 0},
    }


def guilds_of(world: World, shard: tuple[int, int]) -> list[Guild]:
    """Return the guilds that a shard is told about."""
    return [
        guild for guild in world.backend.guilds.values() if (guild.id >> 22) % shard[1] == shard[0]
    ]


def application(world: World) -> Payload:
    """Return the application as `/oauth2/applications/@me` tells it, owner included."""
    bot: Payload = dict(serializers.user_payload(world.backend.bot_user))
    owner: Payload = dict(serializers.user_payload(world.backend.get_user(world.owner.id)))
    return {
        "id": str(world.backend.application_id),
        "name": world.setting.bot,
        "icon": None,
        "description": "",
        "summary": "",
        "bot_public": world.setting.public,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "owner": owner,
        "team": None,
        "flags": 0,
        "bot": bot,
        "approximate_guild_count": len(world.backend.guilds),
    }


def message(payload: Any) -> Any:  # noqa: ANN401 - any answer of the API
    """Adjust every message in an answer; other answers pass."""
    for each in payload if isinstance(payload, list) else [payload]:
        if isinstance(each, dict) and "components" in each and "flags" in each:
            without_listed_files(each)
    return payload
