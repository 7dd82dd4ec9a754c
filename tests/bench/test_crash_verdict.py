"""The crash runner's judge: a sound run passes, and each thing that must not be is named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.crash import verdict
from bench.crash.asking import Asked
from bench.crash.truths import Booked, Channels, Ledger, Placed, Rendered
from bench.crash.verdict import Truths, judge

HOLD, SETTLE, RELEASE = (1, "hold", 0, 0), (2, "settle", 4, 0), (2, "release", 0, 0)


def rendered(**other: object) -> Rendered:
    usual: dict[str, object] = {"vendor_id": "v0", "take": 7, "request": 1, "paid": 4}
    return Rendered(**{**usual, "done": True, "at": 1, **other})  # type: ignore[arg-type]  # as named


def booked(**other: object) -> Booked:
    usual: dict[str, object] = {
        "id": 11, "order_id": 5, "number": 0, "state": "posted", "note": "", "quote": 20,
        "vendor_id": "v0", "free": False, "file": "11.mp4", "entries": (HOLD, SETTLE),
    }  # fmt: skip
    return Booked(**{**usual, **other})  # type: ignore[arg-type]  # as named


def placed(*clips: Booked) -> Placed:
    return Placed(id=5, take=7, user_id=1, private=False, clips=clips)


def channels(results: int = 1, cards: int = 1, notices: int = 0) -> Channels:
    return Channels(
        results={(5, 0): list(range(results))} if results else {},
        cards={5: list(range(cards))} if cards else {},
        notices={5: list(range(notices))} if notices else {},
    )


def asked(text: str) -> Asked:
    return Asked(number=7, member="Alice", answered=True, text=text)


SOUND = Truths(
    asked=(asked("-# Order #5"),),
    bill=(rendered(),),
    ledger=Ledger(orders=(placed(booked()),), wrong=()),
    channels=channels(),
    shown=frozenset({11}),
)


def with_clips(*clips: Booked) -> Ledger:
    return Ledger(orders=(placed(*clips),), wrong=())


def broken(truths: Truths) -> set[str]:
    return {finding.bar for finding in judge(truths).findings}


IN_DOUBT = booked(state="released", vendor_id=None, entries=(HOLD, (2, "release", 0, 20)), file="")
FAILED = booked(state="failed", entries=(HOLD, RELEASE), file="")


def test_a_sound_run_has_no_findings_and_its_sums_are_right() -> None:
    found = judge(SOUND)
    assert found.findings == []
    assert (found.paid, found.charged, found.house, found.states["posted"]) == (4, 4, 0, 1)


def test_a_clip_that_was_made_and_never_heard_of_is_the_houses_and_no_finding() -> None:
    truths = replace(SOUND, ledger=with_clips(IN_DOUBT), channels=channels(0, notices=1))
    found = judge(truths)
    assert found.findings == []
    assert (found.unheard, found.doubted) == (1, 20)


@pytest.mark.parametrize(
    ("bar", "truths"),
    [
        (verdict.PAID_TWICE, replace(SOUND, bill=(rendered(), rendered(request=2)))),
        (
            verdict.CHARGED_TWICE,
            replace(SOUND, ledger=with_clips(booked(entries=(HOLD, SETTLE, SETTLE)))),
        ),
        (verdict.CHARGED_TWICE, replace(SOUND, ledger=with_clips(booked(free=True)))),
        (verdict.CHARGED_TWICE, replace(SOUND, ledger=with_clips(booked(quote=3)))),
        (verdict.POSTED_TWICE, replace(SOUND, channels=channels(2))),
        (verdict.POSTED_TWICE, replace(SOUND, channels=channels(cards=2))),
        (verdict.POSTED_TWICE, replace(SOUND, channels=channels(notices=2))),
        (verdict.LOST, replace(SOUND, channels=channels(0))),
        (verdict.LOST, replace(SOUND, bill=(rendered(), rendered(vendor_id="v1")))),
        (
            verdict.LOST,
            replace(SOUND, ledger=with_clips(FAILED), channels=channels(0, notices=1)),
        ),
        (
            verdict.LOST,
            replace(SOUND, ledger=with_clips(booked(state="kept")), shown=frozenset()),
        ),
        (verdict.INEXACT, replace(SOUND, ledger=replace(SOUND.ledger, wrong=("a counter",)))),
        (verdict.INEXACT, replace(SOUND, bill=(rendered(paid=5),))),
        (verdict.INEXACT, replace(SOUND, ledger=with_clips(IN_DOUBT))),
        (verdict.LOST, replace(SOUND, ledger=Ledger(orders=(), wrong=()))),
        (verdict.UNTOLD, replace(SOUND, ledger=Ledger(orders=(), wrong=()))),
        (verdict.UNTOLD, replace(SOUND, asked=(asked("Something went wrong on my side."),))),
        (
            verdict.UNTOLD,
            replace(SOUND, asked=(asked(""),), bill=(), ledger=Ledger(orders=(), wrong=())),
        ),
        (
            verdict.ORDERED_TWICE,
            replace(SOUND, ledger=Ledger(orders=(placed(booked()),) * 2, wrong=())),
        ),
        (verdict.ORDERED_TWICE, replace(SOUND, asked=(Asked(number=7, member="Alice"),))),
        (verdict.ORDERED_TWICE, replace(SOUND, asked=())),
        (verdict.UNTOLD, replace(SOUND, ledger=with_clips(FAILED), channels=channels(0))),
    ],
)
def test_what_must_not_be_is_found(bar: str, truths: Truths) -> None:
    assert bar in broken(truths)
