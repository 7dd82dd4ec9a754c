"""Members look at their wallets with `/credits`."""

from __future__ import annotations

from dataclasses import replace

import pytest

from billing.periods import Period
from cogs.render import wallet
from jobs.model import GuildRules, WalletEntry, WalletView
from tests.cogs.scenes import Scene, said
from tests.fakes import START


async def test_credits_opens_with_what_can_be_spent_now(scene: Scene) -> None:
    await scene.animate(variations=3)
    result = await scene.alice.slash(scene.studio, "credits")
    lines = said(result).splitlines()
    assert lines[0] == "**You can spend 70 credits now.**"
    assert lines[1].startswith("- Allowance: 70 of 100 left this month, renews <t:")
    assert lines[1].endswith(":R>")
    assert lines[2] == "- Held for clips in the making: 30 credits"
    assert lines[3] == "**Lately**"
    assert lines[4].endswith(" 30 credits held (3 clips)")
    assert len(lines) == 5


async def test_a_new_member_is_told_what_to_do_first(scene: Scene) -> None:
    result = await scene.bob.slash(scene.studio, "credits")
    assert said(result).endswith("Nothing spent yet: `/animate` makes your first clip.")


@pytest.mark.parametrize("rules", [GuildRules(allowance_credits=0, allowance_period=Period.DAY)])
async def test_a_server_without_an_allowance_says_so(scene: Scene) -> None:
    result = await scene.bob.slash(scene.studio, "credits")
    assert "**You can spend 0 credits now.**" in said(result)
    assert "- Allowance: none" in said(result)


VIEW = WalletView(
    spendable=150,
    allowance_left=30,
    allowance=100,
    period=Period.WEEK,
    renews_at=START,
    grants=120,
    expiring=((40, START + 1000), (30, START + 2000)),
    held=24,
    entries=(
        WalletEntry(at=START, kind="settle", credits=10, reason=""),
        WalletEntry(at=START - 1, kind="release", credits=12, reason="render_failed"),
        WalletEntry(at=START - 2, kind="grant", credits=120, reason="for the *contest*"),
        WalletEntry(at=START - 3, kind="take", credits=-5, reason=""),
        WalletEntry(at=START - 4, kind="expire", credits=-3, reason="the grant expired"),
    ),
)


def test_a_full_wallet_tells_grants_with_their_ends_and_the_last_entries() -> None:
    second = START // 1000
    assert wallet(VIEW).splitlines() == [
        "**You can spend 150 credits now.**",
        f"- Allowance: 30 of 100 left this week, renews <t:{second}:R>",
        (
            f"- Granted: 120 credits, 40 of them until <t:{second + 1}:f>, 30 of them until "
            f"<t:{second + 2}:f>"
        ),
        "- Held for clips in the making: 24 credits",
        "**Lately**",
        f"- <t:{second}:R> 10 credits spent",
        f"- <t:{second - 1}:R> 12 credits given back",
        f"- <t:{second - 1}:R> 120 credits granted: for the \\*contest\\*",
        f"- <t:{second - 1}:R> 5 credits taken back",
        f"- <t:{second - 1}:R> 3 credits expired",
    ]


def test_the_longest_wallet_fits_a_message() -> None:
    entries = tuple(
        WalletEntry(at=START - number, kind="grant", credits=10**9, reason="*" * 500)
        for number in range(10)
    )
    expiring = tuple((10**9, START + number) for number in range(30))
    view = WalletView(
        spendable=10**9,
        allowance_left=10**9,
        allowance=10**9,
        period=Period.MONTH,
        renews_at=START,
        grants=10**9,
        expiring=expiring,
        held=10**9,
        entries=entries,
    )
    assert len(wallet(view)) <= 2000


def test_a_single_credit_is_one_credit() -> None:
    entry = WalletEntry(at=START, kind="settle", credits=1, reason="")
    view = WalletView(
        spendable=1,
        allowance_left=1,
        allowance=1,
        period=Period.DAY,
        renews_at=START,
        grants=0,
        expiring=(),
        held=0,
        entries=(entry,),
    )
    assert "**You can spend 1 credit now.**" in wallet(view)
    assert "1 of 1 left today" in wallet(view)
    assert "1 credit spent" in wallet(view)


def test_who_has_no_credits_and_gets_none_is_sent_to_a_moderator() -> None:
    view = WalletView(
        spendable=0,
        allowance_left=0,
        allowance=0,
        period=Period.DAY,
        renews_at=START,
        grants=0,
        expiring=(),
        held=0,
        entries=(),
    )
    assert wallet(view).endswith(
        "Ask a moderator for credits; then `/animate` makes your first clip."
    )
    assert "ask a moderator" not in wallet(replace(view, spendable=5)).lower()
