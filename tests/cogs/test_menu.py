"""Members use the menu of a message, and its pictures become an order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
import pytest

from cogs import form_words
from cogs.menu import pictures_in
from jobs.model import GuildRules
from jobs.progress import progress_of
from tests.cogs.forms_filled import PROMPT, fields, form_of, pictures, send_in
from tests.cogs.scenes import labels, last, reply, said
from tests.fakes import NOT_A_PICTURE

if TYPE_CHECKING:
    from pathlib import Path

    from simcord import InteractionResult, MemberActor

    from tests.cogs.scenes import Scene

PROXY = "https://images-ext-1.discordapp.net/external/abc/https/elsewhere.invalid/cat.png"
MEDIA = "https://media.discordapp.net/attachments/1/2/cup.png"


async def told(
    scene: Scene, files: list[tuple[str, bytes]], who: MemberActor | None = None
) -> discord.Message:
    """Have Alice post a message with files."""
    return await (who or scene.alice).send(scene.studio, "look", attachments=files)


async def animate(
    scene: Scene, message: discord.Message, who: MemberActor | None = None
) -> InteractionResult:
    """Use the menu of a message."""
    return await (who or scene.alice).context_menu(scene.studio, "Animate", message)


async def test_one_picture_becomes_an_order_like_that_of_animate(scene: Scene) -> None:
    opened = await animate(scene, await told(scene, pictures(1)))
    assert form_of(opened)["title"] == "Animate 1 picture"
    assert list(fields(opened)) == ["prompt", "avoid"]
    result = await send_in(scene, opened, prompt=PROMPT, avoid="blur")
    assert "Seedance 1.0 Pro · 720p · 5 s · 1 clip" in said(result)
    (order,) = await scene.orders()
    assert (order.options.prompt, order.options.avoid) == (PROMPT, "blur")


async def test_several_pictures_become_one_order(scene: Scene) -> None:
    files = [*pictures(2), ("notes.txt", b"no picture")]
    opened = await animate(scene, await told(scene, files))
    assert form_of(opened)["title"] == "Animate 2 pictures"
    await send_in(scene, opened, prompt=PROMPT)
    (order,) = await scene.orders()
    assert len(order.clips) == len(order.options.pictures) == 2


async def test_a_message_without_pictures_gets_a_sentence(scene: Scene) -> None:
    result = await animate(scene, await told(scene, [("notes.txt", b"no picture")]))
    assert result.modal is None
    assert said(result) == form_words.NO_PICTURES()


async def test_a_file_that_only_calls_itself_a_picture_is_refused_and_can_be_replaced(
    scene: Scene,
) -> None:
    message = await told(scene, [("notes.png", NOT_A_PICTURE)])
    refused = await send_in(scene, await animate(scene, message), prompt=PROMPT)
    assert said(refused).startswith("That file is not a picture.")
    assert labels(reply(refused)) == ["Reopen"]
    again = await scene.alice.click(reply(refused), label="Reopen")
    assert fields(again)["images"]["required"]
    await send_in(scene, again, images=pictures(1), prompt=PROMPT)
    assert len(await scene.orders()) == 1


async def test_of_more_than_ten_pictures_the_first_ten_are_taken_and_the_form_says_so(
    scene: Scene,
) -> None:
    message = await told(scene, pictures(10))
    assert "Only the first" not in fields(await animate(scene, message))["prompt"]["says"]
    picture = {"url": PROXY, "proxy_url": PROXY, "width": 1, "height": 1}
    stored = scene.env.backend.get_message(message.channel.id, message.id)
    stored.embeds.append({"type": "image", "thumbnail": picture})
    opened = await animate(scene, message)
    assert form_of(opened)["title"] == "Animate 10 pictures"
    assert fields(opened)["prompt"]["says"] == (
        "Only the first 10 pictures of that message are taken."
    )


async def test_pictures_of_others_may_be_used_and_whoever_asks_pays(scene: Scene) -> None:
    opened = await animate(scene, await told(scene, pictures(1)), who=scene.bob)
    await send_in(scene, opened, who=scene.bob, prompt=PROMPT)
    assert await scene.spendable(scene.bob) == 90
    assert await scene.spendable() == 100


async def test_missing_permissions_are_named_before_the_form(scene: Scene) -> None:
    message = await told(scene, pictures(1))
    scene.forbid(scene.studio, attach_files=False)
    result = await animate(scene, message)
    assert result.modal is None
    assert "I lack: Attach Files." in said(result)


class TestWherePicturesAreNotShared:
    """The server lets nobody use what others posted."""

    @pytest.fixture
    def rules(self) -> GuildRules:
        return GuildRules(reuse=False)

    async def test_only_ones_own_message_can_be_animated(self, scene: Scene) -> None:
        message = await told(scene, pictures(1))
        refused = await animate(scene, message, who=scene.bob)
        assert refused.modal is None
        assert said(refused) == form_words.NO_REUSE()
        assert (await animate(scene, message)).modal is not None

    async def test_ones_own_card_counts_as_ones_own(self, scene: Scene, tmp_path: Path) -> None:
        await scene.ordered()
        now = scene.clock.now()
        (order,) = await scene.store.claim_cards(now, now + 1000, 1)
        card = tmp_path / "card.png"
        card.write_bytes(pictures(1)[0][1])
        posted = await scene.courier.post_card(order, progress_of(order, now), [card])
        message = last(scene.studio)
        assert said(await animate(scene, message)) == form_words.NO_REUSE()
        await scene.store.record_card(order, posted, "queued", None, now)
        assert (await animate(scene, message)).modal is not None
        refused = await animate(scene, message, who=scene.bob)
        assert refused.modal is None
        assert said(refused) == form_words.NO_REUSE()


# --- which links are taken: messages as Discord describes them ----------------------------------


def read(scene: Scene, **parts: Any) -> list[str]:  # noqa: ANN401 - a message's JSON
    """Return the links that are taken from a message."""
    channel = scene.bot.get_channel(scene.studio.id)
    assert isinstance(channel, discord.TextChannel)
    data: Any = {
        "id": "1",
        "channel_id": str(scene.studio.id),
        "author": {"id": "2", "username": "x", "discriminator": "0", "avatar": None},
        "content": "",
        "timestamp": "2026-01-01T00:00:00+00:00",
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "pinned": False,
        "type": 0,
        "components": [],
    }
    message = discord.Message(state=scene.bot._connection, channel=channel, data=data | parts)
    return [one.link for one in pictures_in(message)]


async def test_an_embeds_picture_is_taken_only_through_discords_proxy(scene: Scene) -> None:
    outside = "https://elsewhere.invalid/cat.png"
    picture = {"url": outside, "proxy_url": PROXY, "width": 1, "height": 1}
    assert read(scene, embeds=[{"type": "rich", "image": picture}]) == [PROXY]
    assert read(scene, embeds=[{"type": "image", "thumbnail": picture}]) == [PROXY]
    assert read(scene, embeds=[{"type": "rich", "image": {"url": outside}}]) == []


@pytest.mark.parametrize(
    "link",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://media.discordapp.net/a.png",
        "https://media.discordapp.net.evil.invalid/a.png",
        "https://evil.invalid/?media.discordapp.net",
        "https://media.discordapp.net@evil.invalid/a.png",
        "https://evildiscordapp.net/a.png",
        "file:///etc/passwd",
        "https://[bad/a.png",
    ],
)
async def test_a_link_that_is_not_discords_is_never_taken(scene: Scene, link: str) -> None:
    picture = {"url": link, "proxy_url": link, "width": 1, "height": 1}
    assert read(scene, embeds=[{"type": "rich", "image": picture}]) == []


async def test_pictures_of_components_are_found_however_deep_they_stand(scene: Scene) -> None:
    media = {"url": MEDIA, "proxy_url": MEDIA, "content_type": "image/png", "width": 1, "height": 1}
    video = {**media, "proxy_url": f"{MEDIA}2", "content_type": "video/mp4"}
    thumbnail = {**media, "proxy_url": f"{MEDIA}3"}
    section = {
        "type": 9,
        "components": [{"type": 10, "content": "words"}],
        "accessory": {"type": 11, "media": thumbnail},
    }
    gallery = {"type": 12, "items": [{"media": media}, {"media": video}]}
    container = {"type": 17, "components": [section, gallery]}
    assert read(scene, components=[container], flags=1 << 15) == [f"{MEDIA}3", MEDIA]
