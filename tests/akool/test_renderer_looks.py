"""What the engine's port learns of running clips, and how it gets their files and the models."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jobs.catalogue import Effect, Model, Resolution
from jobs.ports import FetchGone, FetchLater, LookFailed, Renderer, Seen, SeenStatus
from tests.akool.vendor import Vendor, sample

if TYPE_CHECKING:
    from pathlib import Path


async def test_a_look_tells_what_is_known_of_the_clips_asked_for(
    renderer: Renderer, vendor: Vendor
) -> None:
    found = [
        {"_id": "d", "status": 4, "deduction_credit": 0, "msg": "no face"},
        {"_id": "x", "status": 3},
        {"_id": "c", "status": 3, "video_url": "https://cdn.invalid/c.mp4", "deduction_credit": 5},
        {"_id": "b", "status": 2},
        {"_id": "a", "status": 1, "deduction_credit": "5"},
        {"_id": "e", "status": 9},
        {"_id": "f", "status": 3},
    ]
    vendor.reply_json({"code": 1000, "data": {"result": found}})
    assert await renderer.look(list("abcdefg")) == (
        Seen(vendor_id="d", status=SeenStatus.FAILED, cost=0, note="no face"),
        Seen(vendor_id="c", status=SeenStatus.DONE, link="https://cdn.invalid/c.mp4", cost=5),
        Seen(vendor_id="b", status=SeenStatus.WAITING),
        Seen(vendor_id="a", status=SeenStatus.WAITING, cost=5),
        Seen(vendor_id="e", status=SeenStatus.UNCLEAR),
        Seen(vendor_id="f", status=SeenStatus.DONE),
    )
    assert vendor.seen[0].json == {"_ids": "a,b,c,d,e,f,g"}


@pytest.mark.parametrize(
    ("status", "content", "refused"),
    [
        (200, {"code": 1008, "msg": "Failed to get results"}, True),
        (404, {"message": "Not Found"}, True),
        (200, {"code": 1101}, False),
        (429, {}, False),
        (502, "<html>", False),
    ],
)
async def test_a_call_that_was_turned_down_differs_from_one_that_failed(
    status: int, content: object, refused: bool, renderer: Renderer, vendor: Vendor
) -> None:
    for _ in range(2):
        vendor.reply_json(content, status)
    with pytest.raises(LookFailed) as looked:
        await renderer.look(["a"])
    with pytest.raises(LookFailed) as deleted:
        await renderer.delete(["a"])
    assert (looked.value.refused, deleted.value.refused) == (refused, refused)


async def test_ids_that_cannot_be_asked_for_are_a_refused_call(
    renderer: Renderer, vendor: Vendor
) -> None:
    with pytest.raises(LookFailed) as caught:
        await renderer.look(["a", "b,c"])
    assert caught.value.refused
    assert vendor.seen == []


async def test_a_deletion_returns_what_is_gone(renderer: Renderer, vendor: Vendor) -> None:
    vendor.reply(sample("delete"))
    gone = await renderer.delete(["6882f4c10529ae771e71531d", "6881cd86618fa41c89557b0c"])
    assert gone == ("6882f4c10529ae771e71531d",)


# --- fetch ----------------------------------------------------------------------------------


def content(file: Path) -> bytes:
    return file.read_bytes()


async def test_a_finished_video_is_fetched(
    renderer: Renderer, vendor: Vendor, tmp_path: Path
) -> None:
    vendor.reply(b"film", headers={"Content-Type": "video/mp4"})
    await renderer.fetch(vendor.url, tmp_path / "a.mp4")
    assert content(tmp_path / "a.mp4") == b"film"


async def test_a_link_that_will_never_work_is_gone(
    renderer: Renderer, vendor: Vendor, tmp_path: Path
) -> None:
    vendor.reply(b"", 404)
    vendor.reply(b"", 302, {"Location": "http://localhost/"})
    vendor.reply(b"x" * 1001)
    for _ in range(3):
        with pytest.raises(FetchGone):
            await renderer.fetch(vendor.url, tmp_path / "a.mp4")


async def test_a_link_that_may_work_later_is_tried_later(
    renderer: Renderer, vendor: Vendor, tmp_path: Path
) -> None:
    vendor.reply(b"", 503)
    vendor.reply(b"<html>", headers={"Content-Type": "text/html"})
    vendor.reply(b"film")
    for folder in (".", ".", "nowhere"):
        with pytest.raises(FetchLater):
            await renderer.fetch(vendor.url, tmp_path / folder / "a.mp4")


# --- models ---------------------------------------------------------------------------------


async def test_the_models_on_offer_are_translated(renderer: Renderer, vendor: Vendor) -> None:
    vendor.reply(sample("models"))
    assert await renderer.models() == (
        Model(
            value="AkoolImage2VideoFastV1",
            label="Akool Basic",
            resolutions=(Resolution(value="720p", label="720p", unit_credit="4"),),
            seconds=(5, 10),
            sound_multiplier="1.5",
            most_clips=4,
        ),
        Model(
            value="seedance-1-0-lite-i2v-250428",
            label="Seedance Lite",
            resolutions=(
                Resolution(value="480p", label="480p", unit_credit="3"),
                Resolution(value="720p", label="720p", unit_credit="5"),
                Resolution(value="1080P", label="1080p", unit_credit="10"),
            ),
            seconds=(5, 10),
            last_frame=True,
            paid_plan=True,
        ),
    )


async def test_what_cannot_be_priced_or_asked_for_is_not_on_offer(
    renderer: Renderer, vendor: Vendor
) -> None:
    priced = {"value": "720p", "unit_credit": 4.0}
    listed = [
        {"value": "no-price", "resolutionList": ["720p"], "durationList": [5]},
        {"value": "no-sizes", "durationList": [5]},
        {"value": "no-lengths", "resolutionList": [priced]},
        {"value": "mixed", "resolutionList": [priced, "4k"], "durationList": [5], "maxCount": 99},
        {
            "value": "lengths-by-size",
            "resolutionList": [
                priced | {"durationList": [5, 8, 10]},
                {"value": "4k", "unit_credit": 10, "durationList": [10, 5]},
            ],
            "generate_audio": {"required": True},
        },
    ]
    vendor.reply_json({"code": 1000, "data": listed})
    assert await renderer.models() == (
        Model(
            value="mixed",
            label="mixed",
            resolutions=(Resolution(value="720p", label="720p", unit_credit="4"),),
            seconds=(5,),
        ),
        Model(
            value="lengths-by-size",
            label="lengths-by-size",
            resolutions=(
                Resolution(value="720p", label="720p", unit_credit="4"),
                Resolution(value="4k", label="4k", unit_credit="10"),
            ),
            seconds=(5, 10),
            sound_multiplier="1",
            sound_required=True,
        ),
    )


async def test_a_list_that_cannot_be_read_is_a_failed_look(
    renderer: Renderer, vendor: Vendor
) -> None:
    vendor.reply(b"<html>", 502)
    vendor.reply(b"<html>", 502)
    with pytest.raises(LookFailed):
        await renderer.models()
    with pytest.raises(LookFailed):
        await renderer.effects()


async def test_the_effects_on_offer_are_translated(renderer: Renderer, vendor: Vendor) -> None:
    vendor.reply(sample("effects"))
    first, *_ = await renderer.effects()
    assert first == Effect(
        code="squish_89244231312",
        name="Squish",
        picture="https://static.website-files.org/assets/Image_to_Video/Lora/Squish.png",
        preview="https://static.website-files.org/assets/Image_to_Video/Lora/Squish.mp4",
    )


async def test_an_effect_without_pictures_is_on_offer_all_the_same(
    renderer: Renderer, vendor: Vendor
) -> None:
    listed = [{"effect_code": "bare_1"}, {"name": "no code"}]
    vendor.reply_json({"code": 1000, "data": {"result": listed, "count": 2}})
    assert await renderer.effects() == (Effect(code="bare_1", name="bare_1"),)
