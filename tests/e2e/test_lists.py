"""From `/models` and `/effects` to a posted video, through the form behind "Use it"."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.stage import PROMPT, photo
from tests.media.sounds import tone

if TYPE_CHECKING:
    from tests.e2e.conftest import Scene

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_an_effect_is_used_from_its_list_with_an_own_track(scene: Scene) -> None:
    listed = await scene.alice.answered(await scene.alice.slash("effects", channel=scene.channel))
    assert listed.private_to == scene.alice.name
    assert "## Effects" in listed.text
    assert "**Cakeify**" in listed.text
    second = [one.custom_id for one in listed.buttons if one.label == "Use it"][1]
    form = await scene.alice.press(listed, custom_id=second)
    assert form.form is not None
    assert form.form.title == "Cakeify"
    sent = {
        "Picture": [photo()],
        "Size and length": ["1080p|5"],
        "Your own sound instead": [("hum.wav", tone("wav"))],
    }
    offer = await scene.alice.answered(await scene.alice.submit(form, sent))
    assert "**25 credits**" in offer.text
    assert scene.bill == []
    await scene.alice.press(offer, "Confirm")
    await scene.ended()
    (clip,) = scene.made
    assert clip.order.effect is not None
    assert (clip.order.effect.name, clip.order.audio_type) == ("Cakeify", 2)
    assert scene.paid == 25
    assert await scene.spendable() == 75


async def test_a_model_is_used_from_its_list(scene: Scene) -> None:
    listed = await scene.alice.answered(await scene.alice.slash("models", channel=scene.channel))
    assert "**Seedance 1.0 Lite**" in listed.text
    third = [one.custom_id for one in listed.buttons if one.label == "Use it"][2]
    form = await scene.alice.press(listed, custom_id=third)
    sent = {
        "Picture": [photo()],
        "Prompt": PROMPT,
        "Size and length": ["480p|5"],
    }
    offer = await scene.alice.answered(await scene.alice.submit(form, sent))
    await scene.alice.press(offer, "Confirm")
    await scene.ended()
    (clip,) = scene.made
    assert clip.order.model is not None
    assert (clip.order.model.label, clip.order.resolution) == ("Seedance 1.0 Lite", "480p")
    assert await scene.spendable() == 100 - scene.paid
