"""Members leaf through their orders with `/videos`, and find one by typing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cogs.browsing import Look
from cogs.client import Muybridge
from jobs.browsing import PAGE, Cursor, Shelf
from jobs.ids import code
from jobs.model import GuildRules
from tests.cogs.looking_back import (
    coded,
    codes,
    delivered,
    failed,
    listed,
    many,
    moderator,
    shown,
    videos,
)
from tests.cogs.scenes import Scene, reply

if TYPE_CHECKING:
    from simcord import MemberActor

    from cogs.client import Services


@pytest.fixture
def rules() -> GuildRules:
    """Let a member order a lot."""
    return GuildRules(allowance_credits=5000, clips_at_once=200, confirm_price=500)


# --- the list ---------------------------------------------------------------------------------


async def test_a_new_member_is_told_how_to_begin(scene: Scene) -> None:
    found = await listed(scene)
    assert found.text == "## Your orders\nNothing here yet: `/animate` makes your first clip."
    assert found.buttons == {}


async def test_orders_are_listed_newest_first_with_a_still_and_where_they_stand(
    scene: Scene,
) -> None:
    first = await delivered(scene, await scene.ordered(variations=2, prompt="a *slow* push"))
    scene.clock.advance(1)
    second = await scene.ordered(prompt="rain on glass")
    found = await listed(scene)
    assert codes(found) == coded([second, first])
    assert found.texts[1].splitlines()[1:] == [
        "> rain on glass",
        "-# Seedance 1.0 Pro · 720p · 5 s · 1 clip",
        "Queued, next in line",
    ]
    assert found.texts[2].splitlines()[1:] == [
        "> a \\*slow\\* push",
        "-# Seedance 1.0 Pro · 720p · 5 s · 2 clips",
        "2 clips ready · 20 credits",
    ]
    assert len(found.stills) == 1
    assert found.options("videos-order") == [
        f"#{code(second.id)} · rain on glass",
        f"#{code(first.id)} · a *slow* push",
    ]


async def test_a_missing_file_shows_no_still_and_the_list_comes_all_the_same(
    scene: Scene,
) -> None:
    order = await delivered(scene, await scene.ordered())
    (scene.library.folder / order.clips[0].file).unlink()
    found = await listed(scene)
    assert codes(found) == coded([order])
    assert found.stills == []


async def test_a_still_that_is_deleted_while_the_list_is_drawn_is_left_out(scene: Scene) -> None:
    order = await delivered(scene, await scene.ordered())
    scene.library.stills_vanish = True
    found = await listed(scene)
    assert codes(found) == coded([order])
    assert found.stills == []
    answer = reply(await videos(scene, order=code(order.id)))
    assert shown(answer).stills == []
    assert "Again" in shown(answer).buttons


async def test_pages_are_turned_in_the_same_message_also_after_a_restart(
    scene: Scene, services: Services
) -> None:
    orders = await many(scene, PAGE + 2)
    result = await videos(scene)
    answer = reply(result)
    assert codes(shown(answer)) == coded(orders[:PAGE])
    assert list(shown(answer).buttons) == ["Older"]
    await scene.alice.click(answer, label="Older")
    assert codes(shown(answer)) == coded(orders[PAGE:])
    assert list(shown(answer).buttons) == ["Newer"]
    await scene.env.restart_bot(Muybridge(services, sync=False, shard_count=1))
    turned = await scene.alice.click(answer, label="Newer")
    assert turned.followups == []
    assert codes(shown(answer)) == coded(orders[:PAGE])


async def test_a_list_is_narrowed_to_what_failed_and_says_where_nothing_did(scene: Scene) -> None:
    result = await videos(scene)
    answer = reply(result)
    shelf = shown(answer).pick("videos-shelf")
    await scene.alice.select(answer, ["failed"], custom_id=shelf)
    assert "There are no such orders." in shown(answer).text
    lost = await failed(scene, await scene.ordered())
    await scene.ordered()
    chosen = shown(answer).pick("videos-shelf")
    await scene.alice.select(answer, ["failed"], custom_id=chosen)
    assert codes(shown(answer)) == coded([lost])
    assert "No video came of it, and nothing was charged" in shown(answer).text
    (marked,) = (one for one in shown(answer).selects[chosen] if one.get("default"))
    assert marked["value"] == "failed"


async def test_the_fullest_list_fits_a_message(scene: Scene) -> None:
    for _ in range(PAGE + 1):
        scene.clock.advance(1)
        await scene.animate(prompt="*a" * 1000, avoid="_" * 500, variations=10)
    await delivered(scene, (await scene.orders())[-1])
    found = await listed(scene)
    assert len(found.stills) == PAGE
    assert list(found.buttons) == ["Older"]


# --- autocomplete -----------------------------------------------------------------------------


async def offered(scene: Scene, who: MemberActor, typed: str, **filled: Any) -> list[str]:  # noqa: ANN401
    found = await who.autocomplete(scene.studio, "videos", "order", typed, **filled)
    return [one["name"] for one in found]


async def test_orders_are_offered_by_code_and_prompt(scene: Scene) -> None:
    first = await scene.ordered(prompt="waves @everyone\n" + "x" * 300)
    scene.clock.advance(1)
    second = await scene.ordered(prompt="rain on glass")
    names = await offered(scene, scene.alice, "")
    assert names[0] == f"#{code(second.id)} · rain on glass"
    assert names[1].startswith(f"#{code(first.id)} · waves @everyone xxx")
    assert len(names[1]) == 100
    assert await offered(scene, scene.alice, "RAIN") == names[:1]
    assert await offered(scene, scene.alice, f"#{code(first.id)}") == names[1:]
    assert await offered(scene, scene.bob, "") == []


async def test_never_more_than_25_orders_are_offered(scene: Scene) -> None:
    await many(scene, 27)
    assert len(await offered(scene, scene.alice, "")) == 25


async def test_a_named_members_orders_are_offered_to_moderators_only(scene: Scene) -> None:
    order = await scene.ordered()
    mona = moderator(scene)
    assert await offered(scene, scene.bob, "", member=scene.alice) == []
    assert await offered(scene, mona, "", member=scene.alice) == [
        f"#{code(order.id)} · steam rises"
    ]


# --- what the custom_ids hold -----------------------------------------------------------------


@pytest.mark.parametrize("shelf", list(Shelf))
@pytest.mark.parametrize("cursor", [Cursor(), Cursor(before=2**58), Cursor(after=2**58)])
def test_a_place_in_a_list_survives_in_a_custom_id(shelf: Shelf, cursor: Cursor) -> None:
    look = Look(owner=2**63 - 1, shelf=shelf, cursor=cursor)
    assert Look.of(look.state) == look
    assert len(look.state) <= 60
