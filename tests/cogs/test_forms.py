"""Forms open from memory, are reopened as they were, and outlive the process that showed them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from cogs import form_words, forms, words
from cogs.dynamic import row
from cogs.forms import Reopen
from jobs.forms import LIFETIME_MS
from jobs.model import GuildRules
from tests.cogs.forms_filled import PROMPT, batch, fields, form_of, pictures, send_in
from tests.cogs.scenes import reply, said
from tests.fakes import NOT_A_PICTURE

if TYPE_CHECKING:
    from jobs.forms import Form
    from tests.cogs.scenes import Scene


# --- refused, and reopened ----------------------------------------------------------------------


async def test_a_refused_form_is_reopened_with_its_words_and_pictures(scene: Scene) -> None:
    opened = await batch(scene, model="quick")
    refused = await send_in(
        scene, opened, images=pictures(2), prompt="\u200e", avoid="blur and noise"
    )
    assert said(refused).endswith("**Reopen** brings the form back as it was.")
    again = await scene.alice.click(reply(refused), label="Reopen")
    found = fields(again)
    assert found["avoid"]["value"] == "blur and noise"
    assert not found["images"]["required"]
    assert found["images"]["says"] == "Leave this empty to keep the 2 pictures."
    result = await send_in(scene, again, prompt=PROMPT, avoid="blur")
    (order,) = await scene.orders()
    assert len(order.options.pictures) == 2
    assert (order.options.model, order.options.avoid) == ("quick", "blur")
    assert "Order #" in said(result)


async def test_pictures_that_are_uploaded_anew_take_the_place_of_the_kept_ones(
    scene: Scene,
) -> None:
    refused = await send_in(scene, await batch(scene), images=pictures(3), prompt="\u200e")
    again = await scene.alice.click(reply(refused), label="Reopen")
    await send_in(scene, again, images=pictures(1), prompt=PROMPT)
    (order,) = await scene.orders()
    assert len(order.clips) == 1


async def test_the_good_pictures_of_a_refused_form_are_kept(scene: Scene) -> None:
    images = [*pictures(2), ("notes.png", NOT_A_PICTURE)]
    refused = await send_in(scene, await batch(scene), images=images, prompt=PROMPT)
    again = await scene.alice.click(reply(refused), label="Reopen")
    assert fields(again)["images"]["says"] == "Leave this empty to keep the 2 pictures."
    assert fields(again)["prompt"]["value"] == PROMPT


async def test_somebody_elses_form_can_not_be_reopened(scene: Scene) -> None:
    opened = await batch(scene)
    form_id = int(form_of(opened)["custom_id"].partition(":")[2])
    channel = scene.bot.get_partial_messageable(scene.studio.id)
    message = await channel.send("a form", view=row(Reopen(form_id)))
    pressed = await scene.bob.click(message, label="Reopen")
    assert pressed.modal is None
    assert said(pressed) == words.NOT_YOURS()


async def test_a_form_is_over_after_a_day(scene: Scene) -> None:
    refused = await send_in(scene, await batch(scene), images=pictures(1), prompt="\u200e")
    scene.clock.advance(LIFETIME_MS / 1000 + 1)
    pressed = await scene.alice.click(reply(refused), label="Reopen")
    assert said(pressed) == form_words.FORM_GONE()


async def test_a_form_that_is_sent_in_again_after_its_offer_was_put_away_orders_nothing(
    scene: Scene,
) -> None:
    opened = await scene.alice.click(await scene.post(await scene.ordered()), label="Edit")
    offer = await send_in(scene, opened, prompt="smoke drifts")
    await scene.alice.click(reply(offer), label="Cancel")
    opened._interaction.modal_consumed = False
    assert said(await send_in(scene, opened, prompt="smoke drifts")) == words.DISMISSED()
    assert await scene.spendable() == 90


async def test_a_form_that_is_sent_in_again_after_it_was_ordered_shows_that_order(
    scene: Scene,
) -> None:
    opened = await batch(scene)
    receipts = []
    for _ in range(2):
        opened._interaction.modal_consumed = False
        receipts.append(said(await send_in(scene, opened, images=pictures(2), prompt=PROMPT)))
    assert receipts[0] == receipts[1]
    assert len(await scene.orders()) == 1
    assert await scene.spendable() == 80


async def test_a_form_that_was_reopened_is_another_one_and_orders_again(scene: Scene) -> None:
    refused = await send_in(scene, await batch(scene), images=pictures(1), prompt="\u200e")
    for _ in range(2):
        again = await scene.alice.click(reply(refused), label="Reopen")
        await send_in(scene, again, prompt=PROMPT)
    assert len(await scene.orders()) == 2


# --- survival -----------------------------------------------------------------------------------


async def test_a_form_is_answered_by_a_process_that_never_showed_it(scene: Scene) -> None:
    opened = await batch(scene, resolution="720p")
    scene.bot._connection._view_store._modals.clear()
    result = await send_in(scene, opened, images=pictures(2), prompt=PROMPT)
    assert "2 clips" in said(result)
    assert len(await scene.orders()) == 1


async def test_what_was_sent_in_and_not_answered_is_left_for_the_next_start(scene: Scene) -> None:
    opened = await batch(scene)
    held: list[Any] = []

    async def die(*_: object, **__: object) -> None:
        held.extend(await scene.store.open_asks(0))
        raise asyncio.CancelledError

    scene.bot.desk.work = die  # type: ignore[method-assign]  # the process ends there
    await send_in(scene, opened, images=pictures(2), prompt=PROMPT)
    (ask,) = held
    assert len(ask.images) == 2
    assert ask.form == int(form_of(opened)["custom_id"].partition(":")[2])
    assert ask.asked.prompt == PROMPT


# --- records that are slow ----------------------------------------------------------------------


async def test_records_that_take_too_long_are_said_instead_of_a_form(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forms, "FIRST_ANSWER_S", 0.0)

    async def never(_: Form) -> None:
        await asyncio.get_running_loop().create_future()

    scene.store.save_form = never  # type: ignore[method-assign,assignment]
    result = await batch(scene)
    assert result.modal is None
    assert said(result) == form_words.RECORDS_SLOW()


# --- Edit ---------------------------------------------------------------------------------------


async def test_edit_opens_a_form_with_the_prompt_and_only_confirm_spends(scene: Scene) -> None:
    order = await scene.ordered(avoid="blur", variations=2, last_frame=pictures(1)[0])
    message = await scene.post(order)
    opened = await scene.alice.click(message, label="Edit")
    found = fields(opened)
    assert (found["prompt"]["value"], found["avoid"]["value"]) == (PROMPT, "blur")
    assert found["images"]["says"] == "Leave this empty to keep the picture."
    assert found["images"]["max_values"] == 1
    result = await send_in(scene, opened, prompt="smoke drifts", avoid="")
    assert "Nothing is spent until you press **Confirm**." in said(result)
    assert await scene.spendable() == 80
    await scene.alice.click(reply(result), label="Confirm")
    edited = (await scene.orders())[-1].options
    assert (edited.prompt, edited.avoid, edited.variations) == ("smoke drifts", "", 2)
    assert edited.pictures[0].key == order.options.pictures[0].key
    assert edited.last_frame is not None


async def test_edit_of_a_batch_takes_the_picture_of_that_clip(scene: Scene) -> None:
    await send_in(scene, await batch(scene), images=pictures(3), prompt=PROMPT)
    (order,) = await scene.orders()
    message = await scene.post(order, order.clips[1])
    result = await send_in(
        scene, await scene.alice.click(message, label="Edit"), prompt="smoke drifts"
    )
    await scene.alice.click(reply(result), label="Confirm")
    edited = (await scene.orders())[-1].options
    assert [one.key for one in edited.pictures] == [order.options.pictures[1].key]


async def test_edit_with_another_picture_uses_that(scene: Scene) -> None:
    order = await scene.ordered()
    opened = await scene.alice.click(await scene.post(order), label="Edit")
    result = await send_in(scene, opened, images=pictures(2)[1:], prompt=PROMPT)
    await scene.alice.click(reply(result), label="Confirm")
    edited = (await scene.orders())[-1].options
    assert edited.pictures[0].key != order.options.pictures[0].key


async def test_others_edit_a_public_result_and_pay_themselves(scene: Scene) -> None:
    message = await scene.post(await scene.ordered())
    opened = await scene.bob.click(message, label="Edit")
    result = await send_in(scene, opened, who=scene.bob, prompt="smoke drifts")
    await scene.bob.click(reply(result), label="Confirm")
    assert await scene.spendable(scene.bob) == 90


async def test_nobody_edits_a_private_result_of_somebody_else(scene: Scene) -> None:
    await scene.animate(private=True)
    now = scene.clock.now()
    (send,) = await scene.store.claim_sends(now, now + 1000, 1)
    order = await scene.ordering.order(send.order_id)
    refused = await scene.bob.click(await scene.post(order), label="Edit")
    assert refused.modal is None
    assert said(refused) == words.NOT_YOURS()


async def test_a_picture_that_is_no_longer_kept_is_asked_for_again(scene: Scene) -> None:
    order = await scene.ordered()
    opened = await scene.alice.click(await scene.post(order), label="Edit")
    (scene.library.folder / order.options.pictures[0].key).unlink()
    result = await send_in(scene, opened, prompt="smoke drifts")
    assert said(result).startswith("The picture is not kept any more.")


class TestWhereResultsAreNotShared:
    """The server lets nobody use what others made."""

    @pytest.fixture
    def rules(self) -> GuildRules:
        return GuildRules(reuse=False)

    async def test_others_can_not_edit_a_result(self, scene: Scene) -> None:
        refused = await scene.bob.click(await scene.post(await scene.ordered()), label="Edit")
        assert refused.modal is None
        assert said(refused) == form_words.NO_REUSE()
