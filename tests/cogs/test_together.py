"""Two presses, or ten, that reach the bot in the same moment do what one press does, once."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from jobs.catalogue import Catalogue, Effect
from tests.cogs import pressing, pressing_moderators
from tests.cogs.moderating import Court, court_of
from tests.cogs.pressing import carded, deleted, result
from tests.cogs.scenes import MODELS, SEEDANCE, Scene, followed, labels, reply, said
from tests.cogs.together import at_once, click, deed, shown, standing, submit
from tests.fakes import START

if TYPE_CHECKING:
    from tests.cogs.together import Case

CASES = (*pressing.CASES, *pressing_moderators.CASES)


@pytest.fixture
def catalogue() -> Catalogue:
    """List so much that every list has a second page."""
    known = Catalogue()
    more = (replace(SEEDANCE, value=f"more-{n}", label=f"More {n}") for n in range(12))
    known.replace((*MODELS, *more), START)
    effects = tuple(Effect(code=f"e_{n}", name=f"Effect {n}") for n in range(12))
    known.replace_effects(effects, START)
    return known


@pytest.fixture
async def court(scene: Scene, catalogue: Catalogue) -> Court:
    """Bring members and moderators together."""
    return await court_of(scene, catalogue)


def test_every_button_select_and_form_of_the_bot_is_in_the_table(scene: Scene) -> None:
    pressed = {button.name for button in scene.bot._buttons}  # type: ignore[attr-defined]  # ours
    assert {case.name for case in CASES} == pressed | {f"{one} sent in" for one in scene.bot._forms}


@pytest.mark.parametrize("times", [2, 10])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_presses_at_once_do_together_what_one_does(
    court: Court, case: Case, times: int, caplog: pytest.LogCaptureFixture
) -> None:
    action = await case.arrange(court)
    before = await standing(court)
    results = await at_once(court, *[action] * times)
    assert deed(before, await standing(court)) == case.done(times)
    for one in results:
        assert one.acknowledged
        assert shown(one).strip(), "an answer that says nothing"
        assert re.search(case.says, shown(one)), shown(one)
    assert "failed, code" not in caplog.text
    assert "could not be told" not in caplog.text


# --- two people ---------------------------------------------------------------------------------


async def test_two_who_press_again_at_once_each_have_an_offer_of_their_own(court: Court) -> None:
    scene = court.scene
    _, message = await result(scene)
    people = (scene.alice, scene.bob, court.mona)
    before = await standing(court)
    offers = await at_once(court, *(click(who, message, "Again") for who in people))
    assert deed(before, await standing(court)) == {"drafts": 3}
    confirms = (
        click(who, reply(offer), "Confirm") for who, offer in zip(people, offers, strict=True)
    )
    await at_once(court, *confirms)
    owners = [order.member.user_id for order in await scene.orders()]
    assert sorted(owners[1:]) == sorted(who.id for who in people)
    assert [await scene.spendable(who) for who in people] == [80, 90, 90]


async def test_two_who_edit_at_once_each_have_a_form_and_an_order(court: Court) -> None:
    scene = court.scene
    _, message = await result(scene)
    opened = await at_once(
        court, *(click(who, message, "Edit") for who in (scene.alice, scene.bob))
    )
    offers = await at_once(
        court,
        submit(scene.alice, opened[0], prompt="smoke drifts"),
        submit(scene.bob, opened[1], prompt="rain falls"),
    )
    assert ["smoke drifts" in said(offers[0]), "rain falls" in said(offers[1])] == [True, True]


async def test_two_who_report_at_once_are_both_heard_about_one_case(court: Court) -> None:
    scene = court.scene
    await court.review(on=False)
    _, message = await result(scene)
    people = (scene.bob, court.eve)
    asked = await at_once(court, *(click(who, message, "Report") for who in people))
    before = await standing(court)
    told = await at_once(
        court,
        *(click(who, reply(one), "Report it") for who, one in zip(people, asked, strict=True)),
    )
    assert deed(before, await standing(court)) == {"reports": 2, "cases": 1, "acts": 1}
    assert all("went wrong" not in shown(one) for one in told)


async def test_of_two_moderators_who_decide_at_once_one_has_decided(court: Court) -> None:
    message = await pressing_moderators.reviewed(court)
    opened = await court.rolf.click(message, label="Reject")
    before = await standing(court)
    both = await at_once(
        court, click(court.mona, message, "Approve"), submit(court.rolf, opened, reason="no")
    )
    did = deed(before, await standing(court))
    assert (did["reviews decided"], did["acts"]) == (1, 1)
    assert sorted("That order is decided" in shown(one) for one in both) == [False, True]


async def test_of_keep_and_delete_at_once_one_counts(court: Court) -> None:
    case = await pressing_moderators.case_of(court)
    before = await standing(court)
    both = await at_once(
        court, click(court.mona, case, "Keep"), click(court.rolf, case, "Delete it")
    )
    did = deed(before, await standing(court))
    assert (did["cases decided"], did["acts"]) == (1, 1)
    assert sorted("That video is decided" in shown(one) for one in both) == [False, True]


async def test_owner_and_moderator_who_delete_at_once_delete_once(court: Court) -> None:
    scene = court.scene
    _, message = await result(scene)
    mine = await scene.alice.click(message, label="Delete")
    theirs = await court.mona.click(message, label="Delete")
    why = await court.mona.click(reply(theirs), label="Delete for good")
    before = await standing(court)
    both = await at_once(
        court,
        click(scene.alice, reply(mine), "Delete for good"),
        submit(court.mona, why, reason="not here"),
    )
    did = deed(before, await standing(court))
    assert did | {"acts": 0} == deleted(1) | {"acts": 0}
    assert all("deleted already" in shown(one) or "Deleted." in shown(one) for one in both)


async def test_cancel_by_its_owner_and_by_somebody_else_at_once(court: Court) -> None:
    scene = court.scene
    card = await carded(scene, await scene.ordered())
    mine, theirs = await at_once(
        court, click(scene.alice, card, "Cancel"), click(scene.bob, card, "Cancel")
    )
    assert said(mine) == "Cancelled: 1 clip. The credits are yours again."
    assert said(theirs).startswith("Only the member who asked for it can do that.")
    assert await scene.spendable() == 100


async def test_confirm_and_cancel_at_once_agree_on_what_became_of_it(court: Court) -> None:
    scene = court.scene
    offer = reply(await scene.animate(variations=6))
    both = await at_once(
        court, click(scene.alice, offer, "Confirm"), click(scene.alice, offer, "Cancel")
    )
    orders = await scene.orders()
    text = "\n".join(map(shown, both))
    assert ("Order #" in text) == bool(orders)
    assert ("Nothing was spent" in text) == (not orders)
    assert await scene.spendable() == (40 if orders else 100)


async def test_both_ways_to_delete_at_once_do_one_of_them(court: Court) -> None:
    scene = court.scene
    _, message = await result(scene)
    asked = reply(await scene.alice.click(message, label="Delete"))
    assert labels(asked) == ["Delete for good", "Delete, keep the message"]
    first, second = await at_once(
        court,
        click(scene.alice, asked, "Delete for good"),
        click(scene.alice, asked, "Delete, keep the message"),
    )
    assert said(first) == "Deleted. The message goes in a moment."
    assert followed(second) == "It was deleted already."
