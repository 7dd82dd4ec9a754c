"""A choice of channels means what was chosen, also where the gateway tells of none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cogs import chosen, panel_words
from jobs.guard_errors import ChoiceGone
from tests.cogs.looking_back import moderator, shown
from tests.cogs.panel_at_work import changed, choose, defaults, line, page, rules, turn
from tests.cogs.scenes import said
from tests.cogs.test_places import a_thread
from tests.cogs.test_where import interaction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import discord
    from simcord import ChannelHandle

    from tests.cogs.scenes import Scene

    Reader = Callable[[discord.Interaction, Iterable[str]], frozenset[int]]

CHOSEN = choose("where:channels")


def asleep(scene: Scene) -> ChannelHandle:
    """Let a thread be archived; discord.py forgets it then."""
    thread = a_thread(scene)
    scene.env.backend.edit_channel(thread.id, {}, thread_metadata={"archived": True})
    guild = scene.bot.get_guild(scene.guild.id)
    assert guild is not None
    assert guild.get_thread(thread.id) is None
    return thread


async def test_choosing_an_archived_thread_does_not_open_the_bot_everywhere(scene: Scene) -> None:
    mona, thread = moderator(scene), asleep(scene)
    answer = await page(scene, mona, "where")
    await mona.select(answer, [thread], custom_id=CHOSEN)
    assert (await rules(scene)).channels == {thread.id}
    assert line(shown(answer), "Channels") == f"**Channels:** <#{thread.id}>"
    assert await changed(scene) == [("channels", "", f"<#{thread.id}>", mona.id)]
    assert said(await scene.animate()).startswith("I am not used in this channel.")


async def test_a_thread_that_was_archived_since_is_shown_and_stays(scene: Scene) -> None:
    mona, thread = moderator(scene), a_thread(scene)
    answer = await page(scene, mona, "where")
    await mona.select(answer, [thread], custom_id=CHOSEN)
    scene.env.backend.edit_channel(thread.id, {}, thread_metadata={"archived": True})
    await mona.click(answer, label="All settings")
    assert panel_words.GONE(channel=f"<#{thread.id}>") not in shown(answer).text
    await turn(answer, mona, "where")
    assert defaults(answer, "where:channels") == [thread.id]
    assert panel_words.GONE(channel=f"<#{thread.id}>") not in shown(answer).text


async def test_what_is_really_gone_is_said_and_dropped_by_the_next_choice(scene: Scene) -> None:
    mona, thread = moderator(scene), a_thread(scene)
    answer = await page(scene, mona, "where")
    await mona.select(answer, [thread], custom_id=CHOSEN)
    scene.env.backend.delete_channel(thread.id)
    answer = await page(scene, mona, "where")
    assert panel_words.GONE(channel=f"<#{thread.id}>") in shown(answer).text
    assert defaults(answer, "where:channels") == []
    await mona.select(answer, [scene.studio], custom_id=CHOSEN)
    assert (await rules(scene)).channels == {scene.studio.id}


async def test_what_the_bot_can_not_see_is_kept_and_said(scene: Scene) -> None:
    mona, thread = moderator(scene), asleep(scene)
    scene.forbid(scene.studio, view_channel=False)
    answer = await page(scene, mona, "where")
    await mona.select(answer, [thread], custom_id=CHOSEN)
    assert (await rules(scene)).channels == {thread.id}
    assert defaults(answer, "where:channels") == [thread.id]
    assert panel_words.GONE(channel=f"<#{thread.id}>") in shown(answer).text


@pytest.mark.parametrize("read", [chosen.channels, chosen.roles])
async def test_a_choice_of_which_nothing_is_left_is_not_one_of_nothing(
    scene: Scene, read: Reader
) -> None:
    pressed = await interaction(scene, data={"values": ["12345"]})
    with pytest.raises(ChoiceGone):
        read(pressed, ("12345", "no id"))
    assert read(pressed, ()) == frozenset()


async def test_of_several_what_is_gone_is_left_out(scene: Scene) -> None:
    pressed = await interaction(scene, data={"resolved": {"channels": {"77": {}}}})
    assert chosen.channels(pressed, ("77", "78", str(scene.studio.id))) == {77, scene.studio.id}
