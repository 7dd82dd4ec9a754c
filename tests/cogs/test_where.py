"""An interaction tells who acts, how large a file may be later, and whether one may post there."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import discord
import pytest

from cogs.where import check_can_post, member_of, place_of, upload_limit
from jobs.errors import CannotPostThere, NotServed

if TYPE_CHECKING:
    from tests.cogs.scenes import Scene

MB = 1_000_000
MIB = 1024 * 1024


async def interaction(scene: Scene, **changes: Any) -> discord.Interaction:  # noqa: ANN401
    """Return an interaction as Discord would send it, changed as told; None drops a field."""
    await scene.alice.slash(scene.studio, "credits")
    events = [one for one in scene.env.backend.transcript if one[1] == "INTERACTION_CREATE"]
    data = deepcopy(events[-1][2]) | changes
    kept = {name: value for name, value in data.items() if value is not None}
    return discord.Interaction(data=kept, state=scene.bot._connection)  # type: ignore[arg-type]  # as sent


@pytest.mark.parametrize(
    ("said", "tier", "expected"),
    [
        (10 * MIB, 0, 10 * MIB),
        (20 * MB, 0, 20 * MB),  # the default was raised, whatever discord.py's table says
        (50 * MIB, 2, 50 * MIB),
        (100 * MIB, 3, 100 * MIB),
        (50 * MB, 0, 10 * MIB),  # the asker pays, the bot does not
        (500 * MB, 0, 10 * MIB),
        (500 * MB, 2, 50 * MIB),
        (500 * MB, 3, 100 * MIB),
    ],
)
async def test_the_upload_limit_is_the_bots_and_not_the_askers(
    scene: Scene, said: int, tier: int, expected: int
) -> None:
    guild = scene.bot.get_guild(scene.guild.id)
    assert guild is not None
    guild.premium_tier = tier
    assert upload_limit(await interaction(scene, attachment_size_limit=said)) == expected


async def test_in_a_direct_message_the_default_counts(scene: Scene) -> None:
    user = {"id": "5", "username": "eve", "discriminator": "0", "avatar": None}
    changes = {"guild_id": None, "member": None, "user": user, "attachment_size_limit": 500 * MB}
    assert upload_limit(await interaction(scene, **changes)) == 10 * MIB


async def test_a_place_knows_the_languages(scene: Scene) -> None:
    place = place_of(await interaction(scene, locale="de", guild_locale="fr"))
    assert (place.channel_id, place.locale, place.guild_locale) == (scene.studio.id, "de", "fr")
    assert place_of(await interaction(scene, locale="de", guild_locale=None)).guild_locale == "de"


async def test_without_a_channel_there_is_nowhere_to_post(scene: Scene) -> None:
    with pytest.raises(CannotPostThere):
        place_of(await interaction(scene, channel={"id": "1", "type": 99}))


async def test_an_administrator_may_post_everywhere(scene: Scene) -> None:
    nothing = await interaction(scene, app_permissions="0")
    with pytest.raises(CannotPostThere) as refused:
        check_can_post(nothing)
    assert refused.value.missing == (
        "view_channel",
        "send_messages",
        "attach_files",
        "read_message_history",
    )
    all_of_them = discord.Permissions(administrator=True).value
    check_can_post(await interaction(scene, app_permissions=str(all_of_them)))


async def test_a_member_acts_with_all_roles(scene: Scene) -> None:
    role = scene.guild.create_role("Patron")
    carol = scene.guild.add_member(scene.env.create_user("carol"), roles=[role])
    await carol.slash(scene.studio, "credits")
    events = [one for one in scene.env.backend.transcript if one[1] == "INTERACTION_CREATE"]
    acting = discord.Interaction(data=events[-1][2], state=scene.bot._connection)
    member = await member_of(acting)
    assert (member.guild_id, member.user_id) == (scene.guild.id, carol.id)
    assert role.id in member.role_ids


@pytest.mark.parametrize("guilds", [frozenset({1})])
async def test_a_direct_message_about_a_server_that_is_not_served_is_refused(
    scene: Scene,
) -> None:
    user = {"id": "5", "username": "eve", "discriminator": "0", "avatar": None}
    direct = await interaction(scene, guild_id=None, member=None, user=user)
    for about in (None, scene.guild.id):
        with pytest.raises(NotServed):
            await member_of(direct, about)
