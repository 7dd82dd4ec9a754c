"""Members press Confirm and Cancel: once, twice, too late, after a restart, on others' offers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from cogs.client import Muybridge
from cogs.confirm import Confirm
from cogs.dynamic import row
from jobs.model import GuildRules
from tests.cogs.scenes import QUICK, SEEDANCE, Scene, followed, labels, last, reply
from tests.fakes import START

if TYPE_CHECKING:
    from simcord import InteractionResult, ResponseMessage

    from cogs.client import Services
    from jobs.catalogue import Catalogue
    from jobs.model import Draft
    from storage.database import Rows, Transaction


async def offered(scene: Scene, **options: Any) -> ResponseMessage:  # noqa: ANN401
    """Ask for six clips, and return the offer."""
    message = reply(await scene.animate(variations=6, **options))
    assert labels(message) == ["Confirm", "Cancel"]
    return message


def now_says(message: ResponseMessage) -> str:
    """Return what a private message says by now."""
    return message._env.backend.get_message(message.channel_id, message.id).content


async def test_confirm_spends_and_turns_the_offer_into_its_receipt(scene: Scene) -> None:
    offer = await offered(scene)
    await scene.alice.click(offer, label="Confirm")
    (order,) = await scene.orders()
    assert len(order.clips) == 6
    assert now_says(offer).startswith("At most **60 credits** (6 × 10), you keep 40.")  # noqa: RUF001
    assert labels(offer) == []
    assert await scene.spendable() == 40


async def test_cancel_puts_the_offer_away_and_spends_nothing(scene: Scene) -> None:
    offer = await offered(scene)
    await scene.alice.click(offer, label="Cancel")
    assert now_says(offer) == "Cancelled. Nothing was spent."
    assert labels(offer) == []
    assert await scene.orders() == []


async def test_a_second_click_on_confirm_orders_nothing_more_and_says_so(scene: Scene) -> None:
    offer = await offered(scene)
    backend = scene.env.backend
    await scene.alice.click(offer, label="Confirm")
    # The second click left before the buttons were gone: put them back for it.
    backend.get_message(offer.channel_id, offer.id).components.extend(
        row(Confirm((await the_draft(scene)).id)).to_components()
    )
    second = await scene.alice.click(offer, label="Confirm")
    (order,) = await scene.orders()
    assert "is ordered already, as #" in followed(second)
    assert now_says(offer).startswith("At most **60 credits**")
    assert len(order.clips) == 6
    assert await scene.spendable() == 40


def _drafts() -> Transaction[Rows]:
    """Read every draft: a transaction of the test's own."""
    return (yield ("SELECT id FROM drafts", ()))


async def the_draft(scene: Scene) -> Draft:
    """Return the one draft there is."""
    rows = await scene.store._read(_drafts)
    draft = await scene.store.draft(int(rows[0]["id"]))
    assert draft is not None
    return draft


async def pressed_in_public(scene: Scene, draft: int, *, by_bob: bool) -> InteractionResult:
    """Press Confirm of a draft where anybody can: private messages can't be seen by others."""
    channel = scene.bot.get_partial_messageable(scene.studio.id)
    await channel.send("an offer", view=row(Confirm(draft)))
    actor = scene.bob if by_bob else scene.alice
    return await actor.click(last(scene.studio), label="Confirm")


async def test_nobody_can_confirm_the_offer_of_somebody_else(scene: Scene) -> None:
    await offered(scene)
    draft = await the_draft(scene)
    result = await pressed_in_public(scene, draft.id, by_bob=True)
    assert followed(result).startswith("Only the member who asked for it can do that.")
    assert await scene.orders() == []


async def test_confirming_what_was_cancelled_says_that_it_is_gone(scene: Scene) -> None:
    offer = await offered(scene)
    draft = await the_draft(scene)
    await scene.alice.click(offer, label="Cancel")
    await pressed_in_public(scene, draft.id, by_bob=False)
    assert last(scene.studio).content == "That offer is gone. Use `/animate` to start again."
    assert await scene.orders() == []


