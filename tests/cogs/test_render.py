"""Offers and receipts read as they should, whatever was asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cogs.render import offer, price, receipt, settings, wait
from jobs.ids import code
from jobs.model import Draft, Member, Ordered, Picture, Place, Quote
from tests.cogs.scenes import OPTIONS, naming
from tests.fakes import START

DRAFT = Draft(
    id=1,
    member=Member(guild_id=1, user_id=42),
    place=Place(channel_id=7, upload_limit=10_000_000),
    options=OPTIONS,
    quote=Quote(per_clip=12, clips=1, learned=True, wait=(60, 120)),
    created_at=START,
)


def ordered(quote: Quote) -> Ordered:
    return Ordered(order_id=4000, quote=quote, spendable=38)


def test_a_receipt_says_price_rest_and_wait_and_names_the_order() -> None:
    assert receipt(DRAFT, ordered(DRAFT.quote), naming) == (
        "**12 credits**, you keep 38; usually ready in 1–2 min.\n"  # noqa: RUF001
        f"-# Order #{code(4000)} · Seedance 1.0 Pro · 720p · 5 s · 1 clip"
    )


def test_an_offer_says_what_would_be_left_and_that_nothing_is_spent_yet() -> None:
    draft = replace(DRAFT, quote=Quote(per_clip=1500, clips=4))
    assert offer(draft, 12_000, naming) == (
        "At most **6,000 credits** (4 × 1,500); you can spend 12,000 credits and would keep "  # noqa: RUF001
        "6,000.\n"
        "Nothing is spent until you press **Confirm**.\n"
        "> a slow push-in, steam rising\n"
        "-# Seedance 1.0 Pro · 720p · 5 s · 4 clips"
    )


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (None, ""),
        ((45, 80), "; usually ready in 45–80 s"),  # noqa: RUF001
        ((30, 30), "; usually ready in about 30 s"),
        ((60, 120), "; usually ready in 1–2 min"),  # noqa: RUF001
        ((100, 119), "; usually ready in 1–2 min"),  # noqa: RUF001
        ((40, 100), "; usually ready in 1–2 min"),  # noqa: RUF001
        ((120, 120), "; usually ready in about 2 min"),
        ((170, 600), "; usually ready in 2–10 min"),  # noqa: RUF001
    ],
)
def test_the_wait_is_said_as_people_say_it(seconds: tuple[int, int] | None, expected: str) -> None:
    assert wait(Quote(per_clip=1, clips=1, wait=seconds)) == expected


def test_a_price_that_was_never_charged_before_is_called_a_bound() -> None:
    assert price(Quote(per_clip=1, clips=1)) == "At most **1 credit**"
    assert price(Quote(per_clip=1, clips=1, learned=True)) == "**1 credit**"


def test_settings_name_sound_and_last_frame() -> None:
    options = replace(OPTIONS, sound=True, last_frame=Picture(key="end.png"))
    assert settings(options, naming) == (
        "Seedance 1.0 Pro · 720p · 5 s · with sound · with last frame"
    )


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        (Picture(key="a.png", converted=True), "-# Your picture was converted"),
        (
            Picture(key="a.png", converted=True, first_frame_only=True),
            "-# Your picture moves: only its first frame is used.",
        ),
    ],
)
def test_what_was_done_to_the_picture_is_said(picture: Picture, expected: str) -> None:
    draft = replace(DRAFT, options=replace(OPTIONS, pictures=(picture,)))
    assert receipt(draft, ordered(draft.quote), naming).splitlines()[2].startswith(expected)
    assert expected in offer(draft, 100, naming)


def test_the_longest_offer_fits_a_message() -> None:
    options = replace(
        OPTIONS,
        prompt="*" * 2000,
        model="*" * 2000,
        resolution="*" * 2000,
        sound=True,
        private=True,
        last_frame=Picture(key="a.png", first_frame_only=True),
    )
    draft = replace(DRAFT, options=options, quote=Quote(per_clip=10**9, clips=10))
    assert len(offer(draft, 10**12, lambda model: model)) < 2000
