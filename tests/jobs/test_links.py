"""A link serves the vendor only while it lives for hours more, and serves what was checked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from billing.prices import Endpoint
from jobs.links import (
    MARGIN_MS,
    alive,
    expires_at,
    needs_card,
    pictures_of,
    relinked,
    servable,
)
from jobs.model import Options, Picture, Track

NOW = 1_795_176_000_000


def signed(at: int) -> str:
    return f"https://cdn.invalid/attachments/1/2/a.png?ex={at // 1000:x}&is=1&hm=abc"


LIVING = signed(NOW + MARGIN_MS + 1000)
DYING = signed(NOW + MARGIN_MS)


def options(*pictures: Picture, last_frame: Picture | None = None) -> Options:
    return Options(
        endpoint=Endpoint.BATCH,
        model="m",
        resolution="720p",
        seconds=5,
        prompt="walk",
        pictures=pictures,
        last_frame=last_frame,
    )


@pytest.mark.parametrize(
    ("link", "at"),
    [
        (signed(NOW), NOW),
        ("https://cdn.invalid/a.png?ex=6a&hm=1", 106_000),
        ("https://cdn.invalid/a.png", None),
        ("https://cdn.invalid/a.png?ex=", None),
        ("https://cdn.invalid/a.png?ex=tomorrow", None),
        ("https://[cdn/a.png?ex=6a", None),
        ("", None),
    ],
)
def test_the_time_of_death_is_read_from_the_signature(link: str, at: int | None) -> None:
    assert expires_at(link) == at


@pytest.mark.parametrize(
    ("link", "lives"),
    [
        (LIVING, True),
        (DYING, False),
        (signed(0), False),
        ("https://a.invalid/b", True),
        ("", False),
    ],
)
def test_a_link_is_alive_while_hours_are_left(link: str, *, lives: bool) -> None:
    assert alive(link, NOW) is lives


@pytest.mark.parametrize(
    ("picture", "serves"),
    [
        (Picture(key="k", link=LIVING), True),
        (Picture(key="k", link=LIVING, converted=True), False),
        (Picture(key="k", link=DYING), False),
        (Picture(key="k"), False),
    ],
)
def test_only_an_unchanged_picture_is_served_by_its_own_link(
    picture: Picture, *, serves: bool
) -> None:
    assert servable(picture, NOW) is serves


def test_the_card_is_needed_as_soon_as_one_picture_has_no_good_link() -> None:
    good = Picture(key="a", link=LIVING)
    bad = replace(good, converted=True)
    assert not needs_card(options(good, good, last_frame=good), NOW)
    assert needs_card(options(good, bad), NOW)
    assert needs_card(options(good, last_frame=bad), NOW)


def test_the_last_frame_is_the_last_of_the_pictures() -> None:
    first, last = Picture(key="a"), Picture(key="z")
    assert pictures_of(options(first, first)) == (first, first)
    assert pictures_of(options(first, first, last_frame=last)) == (first, first, last)


def test_an_own_track_follows_the_pictures_and_needs_a_living_link_as_they_do() -> None:
    picture, track = Picture(key="a", link=LIVING), Track(key="t", link=LIVING)
    heard = replace(options(picture), track=track)
    assert pictures_of(heard) == (picture, track)
    assert not needs_card(heard, NOW)
    assert needs_card(replace(heard, track=replace(track, link=DYING)), NOW)


def test_asking_again_forgets_links_that_were_good_for_one_upload_only() -> None:
    signed_one, loose = Picture(key="a", link=LIVING), Picture(key="b", link="https://a.invalid/b")
    again = relinked(options(signed_one, loose, last_frame=loose))
    assert again == options(signed_one, replace(loose, link=""), last_frame=replace(loose, link=""))
    assert relinked(options(signed_one)) == options(signed_one)
