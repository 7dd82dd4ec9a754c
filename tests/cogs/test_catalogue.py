"""`/models` and `/effects` show what there is, and "Use it" opens the order with it set."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from simcord.components import walk_components

from jobs.catalogue import Catalogue, Effect
from tests.cogs.forms_filled import fields
from tests.cogs.scenes import MODELS, PICTURE, SEEDANCE, Scene, labels, reply, said
from tests.fakes import NOT_A_PICTURE, START

if TYPE_CHECKING:
    from simcord import InteractionResult

    from cogs.client import Muybridge
    from jobs.model import Order

SQUISH = Effect(
    code="squish_89",
    name="Squish",
    picture="https://cdn.invalid/squish.png",
    preview="https://cdn.invalid/squish.mp4",
)
BARE = Effect(code="bare_1", name="*Bare*", preview="javascript:alert(1)")
MANY = tuple(Effect(code=f"many_{n}", name=f"Effect {n}") for n in range(12))
TRACK = ("song.mp3", b"ID3 a song")


@pytest.fixture
def catalogue() -> Catalogue:
    known = Catalogue()
    known.replace(MODELS, START)
    known.replace_effects((SQUISH, BARE), START)
    return known


def parts(result: InteractionResult) -> list[dict[str, Any]]:
    """List every component of the private answer."""
    return list(walk_components(reply(result).components))


def words_of(result: InteractionResult) -> str:
    return "\n".join(one["content"] for one in parts(result) if "content" in one)


def buttons(result: InteractionResult) -> list[tuple[str, str]]:
    """List the buttons' labels with what they carry."""
    return [(one["label"], one["custom_id"]) for one in parts(result) if one["type"] == 2]


async def shown(scene: Scene, command: str) -> InteractionResult:
    return await scene.alice.slash(scene.studio, command)


async def confirmed(scene: Scene, offer: InteractionResult) -> Order:
    """Confirm an offer and return its order."""
    assert labels(reply(offer)) == ["Confirm", "Cancel"], said(offer)
    assert await scene.orders() == []
    await scene.alice.click(reply(offer), label="Confirm")
    (order,) = await scene.orders()
    return order


async def test_models_are_readable_at_a_glance_and_private(scene: Scene) -> None:
    result = await shown(scene, "models")
    assert words_of(result) == (
        "## Models\n"
        "**Seedance 1.0 Pro**\n"
        "720p, 1080p · 5, 10 s · about 10 to 40 credits a clip\n"
        "-# can make sound · can end on a picture of yours · up to 10 variations\n"
        "**Quick**\n"
        "480p · 5 s · about 5 credits a clip\n"
        "-# no sound · no last frame · up to 4 variations"
    )
    assert [label for label, _ in buttons(result)] == ["Use it", "Use it"]


async def test_effects_have_their_pictures_and_only_web_links_as_previews(scene: Scene) -> None:
    result = await shown(scene, "effects")
    assert words_of(result) == (
        "## Effects\n"
        "720p, 1080p, 4k · 5, 10 s · about 20 to 60 credits a clip · "
        "with sound of its own or yours\n"
        "**Squish**\n"
        "[Preview](https://cdn.invalid/squish.mp4)\n"
        "**\\*Bare\\***"
    )
    pictures = [one["media"]["url"] for one in parts(result) if one["type"] == 11]
    assert pictures == ["https://cdn.invalid/squish.png"]


@pytest.mark.parametrize("command", ["models", "effects"])
async def test_an_older_list_says_so_while_the_vendor_is_down(
    scene: Scene, catalogue: Catalogue, command: str
) -> None:
    catalogue.stale = True
    said_ = words_of(await shown(scene, command))
    assert f"does not answer now. This is an older list, of <t:{START // 1000}:R>." in said_


async def test_before_any_list_came_the_member_is_asked_to_wait(
    scene: Scene, catalogue: Catalogue
) -> None:
    catalogue.models, catalogue.effects = (), ()
    assert said(await shown(scene, "models")).startswith("The list of models has not arrived yet.")
    assert said(await shown(scene, "effects")).startswith("The list of effects has not arrived")


async def test_a_long_list_is_leafed_through_also_after_it_became_shorter(
    scene: Scene, catalogue: Catalogue
) -> None:
    catalogue.replace_effects(MANY, START)
    first = await shown(scene, "effects")
    assert [label for label, _ in buttons(first)] == ["Use it"] * 6 + ["More"]
    second = await scene.alice.click(reply(first), label="More")
    assert second.response is not None
    text = [
        one["content"] for one in walk_components(second.response.components) if "content" in one
    ]
    assert text[1:] == [f"**Effect {n}**" for n in range(6, 12)]
    catalogue.replace_effects(MANY[:2], START)
    third = await scene.alice.click(second.response, label="Back")
    assert third.response is not None
    text = [
        one["content"] for one in walk_components(third.response.components) if "content" in one
    ]
    assert text[1:] == ["**Effect 0**", "**Effect 1**"]


