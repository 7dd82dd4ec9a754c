"""Discord's rules that a bot meets only in production, unless its sandbox has them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import aiohttp
import discord
import pytest
from simcord import BackendError

from sandbox.discord_api.server import DiscordSandbox
from sandbox.discord_api.world import MIB, Setting
from tests.sandbox.discord.conftest import connected

if TYPE_CHECKING:
    from tests.sandbox.discord.conftest import Lab


def file_of(size: int) -> discord.File:
    return discord.File(io.BytesIO(bytes(size)), "clip.mp4")


async def studio(lab: Lab) -> discord.TextChannel:
    channel = lab.bot.get_channel(lab.studio)
    assert isinstance(channel, discord.TextChannel)
    return channel


async def refused(code: int, sending: object) -> discord.HTTPException:
    with pytest.raises(discord.HTTPException) as caught:
        await sending  # type: ignore[misc]  # whatever is being sent
    assert caught.value.code == code
    return caught.value


# --- sizes ------------------------------------------------------------------------------------


async def test_an_interaction_says_how_large_its_files_may_be(lab: Lab) -> None:
    assert (await lab.alice.slash("whoami")).text == f"en-US en-US {10 * MIB} True False"
    lab.alice.subscribes(50 * MIB)
    assert (await lab.alice.slash("whoami")).text.split()[2] == str(50 * MIB)
    assert (await lab.bob.slash("whoami")).text.split()[2] == str(10 * MIB)


async def test_a_file_above_the_limit_is_too_large(lab: Lab) -> None:
    channel = await studio(lab)
    error = await refused(40005, channel.send(file=file_of(10 * MIB + 1)))
    assert error.status == 413
    await channel.send(file=file_of(10 * MIB))


async def test_a_request_above_25_mib_is_too_large_though_each_file_fits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    setting = Setting(upload_limit=50 * MIB)
    async with DiscordSandbox(setting) as sandbox, connected(sandbox, monkeypatch) as bot:
        channel = bot.get_channel(sandbox.world.channels["studio"].id)
        assert isinstance(channel, discord.TextChannel)
        assert channel.guild.filesize_limit == 50 * MIB
        await refused(40005, channel.send(files=[file_of(13 * MIB), file_of(13 * MIB)]))


async def test_nitro_counts_for_answers_to_its_owner_only(lab: Lab) -> None:
    lab.alice.subscribes(20 * MIB)
    await lab.alice.slash("whoami")
    theirs = lab.bot.seen[-1]
    await theirs.followup.send(file=file_of(11 * MIB))
    await refused(40005, (await studio(lab)).send(file=file_of(11 * MIB)))


# --- nonces -----------------------------------------------------------------------------------


async def test_a_nonce_brings_back_the_message_it_made(lab: Lab) -> None:
    channel = await studio(lab)
    first = await channel.send("one", nonce="clip-1")
    again = await channel.send("one, once more", nonce="clip-1")
    other = await channel.send("two", nonce="clip-2")
    assert again.id == first.id != other.id
    assert again.nonce == first.nonce == "clip-1"
    assert [seen.text for seen in lab.alice.read()] == ["one", "two"]


async def test_discord_forgets_a_nonce_after_some_minutes(lab: Lab) -> None:
    channel = await studio(lab)
    first = await channel.send("one", nonce="clip-1")
    lab.discord.skip(301)
    assert (await channel.send("one", nonce="clip-1")).id != first.id


async def test_a_nonce_has_at_most_25_characters(lab: Lab) -> None:
    await refused(50035, (await studio(lab)).send("one", nonce="n" * 26))


# --- tokens, threads, locales -----------------------------------------------------------------


async def test_a_token_dies_after_fifteen_minutes(lab: Lab) -> None:
    await lab.alice.slash("whoami")
    interaction = lab.bot.seen[-1]
    await interaction.edit_original_response(content="still fine")
    lab.discord.skip(15 * 60)
    error = await refused(50027, interaction.edit_original_response(content="too late"))
    assert error.status == 401
    await refused(50027, interaction.followup.send("too late"))


async def test_an_archived_thread_wakes_for_a_message_but_not_for_an_edit(lab: Lab) -> None:
    handle = lab.discord.world.add_thread("studio", "takes")
    thread = await lab.bot.fetch_channel(handle.id)
    assert isinstance(thread, discord.Thread)
    message = await thread.send("one")
    lab.discord.world.archive("takes")
    await refused(50083, message.edit(content="two"))
    await thread.send("two")
    await message.edit(content="awake")


async def test_nothing_can_be_sent_to_a_locked_thread(lab: Lab) -> None:
    handle = lab.discord.world.add_thread("studio", "takes")
    thread = await lab.bot.fetch_channel(handle.id)
    assert isinstance(thread, discord.Thread)
    lab.discord.world.archive("takes", locked=True)
    await refused(50083, thread.send("one"))


async def test_a_member_has_a_language(lab: Lab) -> None:
    lab.alice.speaks("de")
    assert (await lab.alice.slash("whoami")).text.startswith("de en-US")


async def test_what_the_bot_may_do_is_said_for_the_channel_at_hand(lab: Lab) -> None:
    answer = await lab.alice.slash("whoami", channel="backstage")
    assert not lab.bot.seen[-1].app_permissions.view_channel
    assert not answer.failed
    hidden = await lab.bot.http.get_channel(lab.studio)
    assert hidden["id"] == str(lab.studio)
    await refused(50001, lab.bot.fetch_channel(lab.discord.world.channels["backstage"].id))


async def test_without_the_intent_the_bot_reads_no_words_of_others(lab: Lab) -> None:
    lab.bob.say("a secret")
    channel = await studio(lab)
    await channel.send("my own")
    assert [message.content async for message in channel.history()] == ["my own", ""]


async def test_files_need_the_permission_to_attach_them(lab: Lab, photo: tuple[str, bytes]) -> None:
    lab.discord.world.forbid_bot("studio", attach_files=False)
    await lab.alice.slash("whoami")
    assert not lab.bot.seen[-1].app_permissions.attach_files
    channel = await studio(lab)
    await refused(50013, channel.send(file=discord.File(io.BytesIO(photo[1]), photo[0])))
    lab.discord.world.forbid_bot("studio")
    await channel.send(file=discord.File(io.BytesIO(photo[1]), photo[0]))


async def test_a_deleted_channel_is_unknown(lab: Lab) -> None:
    channel = await studio(lab)
    lab.discord.world.delete_channel("studio")
    await refused(10003, channel.send("anyone?"))


# --- links ------------------------------------------------------------------------------------


async def test_a_link_is_signed_and_expires_and_is_renewed_when_the_message_is_read_again(
    lab: Lab, photo: tuple[str, bytes]
) -> None:
    channel = await studio(lab)
    message = await channel.send(file=discord.File(io.BytesIO(photo[1]), photo[0]))
    attachment = message.attachments[0]
    query = parse_qs(urlsplit(attachment.url).query)
    assert int(query["ex"][0], 16) - int(query["is"][0], 16) == 24 * 3600
    assert (attachment.width, attachment.height) == (64, 48)
    assert await attachment.read() == photo[1]
    lab.discord.skip(24 * 3600)
    with pytest.raises(discord.NotFound):
        await attachment.read()
    renewed = (await channel.fetch_message(message.id)).attachments[0]
    assert await renewed.read() == photo[1]


async def test_an_unsigned_or_changed_link_leads_nowhere(
    lab: Lab, photo: tuple[str, bytes]
) -> None:
    message = await (await studio(lab)).send(file=discord.File(io.BytesIO(photo[1]), photo[0]))
    link = message.attachments[0].url
    async with aiohttp.ClientSession() as session:
        for bad in (link.split("?")[0], link.replace("ex=", "ex=f"), link.replace("my_", "no_")):
            async with session.get(bad) as response:
                assert response.status == 404
                assert await response.text() == "This content is no longer available."


@pytest.mark.parametrize("by", ["bot", "moderator"])
async def test_the_files_of_a_deleted_message_are_gone(
    lab: Lab, photo: tuple[str, bytes], by: str
) -> None:
    message = await (await studio(lab)).send(file=discord.File(io.BytesIO(photo[1]), photo[0]))
    seen = lab.mona.read()[-1]
    with pytest.raises(BackendError):
        lab.alice.deletes(seen)
    if by == "bot":
        await message.delete()
    else:
        lab.mona.deletes(seen)
    with pytest.raises(discord.NotFound):
        await message.attachments[0].read()
    assert lab.alice.read() == []


async def test_a_link_in_the_bots_own_words_is_renewed_as_well(
    lab: Lab, photo: tuple[str, bytes]
) -> None:
    channel = await studio(lab)
    posted = await channel.send(file=discord.File(io.BytesIO(photo[1]), photo[0]))
    message = await channel.send(f"here: {posted.attachments[0].url} it is")
    lab.discord.skip(24 * 3600)
    words = (await channel.fetch_message(message.id)).content.split()
    assert await lab.bot.http.get_from_cdn(words[1]) == photo[1]


async def test_files_referenced_by_components_are_not_listed_as_attachments(
    lab: Lab, photo: tuple[str, bytes]
) -> None:
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.MediaGallery(discord.MediaGalleryItem("attachment://cat.jpg")))
    file = discord.File(io.BytesIO(photo[1]), "cat.jpg")
    message = await (await studio(lab)).send(view=view, file=file)
    assert message.attachments == []
    gallery = message.components[0]
    assert isinstance(gallery, discord.MediaGalleryComponent)
    assert await lab.bot.http.get_from_cdn(gallery.items[0].media.url) == photo[1]


# --- who is asking ----------------------------------------------------------------------------


async def test_the_application_has_an_owner(lab: Lab) -> None:
    info = await lab.bot.application_info()
    assert info.owner.name == "eadweard"
    assert not info.bot_public


async def test_another_token_is_not_let_in() -> None:
    async with (
        DiscordSandbox(Setting(token="right")) as sandbox,
        aiohttp.ClientSession(sandbox.api_base + "/") as session,
    ):
        for token, status in (("Bot right", 200), ("Bot wrong", 401), ("right", 401)):
            async with session.get("users/@me", headers={"Authorization": token}) as answer:
                assert answer.status == status


async def test_every_request_is_noted_with_its_payload_and_files(
    lab: Lab, photo: tuple[str, bytes]
) -> None:
    await (await studio(lab)).send("hello", file=discord.File(io.BytesIO(photo[1]), "cat.jpg"))
    noted = lab.discord.requests.to("POST", "/channels/", "/messages")[-1]
    assert isinstance(noted.payload, dict)
    assert noted.payload["content"] == "hello"
    assert [(file.name, file.size) for file in noted.files] == [("cat.jpg", len(photo[1]))]
    assert noted.status == 200


def test_only_loopback_is_listened_on() -> None:
    with pytest.raises(ValueError, match="loopback"):
        DiscordSandbox(host="0.0.0.0")  # noqa: S104 - that is the point
