"""Members put sound on a finished clip: `/soundtrack`, and Sound below a result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from billing.prices import Endpoint
from jobs.ids import code
from jobs.schedule import LIFETIME_MS
from tests.cogs.looking_back import delivered, failed, rendered
from tests.cogs.scenes import followed, labels, reply, said
from tests.fakes import NOT_A_TRACK

if TYPE_CHECKING:
    from simcord import InteractionResult, MemberActor

    from jobs.model import Order
    from tests.cogs.scenes import Scene

TRACK = ("song.mp3", b"ID3 a song")


async def soundtrack(
    scene: Scene,
    video: str,
    who: MemberActor | None = None,
    **options: Any,  # noqa: ANN401 - a command's options
) -> InteractionResult:
    return await (who or scene.alice).slash(scene.studio, "soundtrack", video=video, **options)


async def finished(scene: Scene, **options: Any) -> Order:  # noqa: ANN401 - a command's options
    """Bring an order of Alice's to its end: ten credits a clip are spent."""
    return await delivered(scene, await scene.ordered(**options))


async def test_sound_for_a_clip_is_an_order_of_its_own_at_the_table_s_price(scene: Scene) -> None:
    source = await finished(scene)
    result = await soundtrack(scene, f"#{code(source.id)}")
    assert said(result).startswith("At most **5 credits**, you keep 85.\n-# Order #")
    assert said(result).endswith(
        f"new sound for #{code(source.id)} · 720p · 5 s · with sound · 1 clip"
    )
    order = (await scene.orders())[-1]
    options = order.options
    assert (options.endpoint, options.prompt) == (Endpoint.SOUNDTRACK, source.options.prompt)
    assert options.source is not None
    clip = source.clips[0]
    assert (options.source.clip_id, options.source.vendor_id) == (clip.id, clip.vendor_id)
    assert [one.price_key for one in order.clips] == ["soundtrack||720p|5|1|0"]
    assert not order.card_picture


async def test_an_own_track_is_kept_with_the_order(scene: Scene) -> None:
    source = await finished(scene, seconds=10)
    result = await soundtrack(scene, code(source.id), track=TRACK)
    assert "**10 credits**" in said(result)
    assert "· with your own sound · 1 clip" in said(result)
    options = (await scene.orders())[-1].options
    assert options.track is not None
    assert not options.sound
    assert scene.library.picture_path(options.track.key) is not None


async def test_the_picture_need_not_be_kept_any_more(scene: Scene) -> None:
    source = await finished(scene)
    (scene.library.folder / source.options.pictures[0].key).unlink()
    assert "Order #" in said(await soundtrack(scene, code(source.id)))


async def test_one_of_several_clips_is_named_by_its_number(scene: Scene) -> None:
    source = await finished(scene, variations=2)
    unclear = await soundtrack(scene, code(source.id))
    assert said(unclear).startswith(f"Order #{code(source.id)} has several videos.")
    assert "Order #" in said(await soundtrack(scene, f"{code(source.id)}-2"))
    options = (await scene.orders())[-1].options
    assert options.source is not None
    assert options.source.clip_id == source.clips[1].id


@pytest.mark.parametrize("typed", ["nothing", "#zzz", "zzz-x", "zzz-9", "???"])
async def test_what_is_no_clip_is_refused(scene: Scene, typed: str) -> None:
    result = await soundtrack(scene, typed)
    assert said(result).startswith("You have no video #")
    assert await scene.orders() == []


async def test_a_clip_that_sound_cannot_be_put_on_is_refused_and_nothing_is_spent(
    scene: Scene,
) -> None:
    lost = await failed(scene, await scene.ordered())
    assert said(await soundtrack(scene, code(lost.id))).startswith("No video came of that order")
    old = await finished(scene)
    await scene.ordering.delete(old.clips[0].id, old.member)
    assert said(await soundtrack(scene, code(old.id))).startswith("That clip is gone.")
    assert "Only the member who asked" in said(await soundtrack(scene, code(old.id), scene.bob))
    new = await scene.ordered()
    await rendered(scene)
    assert said(await soundtrack(scene, code(new.id))).startswith("That video is still being made.")
    assert all(one.options.source is None for one in await scene.orders())


async def test_a_clip_that_the_vendor_has_thrown_away_is_refused_also_at_confirm(
    scene: Scene,
) -> None:
    source = await finished(scene)
    message = await scene.post(source)
    offered = await scene.alice.click(message, label="Sound")
    scene.clock.advance(LIFETIME_MS / 1000)
    result = await soundtrack(scene, code(source.id))
    assert said(result).startswith("The video service keeps a video for seven days")
    confirmed = await scene.alice.click(reply(offered), label="Confirm")
    assert "The video service keeps a video for seven days" in followed(confirmed)
    assert len(await scene.orders()) == 1


async def test_a_track_that_is_no_sound_is_refused(scene: Scene) -> None:
    source = await finished(scene)
    result = await soundtrack(scene, code(source.id), track=("words.mp3", NOT_A_TRACK))
    assert said(result).startswith("That file is not sound.")
    assert len(await scene.orders()) == 1


async def test_autocomplete_offers_one_s_own_newest_clips_that_still_do(scene: Scene) -> None:
    older = await finished(scene, prompt="a cup")
    several = await finished(scene, prompt="two horses", variations=2)
    await scene.ordered(prompt="in the making")
    offered = await scene.alice.autocomplete(scene.studio, "soundtrack", "video", "")
    name = code(several.id)
    assert [(one["name"], one["value"]) for one in offered] == [
        (f"#{name}-1 · two horses", f"{name}-1"),
        (f"#{name}-2 · two horses", f"{name}-2"),
        (f"#{code(older.id)} · a cup", code(older.id)),
    ]
    found = await scene.alice.autocomplete(scene.studio, "soundtrack", "video", f"#{name}-2")
    assert [one["value"] for one in found] == [f"{name}-2"]
    assert await scene.bob.autocomplete(scene.studio, "soundtrack", "video", "") == []
    scene.clock.advance(LIFETIME_MS / 1000)
    assert await scene.alice.autocomplete(scene.studio, "soundtrack", "video", "") == []


async def test_sound_below_a_result_quotes_in_private_and_only_confirm_spends(
    scene: Scene,
) -> None:
    message = await scene.post(await finished(scene))
    assert "Sound" in labels(message)
    result = await scene.alice.click(message, label="Sound")
    assert "**5 credits**" in said(result)
    assert labels(reply(result)) == ["Confirm", "Cancel"]
    assert await scene.spendable() == 90
    await scene.alice.click(reply(result), label="Confirm")
    assert await scene.spendable() == 85
    order = (await scene.orders())[-1]
    new = await scene.post(order)
    assert labels(new) == ["Again", "Delete", "Report"]
    assert "> steam rises" in new.content


async def test_others_put_sound_on_a_clip_and_repeat_it_at_their_own_cost(scene: Scene) -> None:
    source = await finished(scene)
    result = await scene.bob.click(await scene.post(source), label="Sound")
    assert "would keep 95" in said(result)
    await soundtrack(scene, code(source.id))
    new = await scene.post((await scene.orders())[-1])
    again = await scene.bob.click(new, label="Again")
    assert "would keep 95" in said(again)
    mine = await scene.alice.click(new, label="Again")
    assert "**5 credits**" in said(mine)
