"""Which words of a prompt choose which moves, noises and moods."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.animator.plan import Effect, Mood, Move, Noise, plan_clip


@pytest.mark.parametrize(
    ("prompt", "moves"),
    [
        ("Slow push in on the cup", [Move.PUSH_IN]),
        ("camera zooms in", [Move.PUSH_IN]),
        ("zoom", [Move.PUSH_IN]),
        ("zoom slowly out of the scene", [Move.PULL_OUT]),
        ("the camera pulls back", [Move.PULL_OUT]),
        ("pan left, then tilt up", [Move.PAN_LEFT, Move.TILT_UP]),
        ("The camera pans slowly to the right", [Move.PAN_RIGHT]),
        ("camera pans", [Move.PAN_RIGHT]),
        ("orbit around the statue", [Move.ORBIT_RIGHT]),
        ("orbiting left", [Move.ORBIT_LEFT]),
        ("handheld documentary style", [Move.HANDHELD]),
        ("she floats in space", [Move.DRIFT]),
        ("static camera, rain falls", [Move.STILL]),
        ("no camera movement, zoom in", [Move.STILL]),
        ("zoom in and zoom out", [Move.PUSH_IN]),
        ("tilt-shift photo, push in", [Move.PUSH_IN]),
        ("a frying pan left on the stove, zoom in", [Move.PUSH_IN]),
        ("don\u2019t zoom in, pan right", [Move.PAN_RIGHT]),
        ("without any shaking, orbit", [Move.ORBIT_RIGHT]),
    ],
)
def test_words_choose_the_moves(prompt: str, moves: list[Move]) -> None:
    assert list(plan_clip(prompt).moves) == moves


def test_what_is_to_be_avoided_is_left_out() -> None:
    assert plan_clip("zoom in, handheld", avoid="shaky, handheld").moves == (Move.PUSH_IN,)
    assert plan_clip("zoom in", avoid="camera movement").moves == (Move.STILL,)
    assert plan_clip("rain and wind", avoid="rain").noises == (Noise.WIND,)


@pytest.mark.parametrize(
    ("prompt", "noises"),
    [
        ("heavy rain on the window", [Noise.RAIN]),
        ("a yellow rain jacket", []),
        ("no rain, a campfire", [Noise.FIRE]),
        ("a firefighter and a fire truck", []),
        ("waves at the beach, wind", [Noise.WAVES, Noise.WIND]),
        ("she waves to him", []),
        ("old wind mill", []),
    ],
)
def test_words_choose_the_noises(prompt: str, noises: list[Noise]) -> None:
    assert list(plan_clip(prompt).noises) == noises


def test_words_choose_mood_and_strength() -> None:
    assert (plan_clip("dark night").mood, plan_clip("sunny").mood) == (Mood.DARK, Mood.BRIGHT)
    assert plan_clip("a chair").mood is Mood.OPEN
    assert plan_clip("slowly zoom in").strength < 1 < plan_clip("dramatic zoom in").strength


def test_an_unknown_prompt_gets_the_same_move_every_time() -> None:
    moves = {plan_clip(f"Ein Stuhl, Nummer {number}").moves for number in range(40)}

    assert plan_clip("Ein Stuhl").moves == plan_clip("Ein Stuhl").moves
    assert len(moves) == 4


def test_variations_of_one_prompt_differ() -> None:
    plans = [plan_clip("push in", seed=seed) for seed in range(4)]

    assert all(plan.moves[0] is Move.PUSH_IN for plan in plans)
    assert len({plan.moves for plan in plans}) == 4


def test_an_effect_replaces_the_prompt() -> None:
    plan = plan_clip("pan left", effect=Effect.SQUISH)

    assert (plan.effect, plan.moves) == (Effect.SQUISH, (Move.PUSH_IN,))
    assert plan.explain() == "squish x0.3; “effect squish”"


def test_a_plan_explains_itself_with_the_words_it_was_read_from() -> None:
    assert plan_clip("slow pan left").explain() == "pan left x0.6; “pan left”, “slow”"
    assert "nothing recognised" in plan_clip("xyz").explain()


@given(st.text(max_size=200), st.text(max_size=40), st.integers(0, 9))
@settings(max_examples=60, deadline=None)
def test_any_prompt_makes_a_plan_with_no_contradiction(prompt: str, avoid: str, seed: int) -> None:
    moves = plan_clip(prompt, avoid=avoid, seed=seed).moves

    assert 1 <= len(moves) <= 3
    assert not {Move.PUSH_IN, Move.PULL_OUT} <= set(moves)
    assert Move.STILL not in moves or len(moves) == 1
