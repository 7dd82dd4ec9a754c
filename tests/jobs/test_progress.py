"""A card says where its order is, and says something new only when there is something new."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.progress import (
    LONG_WAIT_S,
    Phase,
    changes_at,
    failed_altogether,
    progress_of,
    usual_wait,
)
from jobs.states import ENDED, ClipState
from tests.fakes import START
from tests.jobs.orders import clip, order_of

S = ClipState
MINUTE = 60_000


@pytest.mark.parametrize(
    ("states", "phase"),
    [
        ([S.QUEUED], Phase.QUEUED),
        ([S.REVIEW, S.CANCELLED], Phase.REVIEW),
        ([S.QUEUED, S.POSTED], Phase.QUEUED),
        ([S.SUBMITTING, S.QUEUED], Phase.RENDERING),
        ([S.RENDERING], Phase.RENDERING),
        ([S.UNKNOWN], Phase.RENDERING),
        ([S.READY, S.POSTED], Phase.RENDERING),
        ([S.POSTING], Phase.RENDERING),
        ([S.OVERDUE, S.RENDERING], Phase.LONGER),
        ([S.POSTED, S.KEPT, S.FAILED, S.RELEASED, S.CANCELLED], Phase.DONE),
    ],
)
def test_the_phase_is_that_of_the_clips_together(states: list[S], phase: Phase) -> None:
    assert progress_of(order_of(states), START).phase is phase


def test_clips_are_counted_by_how_they_ended() -> None:
    states = [S.POSTED, S.KEPT, S.FAILED, S.RELEASED, S.CANCELLED, S.RENDERING, S.READY]
    progress = progress_of(order_of(states, ahead=4), START)
    assert (progress.ready, progress.failed, progress.kept) == (2, 3, 1)
    assert (progress.total, progress.ahead) == (7, 4)


def test_a_clip_that_was_deleted_before_it_was_posted_is_not_called_kept() -> None:
    order = order_of([S.KEPT, S.KEPT])
    order = replace(order, clips=(replace(order.clips[0], deleted=True), order.clips[1]))
    progress = progress_of(order, START)
    assert (progress.phase, progress.ready, progress.kept) == (Phase.DONE, 2, 1)


def test_the_usual_wait_tells_when_it_is_ready() -> None:
    progress = progress_of(order_of([S.RENDERING], wait=(60, 120)), START)
    assert progress.started_at == START
    assert (progress.ready_from, progress.ready_to) == (START + MINUTE, START + 2 * MINUTE)
    progress = progress_of(order_of([S.RENDERING]), START)
    assert (progress.ready_from, progress.ready_to) == (None, None)
    progress = progress_of(order_of([S.QUEUED], wait=(60, 120)), START)
    assert (progress.started_at, progress.ready_from) == (None, None)


@pytest.mark.parametrize(
    ("wait", "patience_ms"),
    [(None, LONG_WAIT_S * 1000), ((60, 120), 180_000), ((1, 10), 60_000)],
)
def test_it_takes_longer_than_usual_after_half_as_long_again(
    wait: tuple[int, int] | None, patience_ms: int
) -> None:
    order = order_of([S.RENDERING], wait=wait)
    assert progress_of(order, START + patience_ms - 1).phase is Phase.RENDERING
    assert progress_of(order, START + patience_ms).phase is Phase.LONGER
    assert changes_at(order, progress_of(order, START)) == START + patience_ms
    assert changes_at(order, progress_of(order, START + patience_ms)) is None


def test_patience_starts_with_the_first_clip_that_is_still_awaited() -> None:
    # The first clips of a long order are up while its last ones have only just left.
    early, late = order_of([S.POSTED, S.FAILED]).clips
    last = clip(2, S.RENDERING, submitted_at=START + 20 * MINUTE)
    order = replace(order_of([S.QUEUED] * 3), clips=(early, late, last))
    progress = progress_of(order, START + 21 * MINUTE)
    assert (progress.phase, progress.started_at) == (Phase.RENDERING, START + 20 * MINUTE)


def test_a_card_does_not_change_by_itself_while_nothing_is_awaited() -> None:
    for states in ([S.QUEUED], [S.POSTED], [S.READY], [S.POSTING, S.FAILED]):
        order = order_of(states)
        assert changes_at(order, progress_of(order, START)) is None


@given(
    states=st.lists(st.sampled_from(S), min_size=1, max_size=10),
    later=st.integers(0, 3_600_000),
)
def test_a_card_never_changes_before_it_said_it_would(states: list[S], later: int) -> None:
    order = order_of(states, wait=(60, 120))
    before = progress_of(order, START)
    due = changes_at(order, before)
    after = progress_of(order, START + later)
    assert (after.signature == before.signature) is (due is None or START + later < due)


@given(states=st.lists(st.sampled_from(S), min_size=1, max_size=10))
def test_an_order_is_done_when_all_its_clips_have_ended(states: list[S]) -> None:
    progress = progress_of(order_of(states), START)
    assert (progress.phase is Phase.DONE) is all(state in ENDED for state in states)
    assert progress.ready + progress.failed <= progress.total
    assert (progress.phase is Phase.DONE) is (progress.ready + progress.failed == progress.total)


@pytest.mark.parametrize(
    ("states", "told"),
    [
        ([S.FAILED], True),
        ([S.RELEASED, S.CANCELLED], True),
        ([S.CANCELLED, S.CANCELLED], False),
        ([S.FAILED, S.POSTED], False),
        ([S.FAILED, S.KEPT], False),
        ([S.FAILED, S.RENDERING], False),
    ],
)
def test_a_failure_is_told_when_nothing_came_and_the_owner_did_not_cancel_all(
    states: list[S], *, told: bool
) -> None:
    assert failed_altogether(order_of(states)) is told


@pytest.mark.parametrize(
    ("history", "wait"),
    [
        ((), None),
        ((60_000, 61_000), None),
        ((30_000, 60_000, 90_000), (30, 90)),
        ((10, 20, 30), (1, 1)),
        (tuple(range(10_000, 110_000, 10_000)), (30, 80)),
        ((900_000, 60_000, 61_000, 62_000), (61, 900)),
    ],
)
def test_the_usual_wait_is_the_middle_half_of_history(
    history: tuple[int, ...], wait: tuple[int, int] | None
) -> None:
    assert usual_wait(history) == wait


@given(history=st.lists(st.integers(0, 10**8), min_size=3, max_size=30))
def test_a_usual_wait_is_in_order_whatever_the_history(history: list[int]) -> None:
    wait = usual_wait(tuple(history))
    assert wait is not None
    assert 1 <= wait[0] <= wait[1]
