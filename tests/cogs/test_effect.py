"""Members type `/effect`: one clip with a named effect, and sound of either kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from billing.prices import Endpoint
from jobs.catalogue import Catalogue, Effect
from jobs.model import Guards
from jobs.ports import MadeClip
from jobs.progress import progress_of
from jobs.states import ClipState
from jobs.stores import FoundDone, SendResult, Stored
from tests.cogs.scenes import MODELS, PICTURE, PNG, Scene, labels, reply, said
from tests.fakes import NOT_A_TRACK, START

if TYPE_CHECKING:
    from simcord import InteractionResult

    from jobs.model import Order

SQUISH = Effect(code="squish_89", name="Squish")
CAKES = (Effect(code="cake_1", name="Cake"), Effect(code="cake_2", name="Cake"))
TRACK = ("song.mp3", b"ID3 a song")


@pytest.fixture
def catalogue() -> Catalogue:
    """List effects beside the models, two of them with one name."""
    known = Catalogue()
    known.replace(MODELS, START)
    known.replace_effects((SQUISH, *CAKES), START)
    return known


async def effect(scene: Scene, **options: Any) -> InteractionResult:  # noqa: ANN401 - its options
    """Run `/effect` with a picture and Squish, unless told otherwise."""
    filled = {"image": PICTURE, "effect": "Squish", **options}
    return await scene.alice.slash(scene.studio, "effect", **filled)


async def ordered(scene: Scene, **options: Any) -> Order:  # noqa: ANN401 - its options
    """Place an order and return it."""
    result = await effect(scene, **options)
    orders = await scene.orders()
    assert orders, said(result)
    return orders[-1]


async def test_an_effect_is_ordered_at_the_price_of_the_vendor_s_table(scene: Scene) -> None:
    result = await effect(scene)
    assert said(result).startswith("At most **20 credits**, you keep 80.\n-# Order #")
    assert said(result).endswith("Squish · 720p · 5 s · 1 clip")
    (order,) = await scene.orders()
    assert order.options.endpoint is Endpoint.SINGLE
    assert (order.options.effect, order.options.effect_name) == ("squish_89", "Squish")
    assert [clip.price_key for clip in order.clips] == ["single||720p|5|0|0"]
    assert await scene.spendable() == 80


async def test_every_option_reaches_the_order(scene: Scene) -> None:
    order = await ordered(
        scene, effect="squish_89", resolution="1080P", seconds=5, track=TRACK, fast=True
    )
    options = order.options
    assert (options.resolution, options.seconds, options.fast) == ("1080p", 5, True)
    assert options.track is not None
    assert options.track.link.startswith("https://")
    assert scene.library.picture_path(options.track.key) is not None
    assert order.quote.total == 25
    assert [clip.price_key for clip in order.clips] == ["single||1080p|5|2|1"]


async def test_the_receipt_says_which_sound_and_speed_were_asked_for(scene: Scene) -> None:
    assert "· with sound · faster · 1 clip" in said(await effect(scene, sound=True, fast=True))
    assert "· with your own sound · 1 clip" in said(await effect(scene, track=TRACK))


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"effect": "Melt"}, "There is no effect called Melt. Choose one of: Squish, Cake, Cake."),
        ({"resolution": "8k"}, "Effects come in 720p, 1080p, 4k, not in 8k."),
        ({"seconds": 7}, "Effects are 5, 10 s long, not 7 s."),
        ({"sound": True, "track": TRACK}, "A clip has one sound: leave `sound` out to use your"),
        ({"track": ("words.mp3", NOT_A_TRACK)}, "That file is not sound. Attach an MP3, WAV, OGG"),
        (
            {"track": ("long.mp3", bytes(20 * 1024 * 1024 + 1))},
            "That audio file has more than 20 MB. Save it as MP3, or cut it shorter.",
        ),
    ],
)
async def test_a_bad_value_is_refused_with_what_to_do_and_nothing_is_spent(
    scene: Scene, options: dict[str, Any], expected: str
) -> None:
    result = await effect(scene, **options)
    assert expected in said(result)
    assert await scene.orders() == []
    assert await scene.spendable() == 100


async def test_before_the_first_list_of_effects_the_member_is_asked_to_wait(
    scene: Scene, catalogue: Catalogue
) -> None:
    catalogue.effects = ()
    result = await effect(scene)
    assert said(result) == "The list of effects has not arrived yet. Try again in a minute."


async def test_an_audio_file_that_discord_does_not_hand_over_is_asked_for_again(
    scene: Scene,
) -> None:
    files = scene.env.backend.cdn._blobs

    def lose_the_song(_: object) -> None:
        for key in [key for key, blob in files.items() if b"song" in repr(blob).encode()]:
            del files[key]

    scene.env._register_dispatch_observer(lose_the_song)
    result = await effect(scene, track=TRACK)
    assert said(result) == "Discord did not hand the audio file over. Attach it again."


async def test_autocomplete_offers_names_and_tells_namesakes_apart(scene: Scene) -> None:
    offered = await scene.alice.autocomplete(scene.studio, "effect", "effect", "")
    assert [(one["name"], one["value"]) for one in offered] == [
        ("Squish", "Squish"),
        ("Cake", "cake_1"),
        ("Cake", "cake_2"),
    ]
    found = await scene.alice.autocomplete(scene.studio, "effect", "effect", "SQU")
    assert [one["value"] for one in found] == ["Squish"]


async def test_resolutions_and_lengths_are_offered_with_the_table_s_prices(scene: Scene) -> None:
    sizes = await scene.alice.autocomplete(scene.studio, "effect", "resolution", "", seconds=10)
    assert [one["name"] for one in sizes] == [
        "720p · about 40 credits a clip",
        "1080p · about 50 credits a clip",
        "4k · about 60 credits a clip",
    ]
    lengths = await scene.alice.autocomplete(scene.studio, "effect", "seconds", "", resolution="4k")
    assert [one["name"] for one in lengths] == [
        "5 s · about 30 credits a clip",
        "10 s · about 60 credits a clip",
    ]


async def charge(scene: Scene, cost: int) -> None:
    """Let the vendor finish the newest order at that charge, as the engine records it."""
    now, store = scene.clock.now(), scene.store
    (send,) = await store.claim_sends(now, now + 1000, 1)
    assert await store.intend(send, now, now + 1000)
    made = MadeClip(vendor_id=f"v{send.id}", cost=cost)
    await store.finish_send(
        SendResult(send_id=send.id, made=((send.clip_ids[0], made),), look_at=now), now
    )
    (clip,) = await store.claim_clips("look", now, now, 1)
    done = FoundDone(clip_id=clip.id, fence=clip.fence, link="https://v.invalid/a", cost=cost)
    await store.record_looks((), (done,), (), now)
    (clip,) = await store.claim_clips("fetch", now, now, 1)
    stored = Stored(clip_id=clip.id, fence=clip.fence, file=f"{clip.id}.mp4", bytes=1)
    await store.record_stored(stored, now)


async def test_after_a_charge_above_its_quote_the_next_one_asks_until_a_charge_fits(
    scene: Scene,
) -> None:
    await effect(scene)
    await charge(scene, 35)
    assert await scene.spendable() == 80
    asked = await effect(scene)
    assert "**35 credits**; you can spend 80 credits" in said(asked)
    assert "lately cost more than was quoted, so this asks first" in said(asked)
    assert labels(reply(asked)) == ["Confirm", "Cancel"]
    assert "Order #" in said(await effect(scene, seconds=5, sound=True))
    await scene.alice.click(reply(asked), label="Confirm")
    for _ in range(2):
        await charge(scene, 20)
    assert await scene.spendable() == 40
    again = await effect(scene)
    assert said(again).startswith("**20 credits**, you keep 20.")


@pytest.mark.parametrize("guards", [Guards(per_clip=30)])
async def test_an_effect_above_the_operator_s_limit_for_a_clip_is_refused(scene: Scene) -> None:
    result = await effect(scene, resolution="4k", seconds=10)
    assert said(result).startswith("One such clip would cost 60 credits, and 30 credits is")


async def test_again_offers_the_same_effect_with_the_same_track(scene: Scene) -> None:
    order = await ordered(scene, track=TRACK)
    message = await scene.post(order)
    assert "> " not in message.content
    assert "Squish · 720p · 5 s · with your own sound" in message.content
    result = await scene.bob.click(message, label="Again")
    assert "At most **20 credits**" in said(result)
    assert "Squish · 720p · 5 s · with your own sound · 1 clip" in said(result)
    await scene.bob.click(reply(result), label="Confirm")
    repeated = (await scene.orders())[-1]
    assert repeated.options.track is not None
    assert repeated.options.track.key == order.options.track.key  # type: ignore[union-attr]
    assert [clip.state for clip in repeated.clips] == [ClipState.QUEUED]


async def test_again_says_that_the_track_is_gone(scene: Scene) -> None:
    order = await ordered(scene, track=TRACK)
    assert order.options.track is not None
    path = scene.library.picture_path(order.options.track.key)
    assert path is not None
    message = await scene.post(order)
    path.unlink()
    result = await scene.bob.click(message, label="Again")
    assert said(result) == (
        "The audio file is not kept any more. Use `/effect` and attach it again."
    )


@pytest.mark.parametrize("public", [False])
async def test_a_converted_picture_makes_the_card_carry_picture_and_track(scene: Scene) -> None:
    order = await ordered(scene, image=("coffee.png", PNG), track=TRACK)
    files = [scene.library.picture_path(order.options.pictures[0].key)]
    assert order.options.track is not None
    files.append(scene.library.picture_path(order.options.track.key))
    kept = [path for path in files if path is not None]
    card = await scene.courier.post_card(order, progress_of(order, scene.clock.now()), kept)
    links = await scene.courier.fresh_links(card)
    assert [link.partition("?")[0].rpartition("/")[2] for link in links] == [
        "picture-1.png",
        "track-2.mp3",
    ]
