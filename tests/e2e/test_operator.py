"""An operator looks into the books beside the running bot, and compares them with Akool's bill."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.akool_api.faults import Fault
from sandbox.akool_api.settings import Endpoint
from tests.e2e.stage import PATIENCE_S, animate, books, ended, is_video, open_studio

if TYPE_CHECKING:
    from pathlib import Path


async def test_the_books_agree_with_the_vendors_balance(tmp_path: Path) -> None:
    async with open_studio(tmp_path) as studio:
        first = await studio.bot.command("clips", "reconcile")
        assert first.code == 0, first.output + first.errors
        assert "This is the first time" in first.output
        alice = studio.discord.person("Alice")
        await animate(alice)
        await ended(studio, alice)
        second = await studio.bot.command("clips", "reconcile")
        assert f"the books grew by {studio.paid}" in second.output
        assert f"the balance fell by {studio.paid}" in second.output
        assert "Akool took 0 credits more than the books have. They agree." in second.output
        third = await studio.bot.command("clips", "reconcile", "--bought", "100", "--accept")
        assert "Akool took 100 credits more than the books have." in third.output
        assert "these explain 0 of it at the most, and 100 are not explained." in third.output
        fourth = await studio.bot.command("clips", "reconcile")
        assert "the books grew by 0, the balance fell by 0" in fourth.output
        listed = await studio.bot.command("orders", "list", "--state", "posted")
        assert listed.output.rstrip().endswith("1 posted")


async def test_a_lost_order_is_sent_again_by_hand_and_its_video_comes(tmp_path: Path) -> None:
    async with open_studio(tmp_path) as studio:
        studio.akool.faults.add(Fault.DROP_AFTER, Endpoint.BATCH)
        alice = studio.discord.person("Alice")
        await animate(alice)
        assert len((await ended(studio, alice)).notices) == 1
        order = (await studio.bot.command("orders", "list")).output.splitlines()[1].split()[0]
        shown = (await studio.bot.command("orders", "show", order)).output
        clip = shown.splitlines()[-1].split()[0]
        again = await studio.bot.command("clips", "resubmit", clip, "--reason", "lost", "--yes")
        assert again.code == 0, again.output + again.errors
        await alice.sees(is_video, seconds=PATIENCE_S)
        kept = await books(studio)
    assert (kept.wrong, kept.held, sorted(kept.clips)) == ((), 0, ["posted", "released"])


async def test_a_private_order_that_the_operator_cancels_is_told_to_its_member(
    tmp_path: Path,
) -> None:
    async with open_studio(tmp_path) as studio:
        studio.akool.faults.add(Fault.REFUSE, Endpoint.BATCH, value=1006, times=None)
        alice = studio.discord.person("Alice")
        await animate(alice, private=True)
        order = (await studio.bot.command("orders", "list")).output.splitlines()[1].split()[0]
        done = await studio.bot.command("orders", "cancel", order, "--reason", "no credits left")
        assert done.code == 0, done.output + done.errors
        told = await alice.gets_dm(
            lambda seen: "operator cancelled it" in seen.text, seconds=PATIENCE_S
        )
        assert "nothing was charged" in told.text
