"""What a command asks for is checked against the list, and every refusal names what is offered."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.prices import Endpoint, ListedPrice, PriceKey
from jobs.asking import LONGEST_PROMPT, Animate, Ask, Upload, choose, clean_text
from jobs.catalogue import Catalogue, Model, Resolution
from jobs.effects import Effected
from jobs.errors import BadOption, NoCatalogue, OptionKind
from jobs.model import Member, Picture, Place

HD = Resolution(value="720p", label="HD", unit_credit="4")
UHD = Resolution(value="4K", label="Ultra", unit_credit="9")
PLAIN = Model(value="plain-1", label="Plain", resolutions=(HD, UHD), seconds=(5, 10))
LOUD = Model(
    value="loud-2",
    label="Loud",
    resolutions=(UHD,),
    seconds=(8,),
    sound_multiplier="1.5",
    sound_required=True,
    last_frame=True,
    most_clips=4,
)


def catalogue(default: str = "") -> Catalogue:
    made = Catalogue(default)
    made.replace((PLAIN, LOUD), 1)
    return made


def refusal(asked: Animate) -> BadOption:
    with pytest.raises(BadOption) as caught:
        choose(asked, catalogue())
    return caught.value


def test_what_is_left_out_gets_the_model_s_first_choices() -> None:
    chosen = choose(Animate(prompt=" walk "), catalogue())
    options = chosen.options((Picture(key="p"),), None)
    assert (options.model, options.resolution, options.seconds) == ("plain-1", "720p", 5)
    assert (options.endpoint, options.prompt, options.clips) == (Endpoint.BATCH, "walk", 1)
    assert (options.sound, options.private, options.last_frame) == (False, False, None)


def test_everything_asked_for_arrives_in_the_options() -> None:
    asked = Animate(
        prompt="walk",
        model="LOUD",
        resolution="ultra",
        seconds=8,
        variations=4,
        avoid="rain",
        last_frame=True,
        sound=True,
        private=True,
    )
    pictures, last = (Picture(key="p"),), Picture(key="z")
    options = choose(asked, catalogue()).options(pictures, last)
    assert (options.model, options.resolution, options.seconds) == ("loud-2", "4K", 8)
    assert (options.variations, options.avoid, options.pictures) == (4, "rain", pictures)
    assert (options.last_frame, options.sound, options.private) == (last, True, True)


def test_a_model_that_always_makes_sound_is_paid_with_sound() -> None:
    options = choose(Animate(prompt="walk", model="loud-2"), catalogue()).options((), None)
    assert options.sound
    assert options.price_key.sound


@pytest.mark.parametrize(
    ("asked", "option", "offered"),
    [
        (Animate(prompt="x", model="grand"), OptionKind.MODEL, ("Plain", "Loud")),
        (Animate(prompt="x", resolution="8k"), OptionKind.RESOLUTION, ("720p", "4K")),
        (Animate(prompt="x", seconds=7), OptionKind.SECONDS, ("5", "10")),
        (Animate(prompt="x", variations=0), OptionKind.VARIATIONS, ("1", "10")),
        (Animate(prompt="x", variations=11), OptionKind.VARIATIONS, ("1", "10")),
        (Animate(prompt="x", variations=5, model="loud"), OptionKind.VARIATIONS, ("1", "4")),
        (Animate(prompt="x", last_frame=True), OptionKind.LAST_FRAME, ("Loud",)),
        (Animate(prompt="x", sound=True), OptionKind.SOUND, ("Loud",)),
        (Animate(prompt=" \n"), OptionKind.PROMPT, ()),
        (Animate(prompt="x" * 2001), OptionKind.PROMPT, ("2000",)),
        (Animate(prompt="x", avoid="x" * 2001), OptionKind.AVOID, ("2000",)),
    ],
)
def test_what_is_not_on_offer_is_refused_with_what_is(
    asked: Animate, option: OptionKind, offered: tuple[str, ...]
) -> None:
    error = refusal(asked)
    assert (error.option, error.offered) == (option, offered)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  a walk\t\n", "a walk"),
        ("a\nb\tc", "a\nb\tc"),
        ("a\x00b\x1bc", "abc"),
        ("ab\ud800c", "abc"),
        ("safe\u202egnp.exe", "safegnp.exe"),
        ("👩\u200d🚀 floats", "👩\u200d🚀 floats"),
        ("歩く", "歩く"),
        ("❤", "❤"),
        ("x" * LONGEST_PROMPT, "x" * LONGEST_PROMPT),
    ],
)
def test_a_prompt_loses_what_can_not_be_seen(typed: str, kept: str) -> None:
    assert clean_text(typed, OptionKind.PROMPT) == kept


@pytest.mark.parametrize("typed", ["", " ", "\u200d", "\u200b\u200b", "\u2060", "...", "\u202e"])
def test_a_prompt_that_says_nothing_is_refused_and_an_empty_avoid_is_not(typed: str) -> None:
    with pytest.raises(BadOption):
        clean_text(typed, OptionKind.PROMPT)
    clean_text(typed, OptionKind.AVOID)


@given(typed=st.text(max_size=200))
def test_a_clean_prompt_can_be_stored_and_stays_clean(typed: str) -> None:
    try:
        kept = clean_text(typed, OptionKind.PROMPT)
    except BadOption:
        return
    assert kept.encode()
    assert clean_text(kept, OptionKind.PROMPT) == kept
    assert kept == kept.strip() != ""


def test_before_the_first_list_nothing_can_be_chosen() -> None:
    with pytest.raises(NoCatalogue):
        choose(Animate(prompt="x"), Catalogue())


@pytest.mark.parametrize(
    ("default", "value"), [("", "plain-1"), ("LOUD", "loud-2"), ("?", "plain-1")]
)
def test_the_default_model_is_the_operator_s_or_the_first(default: str, value: str) -> None:
    for nothing in (None, ""):
        assert catalogue(default).model(nothing).value == value


def test_an_empty_list_does_not_replace_a_good_one() -> None:
    kept = catalogue()
    kept.replace((), 2)
    assert (kept.models, kept.read_at) == ((PLAIN, LOUD), 1)
    kept.replace((LOUD,), 3)
    assert (kept.models, kept.read_at) == ((LOUD,), 3)


def test_the_list_s_price_is_that_of_the_resolution_and_sound_multiplies_it() -> None:
    key = PriceKey(endpoint=Endpoint.BATCH, model="plain-1", resolution="4K", seconds=5)
    assert PLAIN.listed(key) == ListedPrice(unit_credit="9", multiplier="1")
    assert LOUD.listed(replace(key, sound=True)).multiplier == "1.5"
    assert PLAIN.listed(replace(key, endpoint=Endpoint.SINGLE)) == ListedPrice()
    with pytest.raises(BadOption):
        PLAIN.listed(replace(key, resolution="8k"))


def test_only_what_the_list_prices_is_looked_up_in_it() -> None:
    key = PriceKey(endpoint=Endpoint.BATCH, model="LOUD", resolution="4K", seconds=8)
    assert catalogue().listed(key) == LOUD.listed(key)
    assert Catalogue().listed(replace(key, endpoint=Endpoint.SINGLE)) == ListedPrice()
    with pytest.raises(BadOption):
        catalogue().listed(replace(key, model="grand"))


@given(prompt=st.text(max_size=50), roles=st.frozensets(st.integers(1, 2**62), max_size=4))
def test_an_acknowledged_command_comes_back_as_it_was_stored(
    prompt: str, roles: frozenset[int]
) -> None:
    ask = Ask(
        interaction_id=1,
        application_id=2,
        token="secret",
        member=Member(guild_id=3, user_id=4, role_ids=roles),
        place=Place(channel_id=5, upload_limit=6),
        asked=Animate(prompt=prompt, seconds=5),
        images=(Upload(link="https://cdn.invalid/a", name=prompt, size=7),),
        last_frame=Upload(link="https://cdn.invalid/b", name="b.png", size=8) if roles else None,
        created_at=9,
    )
    assert Ask.from_json(ask.to_json()) == ask
    older = json.loads(ask.to_json())
    for name in ("kind", "track"):
        del older[name]
    assert Ask.from_json(json.dumps(older)) == ask
    heard = replace(
        ask,
        asked=Effected(effect=prompt, track=True, fast=True),
        last_frame=None,
        track=Upload(link="https://cdn.invalid/c", name="c.mp3", size=9),
    )
    assert Ask.from_json(heard.to_json()) == heard
    assert "secret" not in repr(ask)
    assert "cdn.invalid" not in repr(ask)