async def test_use_it_opens_the_order_with_the_model_set_and_only_confirm_spends(
    scene: Scene,
) -> None:
    listed = await shown(scene, "models")
    form = await scene.alice.click(reply(listed), custom_id=buttons(listed)[0][1])
    assert form.modal is not None
    offer = await scene.alice.submit_modal(
        form,
        {
            "image": PICTURE,
            "prompt": "steam rises",
            "format": ["1080p|5"],
            "avoid": "blur",
            "sound": True,
        },
    )
    assert "At most **30 credits**; you can spend 100 credits" in said(offer)
    order = await confirmed(scene, offer)
    options = order.options
    assert (options.model, options.resolution, options.seconds) == (SEEDANCE.value, "1080p", 5)
    assert (options.prompt, options.avoid, options.sound) == ("steam rises", "blur", True)
    assert options.pictures[0].link.startswith("https://")


async def test_a_refused_form_of_use_it_is_reopened_with_what_was_typed_and_chosen(
    scene: Scene,
) -> None:
    listed = await shown(scene, "models")
    form = await scene.alice.click(reply(listed), custom_id=buttons(listed)[0][1])
    values = {"image": ("n.png", NOT_A_PICTURE), "prompt": "steam rises", "format": ["1080p|5"]}
    refused = await scene.alice.submit_modal(form, values)
    assert said(refused).startswith("That file is not a picture.")
    again = await scene.alice.click(reply(refused), label="Reopen")
    assert fields(again)["prompt"]["value"] == "steam rises"
    offer = await scene.alice.submit_modal(again, {"images": [PICTURE], "prompt": "steam rises"})
    options = (await confirmed(scene, offer)).options
    assert (options.model, options.resolution, options.seconds) == (SEEDANCE.value, "1080p", 5)


async def test_use_it_opens_the_order_with_the_effect_set_and_an_own_track(scene: Scene) -> None:
    listed = await shown(scene, "effects")
    form = await scene.alice.click(reply(listed), custom_id=buttons(listed)[0][1])
    values = {"image": PICTURE, "format": ["720p|5"], "track": TRACK}
    offer = await scene.alice.submit_modal(form, values)
    assert "At most **20 credits**" in said(offer)
    order = await confirmed(scene, offer)
    assert (order.options.effect, order.options.sound) == ("squish_89", False)
    assert order.options.track is not None


async def test_a_form_with_a_wrong_file_says_exactly_what_was_wrong(scene: Scene) -> None:
    listed = await shown(scene, "effects")
    form = await scene.alice.click(reply(listed), custom_id=buttons(listed)[0][1])
    values = {"image": ("a.png", NOT_A_PICTURE), "format": ["720p|5"]}
    result = await scene.alice.submit_modal(form, values)
    assert said(result).startswith("That file is not a picture. Attach a PNG or JPEG.")
    form = await scene.alice.click(reply(listed), custom_id=buttons(listed)[0][1])
    both = {"image": PICTURE, "format": ["720p|5"], "sound": True, "track": TRACK}
    assert said(await scene.alice.submit_modal(form, both)).startswith("A clip has one sound")
    assert await scene.orders() == []


async def test_what_is_no_longer_on_offer_is_told_by_button_and_by_form(
    scene: Scene, catalogue: Catalogue
) -> None:
    listed = await shown(scene, "models")
    quick = buttons(listed)[1][1]
    form = await scene.alice.click(reply(listed), custom_id=quick)
    catalogue.replace((SEEDANCE,), START)
    sent = {"image": PICTURE, "prompt": "steam", "format": ["480p|5"]}
    expected = "That is no longer on offer. Use `/models` or `/effects` to see what there is."
    assert said(await scene.alice.submit_modal(form, sent)) == expected
    assert said(await scene.alice.click(reply(listed), custom_id=quick)) == expected


async def test_a_size_that_the_model_has_lost_meanwhile_is_refused_with_the_good_ones(
    scene: Scene, catalogue: Catalogue
) -> None:
    listed = await shown(scene, "models")
    form = await scene.alice.click(reply(listed), custom_id=buttons(listed)[0][1])
    catalogue.replace((replace(SEEDANCE, resolutions=SEEDANCE.resolutions[:1]),), START)
    sent = {"image": PICTURE, "prompt": "steam", "format": ["1080p|5"]}
    result = await scene.alice.submit_modal(form, sent)
    assert said(result) == "This model does not offer 1080p. Choose one of: 720p."


async def test_the_form_is_the_first_answer(scene: Scene) -> None:
    listed = await shown(scene, "effects")
    before = len(scene.env.http_requests)
    await scene.alice.click(reply(listed), custom_id=buttons(listed)[0][1])
    first = scene.env.http_requests[before]
    assert first.path.endswith("/callback")
    assert first.json is not None
    assert first.json["type"] == 9


async def test_where_the_bot_can_not_post_the_form_does_not_even_open(scene: Scene) -> None:
    listed = await shown(scene, "effects")
    scene.forbid(scene.studio, attach_files=False)
    result = await scene.alice.click(reply(listed), custom_id=buttons(listed)[0][1])
    assert "I lack: Attach Files." in said(result)


async def test_a_form_that_another_process_had_shown_is_taken_all_the_same(
    scene: Scene, simcord_bot: Muybridge
) -> None:
    listed = await shown(scene, "models")
    form = await scene.alice.click(reply(listed), custom_id=buttons(listed)[1][1])
    simcord_bot._connection._view_store._modals.clear()
    sent = {"image": PICTURE, "prompt": "steam", "format": ["480p|5"]}
    offer = await scene.alice.submit_modal(form, sent)
    assert "At most **5 credits**" in said(offer)
