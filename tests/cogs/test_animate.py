"""Members type `/animate`, and get a receipt, an offer or a refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
import pytest

from jobs.asking import LONGEST_PROMPT
from jobs.model import GuildRules
from jobs.states import ClipState
from tests.cogs.scenes import PICTURE, PNG, Scene, followed, labels, reply, said
from tests.fakes import NOT_A_PICTURE

if TYPE_CHECKING:
    from jobs.asking import Ask
    from jobs.catalogue import Catalogue


async def test_a_cheap_order_starts_at_once_and_its_receipt_says_the_price(scene: Scene) -> None:
    result = await scene.animate()
    assert said(result).startswith("At most **10 credits**, you keep 90.\n-# Order #")
    assert labels(reply(result)) == []
    (order,) = await scene.orders()
    assert [clip.state for clip in order.clips] == [ClipState.QUEUED]
    assert order.member.user_id == scene.alice.id
    assert order.place.channel_id == scene.studio.id
    assert await scene.spendable() == 90


async def test_the_command_is_acknowledged_in_private_before_anything_else(scene: Scene) -> None:
    before = len(scene.env.http_requests)
    await scene.animate(image=("text.png", NOT_A_PICTURE))
    first = scene.env.http_requests[before]
    assert first.path.endswith("/callback")
    assert first.json == {"type": 5, "data": {"flags": 64}}


async def test_above_the_confirm_price_only_an_offer_is_made(scene: Scene) -> None:
    result = await scene.animate(variations=6)
    assert "At most **60 credits** (6 × 10); you can spend 100 credits and would keep 40." in said(  # noqa: RUF001
        result
    )
    assert "Nothing is spent until you press **Confirm**." in said(result)
    assert "> steam rises" in said(result)
    assert labels(reply(result)) == ["Confirm", "Cancel"]
    assert await scene.orders() == []
    assert await scene.spendable() == 100


async def test_every_option_reaches_the_order(scene: Scene) -> None:
    order = await scene.ordered(
        prompt="a slow push-in",
        model="Seedance 1.0 Pro",
        resolution="1080p",
        seconds=5,
        variations=1,
        avoid="blur",
        last_frame=("end.png", PNG + b"!"),
        sound=True,
    )
    options = order.options
    assert options.prompt == "a slow push-in"
    assert options.model == "seedance-1-0-pro"
    assert (options.resolution, options.seconds, options.avoid) == ("1080p", 5, "blur")
    assert options.sound
    assert options.last_frame is not None
    assert options.last_frame.key != options.pictures[0].key
    assert options.pictures[0].link.startswith("https://")
    assert order.quote.total == 30


async def test_a_private_order_needs_no_permission_here_and_says_who_can_see_it(
    scene: Scene,
) -> None:
    scene.forbid(scene.studio, attach_files=False)
    result = await scene.animate(private=True)
    assert "It comes to you by direct message. Members don't see it; moderators can." in said(
        result
    )
    assert "If your direct messages are closed, it waits for you in `/videos`." in said(result)
    assert await scene.spendable() == 90


async def test_the_missing_permissions_are_named_before_anything_is_spent(scene: Scene) -> None:
    scene.forbid(scene.studio, attach_files=False, read_message_history=False)
    result = await scene.animate()
    assert "I lack: Attach Files, Read Message History. Ask a moderator" in said(result)
    assert await scene.spendable() == 100


async def test_in_a_thread_the_permission_for_threads_counts(scene: Scene) -> None:
    scene.env.backend.create_thread(scene.studio.id, "talk", scene.guild.owner.id)
    (thread,) = scene.studio.threads
    scene.forbid(scene.studio, send_messages=False)
    assert "Order #" in said(await scene.animate(where=thread))
    scene.forbid(scene.studio, send_messages_in_threads=False)
    result = await scene.animate(where=thread)
    assert "I lack: Send Messages in Threads." in said(result)


async def test_a_picture_that_is_too_large_is_refused_before_it_is_fetched(scene: Scene) -> None:
    result = await scene.animate(image=("large.png", bytes(20 * 1024 * 1024 + 1)))
    assert said(result) == "That picture has more than 20 MB. Save it smaller, or as JPEG."
    assert list(scene.library.folder.iterdir()) == []


async def test_a_file_that_is_no_picture_is_refused(scene: Scene) -> None:
    result = await scene.animate(image=("notes.png", NOT_A_PICTURE))
    assert said(result) == "That file is not a picture. Attach a PNG or JPEG."
    assert await scene.spendable() == 100


async def test_a_picture_that_discord_does_not_hand_over_is_asked_for_again(scene: Scene) -> None:
    files = scene.env.backend.cdn._blobs
    scene.env._register_dispatch_observer(lambda _: files.clear())
    result = await scene.animate()
    assert said(result) == "Discord did not hand the picture over. Attach it again."


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"model": "nope"}, "no model called nope. Choose one of: Seedance 1.0 Pro, Quick."),
        ({"resolution": "8k"}, "does not offer 8k. Choose one of: 720p, 1080p."),
        ({"seconds": 7}, "makes no clips of 7 s. Choose one of: 5, 10."),
        ({"model": "quick", "variations": 5}, "5 variations are not on offer. Ask for 1 to 4."),
        ({"model": "quick", "sound": True}, "Leave `sound` out, or choose one of: Seedance 1.0"),
        ({"model": "quick", "last_frame": PICTURE}, "Leave `last_frame` out, or choose one of: S"),
        ({"prompt": "\u200e"}, "The prompt is empty. Say in `prompt` what should move."),
    ],
)
async def test_a_bad_value_is_refused_with_the_good_ones(
    scene: Scene, options: dict[str, Any], expected: str
) -> None:
    result = await scene.animate(**options)
    assert expected in said(result)
    assert await scene.orders() == []
    assert list(scene.library.folder.iterdir()) == []


async def test_before_the_first_model_list_the_member_is_asked_to_wait(
    scene: Scene, catalogue: Catalogue
) -> None:
    catalogue.models = ()
    result = await scene.animate()
    assert said(result) == "The list of models has not arrived yet. Try again in a minute."


async def test_an_offer_that_could_not_be_paid_is_refused_at_once(scene: Scene) -> None:
    result = await scene.animate(resolution="1080p", seconds=10, variations=3)
    assert said(result).startswith("This costs 120 credits, and you can spend 100 credits.")
    assert labels(reply(result)) == []


@pytest.mark.parametrize("rules", [GuildRules(allowance_credits=5)])
async def test_a_cheap_order_that_can_not_be_paid_is_refused_too(scene: Scene) -> None:
    result = await scene.animate()
    assert said(result).startswith("This costs 10 credits, and you can spend 5 credits.")
    assert "wait" not in said(result)  # five will never be ten
    assert await scene.orders() == []


@pytest.mark.parametrize("rules", [GuildRules(allowance_credits=15)])
async def test_who_has_spent_too_much_is_told_when_the_allowance_renews(scene: Scene) -> None:
    await scene.animate()
    refused = said(await scene.animate())
    assert refused.startswith("This costs 10 credits, and you can spend 5 credits.")
    assert "wait for your allowance (<t:" in refused
    assert len(await scene.orders()) == 1


@pytest.mark.parametrize("rules", [GuildRules(clips_at_once=2)])
async def test_too_many_clips_at_once_are_refused_with_what_fits(scene: Scene) -> None:
    await scene.animate()
    result = await scene.animate(variations=2)
    assert "You have 1 clip in the making, and 2 at once is the most. Ask for 1 clip now" in said(
        result
    )


async def test_an_interaction_that_is_delivered_twice_orders_once(scene: Scene) -> None:
    await scene.animate()
    events = [one for one in scene.env.backend.transcript if one[1] == "INTERACTION_CREATE"]
    scene.env.backend.emit("INTERACTION_CREATE", events[-1][2])
    await scene.env.settle()
    assert len(await scene.orders()) == 1
    assert await scene.spendable() == 90
    assert scene.studio.history(viewer=scene.bob) == []


async def test_an_interaction_that_nobody_waits_for_any_more_orders_nothing(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    scene.env.inject_error("POST", "/interactions/*/callback", status=404, code=10062)
    result = await scene.animate()
    assert not result.acknowledged
    assert await scene.orders() == []
    assert list(scene.library.folder.iterdir()) == []
    assert "is over" in caplog.text
    assert "ERROR" not in [record.levelname for record in caplog.records]


async def test_when_the_reply_of_the_database_is_lost_trying_again_can_not_order_twice(
    scene: Scene,
) -> None:
    scene.foreseen.append(ConnectionError)
    scene.store.lost_replies.append(ConnectionError("gone"))
    result = await scene.animate()
    assert "Something went wrong on my side." in said(result)
    assert "**Confirm** tries again, and orders once at most." in said(result)
    assert labels(reply(result)) == ["Confirm", "Cancel"]
    again = await scene.alice.click(reply(result), label="Confirm")
    assert followed(again).startswith("That is ordered already, as #")
    assert len(await scene.orders()) == 1
    assert await scene.spendable() == 90


async def test_prompts_longer_than_a_message_shows_can_not_be_typed(scene: Scene) -> None:
    (command,) = [one for one in scene.bot.tree.get_commands() if one.name == "animate"]
    options = {one["name"]: one for one in command.to_dict(scene.bot.tree)["options"]}
    assert options["prompt"]["max_length"] == LONGEST_PROMPT


async def test_a_command_that_somebody_is_at_already_is_left_to_them(scene: Scene) -> None:
    taken: list[bool] = []
    take = scene.store.open_ask

    async def twice(ask: Ask) -> bool:
        taken.append(await take(ask))
        return await take(ask)

    scene.store.open_ask = twice  # type: ignore[method-assign]  # another process was faster
    result = await scene.animate()
    assert taken == [True]
    assert not result.acknowledged
    assert await scene.orders() == []


async def test_an_order_that_could_not_be_noted_as_answered_keeps_its_receipt(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(interaction_id: int) -> None:
        raise ConnectionError(str(interaction_id))

    scene.store.close_ask = broken  # type: ignore[method-assign]  # the database is gone by then
    result = await scene.animate()
    assert "you keep 90" in said(result)
    assert "is answered and not noted" in caplog.text


async def test_when_discord_fails_to_take_the_acknowledgement_nothing_is_ordered(
    scene: Scene,
) -> None:
    scene.foreseen.append(discord.HTTPException)
    scene.env.inject_error("POST", "/interactions/*/callback", status=500)
    await scene.animate()
    assert await scene.orders() == []
