"""A conversation written down reads as it was read on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
import pytest

from sandbox.discord_api.transcript import ago

if TYPE_CHECKING:
    from tests.sandbox.discord.conftest import Lab


async def test_a_transcript_has_words_buttons_files_and_what_was_private(
    lab: Lab, photo: tuple[str, bytes]
) -> None:
    answer = await lab.alice.slash("make", image=photo, prompt="wind")
    await lab.alice.answered(answer)
    await lab.alice.sees(lambda seen: seen.buttons)
    size = len(photo[1])
    assert lab.discord.transcript("#studio") == [
        "Alice used /make",
        f"Muybridge: wind None 1 {size} (only Alice can see this)",
        "Muybridge: for @Alice",
        f"    my_cat.jpg ({size} bytes)",
        "    [Again]",
    ]
    assert lab.discord.transcript(viewer="Alice")[1].endswith("(only you can see this)")
    assert lab.discord.transcript(viewer="Bob") == lab.discord.transcript()[2:]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 seconds ago"), (-1, "1 second ago"), (90, "in 2 minutes"), (-7200, "2 hours ago")],
)
def test_times_are_in_words(seconds: float, words: str) -> None:
    assert ago(seconds) == words


async def test_markup_and_times_are_not_shown_as_written(lab: Lab) -> None:
    now = lab.discord.world.clock.now_ms() // 1000
    lab.bob.say(f"## Look\n-# at **me** <t:{now + 86_400 * 3 + 60}:R> or <t:0>")
    assert lab.discord.transcript() == [
        "Bob: Look",
        "    at me in 3 days or 01 January 1970 00:00",
    ]


async def test_quotes_links_code_and_escapes_are_shown_as_discord_shows_them(lab: Lab) -> None:
    lab.bob.say(r"> \*not bold\*, and\_kept" + "\n[Watch](http://127.0.0.1/a_b) with `/animate`")
    assert lab.discord.transcript() == [
        "Bob: | *not bold*, and_kept",
        "    Watch (http://127.0.0.1/a_b) with /animate",
    ]


async def test_embeds_selects_several_lines_and_direct_messages_are_written_too(lab: Lab) -> None:
    await lab.alice.slash("panel")
    embed = discord.Embed(title="Wallet", description="12 credits").set_footer(text="monthly")
    user = await lab.bot.fetch_user(lab.alice.id)
    await user.send(f"for you\nin <#{lab.studio}>", embed=embed)
    assert lab.discord.transcript() == ["Alice used /panel", "Muybridge: choose", "    <choose>"]
    assert lab.discord.transcript("@Alice") == [
        "Muybridge: for you",
        "    in #studio",
        "  | Wallet",
        "  | 12 credits",
        "  | monthly",
    ]
