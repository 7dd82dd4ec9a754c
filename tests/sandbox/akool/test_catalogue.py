"""The emulated lists of models and effects, with their previews."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import av
from PIL import Image

from tests.sandbox.akool.lab import EFFECTS, MODELS

if TYPE_CHECKING:
    from tests.sandbox.akool.lab import Lab

FIELDS = {
    "sort": int,
    "group": str,
    "provider": str,
    "type": int,
    "value": str,
    "label": str,
    "isPro": bool,
    "requiresPay": bool,
    "resolutionList": list,
    "durationList": list,
    "supportedLastFrame": bool,
    "supportedExtendPrompt": bool,
    "maxImageCount": int,
    "maxCount": int,
}


async def test_models_have_the_fields_of_the_vendors_list(lab: Lab) -> None:
    models = (await lab.call(MODELS))["data"]

    assert len(models) == 5
    for model in models:
        assert {name: type(model[name]) for name in FIELDS} == FIELDS
        assert set(model) == {*FIELDS, "generate_audio"}
        for one in model["resolutionList"]:
            assert set(one) == {"label", "value", "width", "height", "unit_credit"}


async def test_models_differ_in_what_a_client_must_not_take_for_granted(lab: Lab) -> None:
    models = (await lab.call(MODELS))["data"]

    spellings = {one["value"] for model in models for one in model["resolutionList"]}
    assert {"720p", "768P", "1280x720", "4k"} <= spellings
    assert {tuple(model["durationList"]) for model in models} == {(5, 10), (6, 10)}
    assert {type(model["generate_audio"]) for model in models} == {dict, type(None)}
    assert {model["maxCount"] for model in models} == {1, 2, 4, 10}
    assert [model["sort"] for model in models] == sorted(
        (model["sort"] for model in models), reverse=True
    )


async def test_the_model_list_needs_a_type_and_knows_only_one(lab: Lab) -> None:
    path = MODELS.partition("?")[0]

    assert (await lab.call(path))["code"] == 1003
    assert (await lab.call(f"{path}?types[]=1502"))["data"] == []
    assert len((await lab.call(f"{path}?types[]=1501"))["data"]) == 5


async def test_effects_have_previews_that_can_be_opened(lab: Lab) -> None:
    data = (await lab.call(EFFECTS))["data"]

    assert data["count"] == len(data["result"]) == 3
    for effect in data["result"]:
        assert set(effect) == {"_id", "create_time", "logo", "name", "video_url", "effect_code"}
        async with lab.session.get(effect["logo"]) as answer:
            assert Image.open(io.BytesIO(await answer.read())).size == (320, 320)
        async with lab.session.get(effect["video_url"]) as answer:
            with av.open(io.BytesIO(await answer.read()), "r") as video:
                assert video.streams.video


async def test_there_is_no_preview_of_an_unknown_effect(lab: Lab) -> None:
    for suffix in ("png", "mp4"):
        async with lab.session.get(f"{lab.base}/assets/None.{suffix}") as answer:
            assert answer.status == 404
