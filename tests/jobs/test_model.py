"""Options survive being stored, and orders count what they hold."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.prices import Endpoint, PriceKey
from jobs.model import Options, Picture, Quote, Track
from jobs.states import ClipState
from tests.jobs.orders import OPTIONS, clip, order_of

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
pictures = st.builds(
    Picture,
    key=texts,
    link=texts,
    converted=st.booleans(),
    width=st.integers(0, 10_000),
    height=st.integers(0, 10_000),
    bytes=st.integers(0, 2**40),
    first_frame_only=st.booleans(),
)
tracks = st.builds(
    Track, key=texts, link=texts, bytes=st.integers(0, 2**40), seconds=st.floats(0, 600)
)
options = st.builds(
    Options,
    endpoint=st.sampled_from(Endpoint),
    model=texts,
    resolution=texts,
    seconds=st.integers(1, 60),
    prompt=texts,
    pictures=st.lists(pictures, min_size=1, max_size=10).map(tuple),
    variations=st.integers(1, 10),
    avoid=texts,
    last_frame=st.none() | pictures,
    sound=st.booleans(),
    private=st.booleans(),
    effect=texts,
    effect_name=texts,
    track=st.none() | tracks,
    fast=st.booleans(),
)


@given(asked=options)
def test_options_come_back_as_they_were_stored(asked: Options) -> None:
    assert Options.from_json(asked.to_json()) == asked


def test_options_stored_by_an_older_bot_get_the_defaults_of_what_they_lack() -> None:
    data = json.loads(OPTIONS.to_json())
    newer = ("effect", "effect_name", "track", "fast")
    for name in ("variations", "avoid", "last_frame", "sound", "private", *newer):
        del data[name]
    data["pictures"] = [{"key": "p.png"}]
    assert Options.from_json(json.dumps(data)) == OPTIONS


def test_the_price_depends_on_what_is_asked_and_not_on_the_words() -> None:
    key = PriceKey(endpoint=Endpoint.BATCH, model="m", resolution="720p", seconds=5)
    assert OPTIONS.price_key == key
    assert replace(OPTIONS, prompt="run", variations=4, avoid="rain").price_key == key
    assert replace(OPTIONS, track=Track(key="t"), fast=True).price_key == replace(
        key, track=True, fast=True
    )
    for other in (
        replace(OPTIONS, sound=True),
        replace(OPTIONS, seconds=10),
        replace(OPTIONS, resolution="4k"),
        replace(OPTIONS, model="n"),
        replace(OPTIONS, endpoint=Endpoint.SINGLE),
    ):
        assert other.price_key != key


@pytest.mark.parametrize(("variations", "count", "clips"), [(1, 1, 1), (4, 1, 4), (1, 10, 10)])
def test_an_order_has_a_clip_for_each_variation_of_each_picture(
    variations: int, count: int, clips: int
) -> None:
    asked = replace(OPTIONS, variations=variations, pictures=(Picture(key="p"),) * count)
    assert asked.clips == clips


def test_a_quote_is_for_all_clips_together() -> None:
    assert Quote(per_clip=12, clips=4).total == 48


def test_an_order_takes_the_newer_form_of_one_of_its_clips() -> None:
    order = order_of([ClipState.RENDERING, ClipState.RENDERING])
    newer = clip(1, ClipState.READY)
    assert [one.state for one in order.with_clip(newer).clips] == ["rendering", "ready"]
    assert order.with_clip(clip(9, ClipState.READY)) == order
