"""An operator looks into the books beside the running bot, and compares them with Akool's bill."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.e2e.stage import animate, ended, open_studio

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