async def test_cancelling_what_was_ordered_meanwhile_says_where_to_cancel_now(
    scene: Scene,
) -> None:
    offer = await offered(scene)
    draft = await the_draft(scene)
    await scene.ordering.confirm(draft.id, draft.member)
    await scene.alice.click(offer, label="Cancel")
    assert "That was ordered already." in now_says(offer)
    assert len(await scene.orders()) == 1


async def test_a_new_price_that_nobody_has_read_yet_is_never_spent(
    scene: Scene,
) -> None:
    """The first press wrote the new price down and died before it was shown."""
    offer = await offered(scene)
    draft = await the_draft(scene)
    await scene.store.requote(draft.id, replace(draft.quote, per_clip=15))
    await scene.alice.click(offer, label="Confirm")
    assert now_says(offer).startswith("The price rose from 60 credits to 90 credits meanwhile.")
    assert await scene.orders() == []
    await scene.alice.click(offer, label="Confirm")
    assert now_says(offer).startswith("At most **90 credits**")


async def test_a_price_that_rose_is_quoted_anew_and_only_confirm_spends(
    scene: Scene, catalogue: Catalogue
) -> None:
    offer = await offered(scene)
    dearer = tuple(replace(one, unit_credit="3") for one in SEEDANCE.resolutions)
    catalogue.replace((replace(SEEDANCE, resolutions=dearer), QUICK), START + 1)
    await scene.alice.click(offer, label="Confirm")
    assert now_says(offer).startswith("The price rose from 60 credits to 90 credits meanwhile.")
    assert "Nothing is spent until you press **Confirm**." in now_says(offer)
    assert labels(offer) == ["Confirm", "Cancel"]
    assert await scene.orders() == []
    await scene.alice.click(offer, label="Confirm")
    assert now_says(offer).startswith("At most **90 credits** (6 × 15), you keep 10.")  # noqa: RUF001
    assert len(await scene.orders()) == 1


async def test_a_price_that_fell_is_no_reason_to_ask_again(
    scene: Scene, catalogue: Catalogue
) -> None:
    offer = await offered(scene)
    cheaper = tuple(replace(one, unit_credit="1") for one in SEEDANCE.resolutions)
    catalogue.replace((replace(SEEDANCE, resolutions=cheaper), QUICK), START + 1)
    await scene.alice.click(offer, label="Confirm")
    assert "you keep" in now_says(offer)


async def test_confirm_works_after_a_restart(scene: Scene, services: Services) -> None:
    offer = await offered(scene)
    await scene.env.restart_bot(Muybridge(services, sync=False, shard_count=1))
    await scene.alice.click(offer, label="Confirm")
    assert now_says(offer).startswith("At most **60 credits**")
    assert len(await scene.orders()) == 1


@pytest.mark.parametrize("rules", [GuildRules(clips_at_once=6)])
async def test_a_refusal_keeps_the_offer_for_later(scene: Scene) -> None:
    offer = await offered(scene)
    await scene.animate(scene.alice)
    result = await scene.alice.click(offer, label="Confirm")
    assert followed(result).startswith("You have 1 clip in the making, and 6 at once is the most.")
    assert labels(offer) == ["Confirm", "Cancel"]


async def test_a_fault_while_confirming_keeps_the_offer_and_a_second_try_orders_once(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    offer = await offered(scene)
    scene.store.lost_replies.append(ConnectionError("gone"))
    result = await scene.alice.click(offer, label="Confirm")
    assert followed(result).startswith("Something went wrong on my side.")
    assert "ConnectionError" in caplog.text
    assert labels(offer) == ["Confirm", "Cancel"]
    again = await scene.alice.click(offer, label="Confirm")
    assert "is ordered already" in followed(again)
    assert len(await scene.orders()) == 1


async def test_an_offer_whose_message_was_dismissed_is_ordered_all_the_same(
    scene: Scene,
) -> None:
    offer = await offered(scene)
    scene.env.inject_error("PATCH", "/webhooks/*", status=404, code=10008)
    await scene.alice.click(offer, label="Confirm")
    assert len(await scene.orders()) == 1
