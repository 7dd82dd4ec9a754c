"""The table of moves is whole: every state can be reached, and the money's sets fit it."""

from __future__ import annotations

import pytest

from jobs.states import DELIVERED, ENDED, MOVES, NOT_CHARGED, ClipState, allowed, sources

BEFORE_THE_REQUEST = {ClipState.REVIEW, ClipState.QUEUED}


def reachable(start: ClipState) -> set[ClipState]:
    """Follow the moves from a state."""
    found: set[ClipState] = set()
    ahead = {start}
    while ahead:
        found |= ahead
        ahead = {following for state in ahead for following in MOVES[state]} - found
    return found


def test_every_state_has_its_moves_and_is_reachable_from_review() -> None:
    assert set(MOVES) == set(ClipState) == reachable(ClipState.REVIEW)


@pytest.mark.parametrize("state", ClipState)
def test_every_clip_can_come_to_an_end(state: ClipState) -> None:
    assert reachable(state) & ENDED


def test_what_the_vendor_has_never_goes_back_to_the_line() -> None:
    # Only the very answer to the request can say that nothing was made.
    assert set(sources(ClipState.QUEUED)) == {ClipState.REVIEW, ClipState.SUBMITTING}
    assert sources(ClipState.SUBMITTING) == (ClipState.QUEUED,)
    for state in set(ClipState) - BEFORE_THE_REQUEST - {ClipState.SUBMITTING}:
        assert not reachable(state) & (BEFORE_THE_REQUEST | {ClipState.SUBMITTING})


def test_only_what_has_not_left_can_be_cancelled() -> None:
    assert set(sources(ClipState.CANCELLED)) == BEFORE_THE_REQUEST


def test_what_was_charged_never_becomes_free_again() -> None:
    charged = {ClipState.READY, ClipState.POSTING, ClipState.POSTED, ClipState.KEPT}
    assert all(reachable(state) <= charged for state in charged)
    assert not charged & NOT_CHARGED
    assert charged >= DELIVERED


def test_ends_are_delivered_or_not_charged_and_never_both() -> None:
    assert DELIVERED | NOT_CHARGED == ENDED
    assert not DELIVERED & NOT_CHARGED


def test_allowed_and_sources_tell_the_same_story() -> None:
    for following in ClipState:
        assert sources(following) == tuple(one for one in ClipState if allowed(one, following))
