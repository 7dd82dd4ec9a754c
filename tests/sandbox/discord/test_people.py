"""What a person can do and see, one test for each thing the page and the bridge must carry."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import discord
import pytest
from simcord import SetupError

if TYPE_CHECKING:
    from tests.sandbox.discord.conftest import Lab


async def test_a_command_with_a_picture_reaches_the_bot_and_its_answer_the_person(
    lab: Lab, photo: tuple[str, bytes]
) -> None:
    answer = await lab.alice.slash("make", image=photo, prompt="wind", count=2)
    receipt = await lab.alice.answered(answer)
    posted = await lab.bob.sees(lambda seen: seen.files)
    assert receipt.text == f"wind None 2 {len(photo[1])}"
    assert receipt.private_to == "Alice"
    assert posted.files[0].data == photo[1]
    assert posted.files[0].name == "my_cat.jpg"
    assert posted.mentions == ("Alice",)


async def test_a_private_message_is_seen_by_nobody_else(lab: Lab, photo: tuple[str, bytes]) -> None:
    answer = await lab.alice.slash("make", image=photo, prompt="wind")
    await lab.alice.answered(answer)
    assert not [seen for seen in lab.mona.read() if seen.private_to]
    assert [seen.private_to for seen in lab.alice.read() if seen.private_to] == ["Alice"]


async def test_autocomplete_is_answered_by_the_bot(lab: Lab) -> None:
    offered = await lab.alice.autocomplete("make", "model", "see")
    assert [choice.value for choice in offered] == ["seedance"]


async def test_a_value_out_of_range_can_not_be_sent(lab: Lab, photo: tuple[str, bytes]) -> None:
    with pytest.raises(SetupError, match="count"):
        await lab.alice.slash("make", image=photo, prompt="wind", count=11)


async def test_a_moderators_command_is_hidden_from_members(lab: Lab) -> None:
    with pytest.raises(SetupError, match="not visible"):
        await lab.alice.slash("moderate", member=lab.bob)
    answer = await lab.mona.slash("moderate", member=lab.bob)
    assert answer.text == "about Bob"


async def test_a_dynamic_button_works_for_another_member(
    lab: Lab, photo: tuple[str, bytes]
) -> None:
    await lab.alice.slash("make", image=photo, prompt="wind")
    posted = await lab.bob.sees(lambda seen: seen.buttons)
    answer = await lab.bob.press(posted, "Again")
    assert answer.text == "again 7"
    with pytest.raises(SetupError, match="No matching component"):
        await lab.bob.press(posted, "Delete")


async def test_a_form_with_text_and_files_is_filled_in_and_read(lab: Lab) -> None:
    answer = await lab.alice.slash("ask")
    assert answer.form is not None
    assert [field.label for field in answer.form.fields] == ["Words", "Letter", "Pictures"]
    sent = await lab.alice.submit(
        answer,
        {"Words": "two", "letter": ["Y"], "Pictures": [("a.png", b"1"), ("b.png", b"22")]},
    )
    assert sent.text == "twoY: [1, 2]"
    with pytest.raises(SetupError, match="no open form"):
        await lab.alice.submit(answer, {"Words": "again"})


async def test_a_select_tells_the_bot_what_was_chosen(lab: Lab) -> None:
    answer = await lab.alice.slash("panel")
    chosen = await lab.alice.select(answer, "b")
    assert chosen.text == "chose b"
    with pytest.raises(SetupError, match="offers"):
        await lab.alice.select(answer, "z")


async def test_components_v2_are_seen_as_text_and_buttons(lab: Lab) -> None:
    answer = await lab.alice.slash("board")
    assert answer.message is not None
    assert "Models" in answer.text
    assert [button.label for button in answer.message.buttons] == ["Again"]


async def test_message_and_member_menus_work(lab: Lab, photo: tuple[str, bytes]) -> None:
    post = lab.bob.say("look", photo)
    assert (await lab.alice.menu("About", post)).text == "look ['my_cat.jpg']"
    assert (await lab.alice.menu("Wave", lab.bob)).text == "waves at Bob"


async def test_a_link_to_a_picture_is_unfurled_behind_discords_proxy(
    lab: Lab, photo: tuple[str, bytes]
) -> None:
    post = lab.bob.say(
        "https://example.org/cat.jpg", picture=("https://example.org/cat.jpg", photo[1])
    )
    answer = await lab.alice.menu("Fetch", post)
    assert (await lab.alice.answered(answer)).text == f"{len(photo[1])} bytes"


async def test_a_late_answer_fails_for_the_person_and_for_the_bot(lab: Lab) -> None:
    asking = asyncio.create_task(lab.alice.slash("slow"))
    await asyncio.wait_for(lab.bot.thinking.wait(), 5)
    lab.discord.skip(4)
    answer = await asking
    lab.bot.think_no_more.set()
    assert answer.failed
    error = await asyncio.wait_for(lab.bot.failures.get(), 5)
    assert isinstance(error, discord.NotFound)
    assert error.code == 10062


async def test_two_people_act_at_the_same_time(lab: Lab, photo: tuple[str, bytes]) -> None:
    answers = await asyncio.gather(
        *(who.slash("make", image=photo, prompt=who.name) for who in (lab.alice, lab.bob, lab.mona))
    )
    texts = {(await lab.alice.answered(answer)).text.split()[0] for answer in answers}
    assert texts == {"Alice", "Bob", "Mona"}


async def test_direct_messages_arrive_until_they_are_closed(lab: Lab) -> None:
    user = await lab.bot.fetch_user(lab.alice.id)
    await user.send("psst")
    assert (await lab.alice.gets_dm()).text == "psst"
    lab.alice.close_dms()
    with pytest.raises(discord.Forbidden) as refused:
        await user.send("psst again")
    assert refused.value.code == 50007
    assert len(lab.alice.dms()) == 1


async def test_someone_new_joins_and_someone_leaves(lab: Lab) -> None:
    carla = lab.discord.join("Carla", "Patron")
    assert (await carla.slash("whoami")).text.startswith("en-US")
    carla.leaves()
    answer = await lab.mona.slash("moderate", member=lab.bob)
    assert not answer.failed
    with pytest.raises(SetupError):
        await carla.slash("whoami")


async def test_with_no_bot_connected_an_interaction_fails_at_once(lab: Lab) -> None:
    await lab.bot.close()
    await lab.discord.gone(5)
    answer = await asyncio.wait_for(lab.alice.slash("whoami"), 1)
    assert answer.failed
    assert answer.message is None
