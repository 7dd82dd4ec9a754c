"""Others may order again what a member ordered where the server lets them; the presser pays."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from billing.prices import Endpoint
from cogs.dynamic import Press, row
from cogs.results import Again, AgainOrder, Edit, FailedAgain, public_buttons
from cogs.soundtrack import Sound
from jobs.model import GuildRules
from tests.cogs.looking_back import delivered, failed, reread
from tests.cogs.scenes import Scene, an_order, last, reply, said
from tests.cogs.test_sharing import direct, private_order, shared

if TYPE_CHECKING:
    import discord
    from simcord import InteractionResult, MemberActor

    from jobs.model import Order

BUTTONS: list[type[Press]] = [Again, AgainOrder, Edit, FailedAgain, Sound]
NO = "This server lets nobody use other members' pictures."


async def an_end(scene: Scene, kind: type[Press], *, private: bool = False) -> Order:
    """Bring an order of Alice's to the end below which the button stands."""
    order = await private_order(scene) if private else await scene.ordered()
    if private:
        return order
    return await (failed if kind is FailedAgain else delivered)(scene, order)


async def press(
    scene: Scene, order: Order, kind: type[Press], who: MemberActor | None = None
) -> InteractionResult:
    """Put the button under a public message, where everybody can press it, and press it."""
    about = order.clips[0].id if kind in {Again, Edit, Sound} else order.id
    channel = scene.bot.get_partial_messageable(scene.studio.id)
    await channel.send("a result", view=row(kind(about)))
    message: discord.Message = last(scene.studio)
    return await (who or scene.bob).click(message, label=kind.label())


def opens(result: InteractionResult) -> bool:
    """Tell whether a press led on: to a price, or to a form."""
    return result.modal is not None or "would keep" in said(result)


@pytest.mark.parametrize("kind", BUTTONS)
async def test_others_may_press_where_the_server_lets_them(scene: Scene, kind: type[Press]) -> None:
    assert opens(await press(scene, await an_end(scene, kind), kind))


class TestForbidden:
    @pytest.fixture
    def rules(self) -> GuildRules:
        """Let nobody use what others made."""
        return GuildRules(reuse=False)

    @pytest.mark.parametrize("kind", BUTTONS)
    async def test_nobody_else_may_press_and_the_owner_may(
        self, scene: Scene, kind: type[Press]
    ) -> None:
        order = await an_end(scene, kind)
        assert said(await press(scene, order, kind)).startswith(NO)
        assert await scene.spendable(scene.bob) == 100
        assert opens(await press(scene, order, kind, scene.alice))


@pytest.mark.parametrize("kind", BUTTONS)
async def test_a_private_result_is_its_owners_alone(scene: Scene, kind: type[Press]) -> None:
    order = await an_end(scene, kind, private=True)
    result = await press(scene, order, kind)
    assert said(result).startswith("Only the member who asked for it can do that.")


async def test_sound_of_somebody_elses_clip_is_paid_by_who_presses(scene: Scene) -> None:
    order = await an_end(scene, Sound)
    offer = reply(await press(scene, order, Sound))
    await scene.bob.click(offer, label="Confirm")
    assert await scene.spendable(scene.bob) == 95
    assert await scene.spendable(scene.alice) == 90
    assert (await scene.orders())[-1].member.user_id == scene.bob.id


async def test_below_a_shared_message_all_may_press_and_what_follows_is_public(
    scene: Scene,
) -> None:
    order = await private_order(scene)
    await scene.alice.user.click(direct(scene), label="Share")
    (message,) = shared(scene)
    for who in (scene.bob, scene.alice):
        offer = reply(await who.click(message, label="Again"))
        await who.click(offer, label="Confirm")
        assert not (await scene.orders())[-1].options.private
    assert (await reread(scene, order)).options.private


async def test_again_in_a_direct_message_stays_private(scene: Scene) -> None:
    await private_order(scene)
    offer = reply(await scene.alice.user.click(direct(scene), label="Again"))
    await scene.alice.user.click(offer, label="Confirm")
    (glimpse, _) = await scene.bot.services.browsing.suggest(scene.guild.id, scene.alice.id, "", 2)
    assert (await scene.ordering.order(glimpse.id)).options.private


async def test_an_effect_has_edit_below_it(scene: Scene) -> None:
    order = an_order()
    effect = replace(order, options=replace(order.options, endpoint=Endpoint.SINGLE, prompt=""))
    found = [getattr(one, "name", "") for one in public_buttons(effect, effect.clips[0]).children]
    assert found == ["again", "edit", "sound", "delete"]
