"""Members fill the form of `/batch`, and get one order for all of its pictures."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from jobs.errors import NothingFailed
from jobs.model import Member, Picture, Place
from jobs.ports import MessageRef
from jobs.progress import progress_of
from jobs.reusing import only_failed
from jobs.states import FailReason
from jobs.stores import FoundDone, FoundFailed, Stored
from tests.cogs.forms_filled import PROMPT, batch, fields, form_of, pictures, send_in
from tests.cogs.looking_back import rendered, reread
from tests.cogs.scenes import OPTIONS, labels, last, reply, said
from tests.fakes import NOT_A_PICTURE

if TYPE_CHECKING:
    from jobs.model import Order
    from tests.cogs.scenes import Scene


async def test_the_form_is_the_first_answer_and_asks_for_pictures_and_sentences(
    scene: Scene,
) -> None:
    before = len(scene.env.http_requests)
    opened = await batch(scene)
    first = scene.env.http_requests[before]
    assert first.path.endswith("/callback")
    assert form_of(opened)["title"] == "Animate pictures"
    found = fields(opened)
    assert list(found) == ["images", "prompt", "avoid"]
    assert (found["images"]["min_values"], found["images"]["max_values"]) == (1, 10)
    assert found["images"]["required"]
    assert not found["avoid"]["required"]


async def test_three_pictures_become_one_order_with_one_quote_and_a_send_each(
    scene: Scene,
) -> None:
    opened = await batch(scene, resolution="720p", seconds=5)
    result = await send_in(scene, opened, images=pictures(3), prompt=PROMPT, avoid="blur")
    assert said(result).startswith("At most **30 credits** (3 × 10), you keep 70.")  # noqa: RUF001
    (order,) = await scene.orders()
    assert (order.options.prompt, order.options.avoid) == (PROMPT, "blur")
    assert len({picture.key for picture in order.options.pictures}) == 3
    assert len({clip.send_id for clip in order.clips}) == 3
    now = scene.clock.now()
    sends = await scene.store.claim_sends(now, now + 1000, 10)
    assert [send.picture for send in sends] == list(order.options.pictures)
    assert await scene.spendable() == 70


async def test_the_options_of_the_command_reach_the_order(scene: Scene) -> None:
    opened = await batch(
        scene, model="Seedance 1.0 Pro", resolution="1080p", seconds=5, sound=True, private=True
    )
    result = await send_in(scene, opened, images=pictures(1), prompt=PROMPT)
    assert "Seedance 1.0 Pro · 1080p · 5 s · with sound · 1 clip" in said(result)
    assert "It comes to you by direct message." in said(result)


async def test_above_the_confirm_price_only_an_offer_is_made(scene: Scene) -> None:
    opened = await batch(scene)
    result = await send_in(scene, opened, images=pictures(6), prompt=PROMPT)
    assert labels(reply(result)) == ["Confirm", "Cancel"]
    assert await scene.orders() == []
    await scene.alice.click(reply(result), label="Confirm")
    (order,) = await scene.orders()
    assert len(order.clips) == 6


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"model": "nope"}, "no model called nope"),
        ({"resolution": "8k"}, "does not offer 8k"),
        ({"seconds": 7}, "makes no clips of 7 s"),
        ({"model": "quick", "sound": True}, "makes no sound"),
    ],
)
async def test_a_bad_option_is_refused_before_anything_is_typed(
    scene: Scene, options: dict[str, Any], expected: str
) -> None:
    result = await batch(scene, **options)
    assert result.modal is None
    assert expected in said(result)


async def test_missing_permissions_are_named_before_anything_is_typed(scene: Scene) -> None:
    scene.forbid(scene.studio, attach_files=False)
    result = await batch(scene)
    assert result.modal is None
    assert "I lack: Attach Files." in said(result)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"prompt": "\u200e"}, "The prompt is empty."),
        ({"images": [("notes.png", NOT_A_PICTURE)]}, "That file is not a picture."),
        ({"images": [("large.png", bytes(20 * 1024 * 1024 + 1))]}, "more than 20 MB"),
        ({"images": [*pictures(2), ("notes.png", NOT_A_PICTURE)]}, "That file is not a picture."),
    ],
)
async def test_bad_input_gets_a_sentence_and_spends_nothing(
    scene: Scene, values: dict[str, Any], expected: str
) -> None:
    result = await send_in(
        scene, await batch(scene), **({"images": pictures(1), "prompt": PROMPT} | values)
    )
    assert expected in said(result)
    assert labels(reply(result)) == ["Reopen"]
    assert await scene.orders() == []
    assert await scene.spendable() == 100


async def test_a_hostile_prompt_pings_nobody(scene: Scene) -> None:
    result = await send_in(scene, await batch(scene), images=pictures(6), prompt="@everyone ```")
    assert "@everyone" not in said(result)
    assert labels(reply(result)) == ["Confirm", "Cancel"]


async def test_a_form_older_than_a_day_says_so(scene: Scene) -> None:
    opened = await batch(scene)
    scene.clock.advance(25 * 3600)
    result = await send_in(scene, opened, images=pictures(1), prompt=PROMPT)
    assert said(result) == "That form is older than a day. Use the command again."


# --- when some clips fail -----------------------------------------------------------------------


async def test_the_card_says_which_pictures_failed_and_only_those_are_quoted_again(
    scene: Scene,
) -> None:
    await send_in(scene, await batch(scene), images=pictures(3), prompt=PROMPT)
    order = await partly_failed(scene, lost=[1])
    assert await scene.spendable() == 80
    await scene.courier.post_card(order, progress_of(order, scene.clock.now()), ())
    card = last(scene.studio)
    first, second = card.content.splitlines()
    assert "2 of 3 clips ready, 20 credits; 1 did not work out and was not charged" in first
    assert second == "-# Picture 2 did not work out (“moderation”)"
    assert labels(card) == ["Try the failed ones again"]
    result = await scene.alice.click(card, label="Try the failed ones again")
    assert "**10 credits**" in said(result)
    assert labels(reply(result)) == ["Confirm", "Cancel"]
    assert await scene.spendable() == 80
    await scene.alice.click(reply(result), label="Confirm")
    again = (await scene.orders())[-1]
    assert [one.key for one in again.options.pictures] == [order.options.pictures[1].key]
    assert again.options.prompt == PROMPT


async def test_variations_that_failed_are_counted_for_another_try(scene: Scene) -> None:
    await scene.animate(variations=3)
    order = await partly_failed(scene, lost=[0, 2])
    assert only_failed(order).variations == 2


async def test_an_order_of_which_nothing_failed_has_nothing_to_try_again(scene: Scene) -> None:
    await scene.animate()
    (order,) = await scene.orders()
    with pytest.raises(NothingFailed):
        only_failed(order)


async def partly_failed(scene: Scene, lost: list[int]) -> Order:
    """Have the vendor make every clip of the only order but these, and deliver the rest."""
    (order,) = await scene.orders()
    await rendered(scene)
    store, now = scene.store, scene.clock.now()
    numbers = {clip.id: clip.number for clip in order.clips}
    done, gone = [], []
    for clip in await store.claim_clips("look", now, now + 1000, 100):
        if numbers[clip.id] in lost:
            reason = FailReason.RENDER_FAILED
            gone.append(
                FoundFailed(
                    clip_id=clip.id, fence=clip.fence, reason=reason, cost=0, note="moderation"
                )
            )
        else:
            link = f"https://v.invalid/{clip.id}"
            done.append(FoundDone(clip_id=clip.id, fence=clip.fence, link=link, cost=10))
    await store.record_looks((), done, gone, now)
    for clip in await store.claim_clips("fetch", now, now + 1000, 100):
        stored = Stored(clip_id=clip.id, fence=clip.fence, file=f"{clip.id}.mp4", bytes=7)
        await store.record_stored(stored, now)
    for clip in await store.claim_clips("post", now, now + 1000, 100):
        await store.begin_post(clip, now)
        message = MessageRef(channel_id=scene.studio.id, message_id=clip.id)
        await store.record_posted(clip, message, now)
    return await reread(scene, order)


# --- where only the card can serve the pictures -------------------------------------------------


class TestWithoutAPublicAddress:
    """The vendor can fetch nothing from the bot, so the card may have to carry the pictures."""

    @pytest.fixture
    def public(self) -> bool:
        return False

    async def test_more_than_one_message_can_carry_is_taken_all_the_same(
        self, scene: Scene
    ) -> None:
        kept = tuple(
            Picture(key=f"{number}.png", converted=True, bytes=9_000_000) for number in range(3)
        )
        member = Member(guild_id=scene.guild.id, user_id=scene.alice.id)
        place = Place(channel_id=scene.studio.id, upload_limit=10_000_000)
        draft = await scene.ordering.draft(1, member, place, replace(OPTIONS, pictures=kept))
        assert draft.options.pictures == kept
