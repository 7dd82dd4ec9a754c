"""Forms of effects: below a result for Edit, and reopened after a refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cogs import form_words
from cogs.dynamic import row
from cogs.results import Edit
from jobs.catalogue import Catalogue, Effect
from jobs.errors import FormGone
from jobs.ids import code
from jobs.model import GuildRules
from tests.cogs.catalogue_pressed import use_it
from tests.cogs.forms_filled import fields, form_of, send_in
from tests.cogs.scenes import MODELS, PICTURE, Scene, labels, last, reply, said
from tests.cogs.test_soundtrack import finished, soundtrack
from tests.fakes import NOT_A_PICTURE, NOT_A_TRACK, START

if TYPE_CHECKING:
    from simcord import InteractionResult

    from jobs.model import Options, Order

SQUISH = Effect(code="squish_89", name="Squish")
TRACK = ("song.mp3", b"ID3 a song")
OTHER = ("tea.png", PICTURE[1] + b"!")


@pytest.fixture
def catalogue() -> Catalogue:
    known = Catalogue()
    known.replace(MODELS, START)
    known.replace_effects((SQUISH,), START)
    return known


async def an_effect(scene: Scene, **options: Any) -> Order:  # noqa: ANN401 - a command's options
    """Place an order of an effect, and return it."""
    filled = {"image": PICTURE, "effect": "Squish", **options}
    result = await scene.alice.slash(scene.studio, "effect", **filled)
    orders = await scene.orders()
    assert orders, said(result)
    return orders[-1]


def shown(opened: InteractionResult) -> tuple[str, bool]:
    """Return what is chosen in the form: size with length, and sound."""
    found = fields(opened)
    formats = [one["value"] for one in found["format"]["options"] if one.get("default")]
    assert len(formats) == 1
    return formats[0], bool(found["sound"].get("default"))


async def confirmed(scene: Scene, offer: InteractionResult) -> Options:
    """Confirm an offer, and return what was ordered."""
    assert labels(reply(offer)) == ["Confirm", "Cancel"], said(offer)
    await scene.alice.click(reply(offer), label="Confirm")
    return (await scene.orders())[-1].options


# --- Edit ---------------------------------------------------------------------------------------


async def test_edit_below_an_effect_is_filled_and_only_confirm_spends(scene: Scene) -> None:
    order = await an_effect(scene, resolution="1080p", seconds=10, sound=True, fast=True)
    opened = await scene.alice.click(await scene.post(order), label="Edit")
    assert form_of(opened)["title"] == "Squish"
    assert shown(opened) == ("1080p|10", True)
    found = fields(opened)
    assert not found["images"]["required"]
    assert found["images"]["says"] == "Leave this empty to keep the picture."
    before = await scene.spendable()
    offer = await send_in(scene, opened, format=["720p|5"], sound=False)
    assert (len(await scene.orders()), await scene.spendable()) == (1, before)
    options = await confirmed(scene, offer)
    assert (options.effect, options.resolution, options.seconds) == ("squish_89", "720p", 5)
    assert (options.sound, options.fast, options.track) == (False, True, None)
    assert options.pictures[0].key == order.options.pictures[0].key
    assert await scene.spendable() < before


async def test_edit_of_an_effect_takes_another_picture(scene: Scene) -> None:
    order = await an_effect(scene)
    opened = await scene.alice.click(await scene.post(order), label="Edit")
    offer = await send_in(scene, opened, images=[OTHER], format=["720p|5"])
    assert (await confirmed(scene, offer)).pictures[0].key != order.options.pictures[0].key


async def test_an_own_track_stays_until_another_sound_is_chosen(scene: Scene) -> None:
    message = await scene.post(await an_effect(scene, track=TRACK))
    opened = await scene.alice.click(message, label="Edit")
    assert fields(opened)["track"]["says"] == form_words.FORM_KEEP_TRACK()
    kept = await confirmed(scene, await send_in(scene, opened, format=["720p|5"]))
    assert kept.track is not None
    opened = await scene.alice.click(message, label="Edit")
    own = await confirmed(scene, await send_in(scene, opened, format=["720p|5"], sound=True))
    assert (own.sound, own.track) == (True, None)


async def test_others_edit_an_effect_and_pay_themselves(scene: Scene) -> None:
    message = await scene.post(await an_effect(scene))
    before = await scene.spendable()
    opened = await scene.bob.click(message, label="Edit")
    offer = await send_in(scene, opened, who=scene.bob, format=["720p|5"])
    await scene.bob.click(reply(offer), label="Confirm")
    assert (await scene.spendable(scene.bob)) < 100
    assert await scene.spendable() == before


class TestWhereResultsAreNotShared:
    """The server lets nobody use what others made."""

    @pytest.fixture
    def rules(self) -> GuildRules:
        return GuildRules(reuse=False)

    async def test_only_the_owner_edits_an_effect(self, scene: Scene) -> None:
        message = await scene.post(await an_effect(scene))
        refused = await scene.bob.click(message, label="Edit")
        assert refused.modal is None
        assert said(refused) == form_words.NO_REUSE()
        assert (await scene.alice.click(message, label="Edit")).modal is not None


async def test_a_picture_that_is_gone_has_a_sentence(scene: Scene) -> None:
    order = await an_effect(scene)
    opened = await scene.alice.click(await scene.post(order), label="Edit")
    (scene.library.folder / order.options.pictures[0].key).unlink()
    before = await scene.spendable()
    refused = await send_in(scene, opened, format=["720p|5"])
    assert said(refused).startswith("The picture is not kept any more.")
    assert (len(await scene.orders()), await scene.spendable()) == (1, before)


async def test_an_effect_that_is_no_longer_on_offer_has_a_sentence(
    scene: Scene, catalogue: Catalogue
) -> None:
    message = await scene.post(await an_effect(scene))
    catalogue.replace_effects((Effect(code="other_1", name="Other"),), START)
    refused = await scene.alice.click(message, label="Edit")
    assert refused.modal is None
    assert said(refused).startswith("That is no longer on offer.")


async def test_sound_has_nothing_to_edit(scene: Scene) -> None:
    source = await finished(scene)
    await soundtrack(scene, code(source.id))
    order = (await scene.orders())[-1]
    assert "Edit" not in labels(await scene.post(order))
    channel = scene.bot.get_partial_messageable(scene.studio.id)
    await channel.send("made up", view=row(Edit(order.clips[0].id)))
    refused = await scene.alice.click(last(scene.studio), label="Edit")
    assert refused.modal is None
    assert said(refused) == form_words.NO_PROMPT_TO_EDIT()


# --- reopened -----------------------------------------------------------------------------------


async def test_a_refused_form_of_an_effect_is_reopened_as_it_was(scene: Scene) -> None:
    form = await use_it(scene, "effects")
    values = {"image": PICTURE, "format": ["1080p|10"], "track": ("a.mp3", NOT_A_TRACK)}
    refused = await scene.alice.submit_modal(form, values)
    assert said(refused).startswith("That file is not sound.")
    assert (await scene.orders(), await scene.spendable()) == ([], 100)
    again = await scene.alice.click(reply(refused), label="Reopen")
    assert form_of(again)["title"] == "Squish"
    assert shown(again) == ("1080p|10", False)
    assert not fields(again)["images"]["required"]
    options = await confirmed(scene, await send_in(scene, again, format=["1080p|10"], track=TRACK))
    assert (options.effect, options.resolution, options.seconds) == ("squish_89", "1080p", 10)
    assert options.track is not None


async def test_a_good_track_beside_a_bad_picture_is_kept_with_the_form(scene: Scene) -> None:
    form = await use_it(scene, "effects")
    values = {"image": ("n.png", NOT_A_PICTURE), "format": ["720p|5"], "track": TRACK}
    refused = await scene.alice.submit_modal(form, values)
    again = await scene.alice.click(reply(refused), label="Reopen")
    assert fields(again)["images"]["required"]
    assert fields(again)["track"]["says"] == form_words.FORM_KEEP_TRACK()
    offer = await send_in(scene, again, images=[PICTURE], format=["720p|5"])
    assert (await confirmed(scene, offer)).track is not None


async def test_a_form_that_is_not_that_of_an_effect_takes_no_fields_of_one(scene: Scene) -> None:
    opened = await scene.alice.slash(scene.studio, "batch")
    form_id = int(form_of(opened)["custom_id"].partition(":")[2])
    form = await scene.bot.services.forms.find(form_id, scene.alice.id)
    order = await an_effect(scene)
    effect = await scene.bot.services.forms.edit(order.member, order, order.clips[0])
    for one, other in ((form, effect), (effect, form)):
        with pytest.raises(FormGone):
            one.filled(other.asked)
