"""Settings are changed one at a time, each with its act; a paused guild's line stands still."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from jobs.governing import Changed, Setting
from jobs.quotas import Doing
from tests.storage.contract.desk import DAY, GUILD, Desk, member, message

if TYPE_CHECKING:
    from jobs.governing import Value

MONA, OTTO = 50, 60


def doing(desk: Desk, actor: int = MONA, guild: int = GUILD) -> Doing:
    return Doing(id=desk.id(), guild_id=guild, actor_id=actor)


async def told(desk: Desk) -> list[tuple[str, str, str, int]]:
    rows = await desk.rows("SELECT about, before, after, actor_id FROM acts ORDER BY at, id")
    return [(row["about"], row["before"], row["after"], row["actor_id"]) for row in rows]


@pytest.mark.parametrize(
    ("setting", "value", "written"),
    [
        (Setting.CHANNELS, frozenset({8, 7}), "<#7> <#8>"),
        (Setting.LOG_CHANNEL, 9, "<#9>"),
        (Setting.MODERATOR_ROLES, frozenset({5}), "<@&5>"),
        (Setting.MODELS, frozenset({"b", "a"}), "a b"),
        (Setting.REUSE, 0, "off"),
        (Setting.POOL_CREDITS, 500, "500"),
        (Setting.POOL_PERIOD, "week", "week"),
        (Setting.ZONE, "Europe/Berlin", "Europe/Berlin"),
        (Setting.LARGEST_RESOLUTION, "720p", "720p"),
        (Setting.LANGUAGE, "de", "de"),
    ],
)
async def test_a_setting_is_kept_with_who_set_it(
    desk: Desk, setting: Setting, value: Value, written: str
) -> None:
    before = getattr(await desk.store.rules(GUILD), setting)
    changed = await desk.store.change_rule(doing(desk), setting, value, desk.now)
    assert changed == Changed(before=before, after=value)
    assert getattr(await desk.store.rules(GUILD), setting) == value
    ((about, _, after, actor),) = await told(desk)
    assert (about, after, actor) == (setting, written, MONA)
    board = await desk.store.board(GUILD, desk.now)
    assert board.changes[setting].act.actor_id == MONA
    assert not board.fresh


async def test_what_is_so_already_and_a_second_delivery_change_nothing(desk: Desk) -> None:
    click = doing(desk)
    await desk.store.change_rule(click, Setting.COOLDOWN_S, 60, desk.now)
    await desk.store.change_rule(doing(desk, OTTO), Setting.COOLDOWN_S, 30, desk.now)
    await desk.store.change_rule(click, Setting.COOLDOWN_S, 60, desk.now)
    await desk.store.change_rule(doing(desk), Setting.COOLDOWN_S, 30, desk.now)
    assert (await desk.store.rules(GUILD)).cooldown_s == 30
    assert await told(desk) == [
        ("cooldown_s", "0", "60", MONA),
        ("cooldown_s", "60", "30", OTTO),
    ]


@pytest.mark.parametrize("count", [2, 10])
async def test_of_moderators_at_the_same_moment_the_last_one_wins_with_a_row_each(
    desk: Desk, count: int
) -> None:
    clicks = [doing(desk, 100 + number) for number in range(count)]
    await asyncio.gather(
        *(desk.store.change_rule(one, Setting.COOLDOWN_S, one.actor_id, desk.now) for one in clicks)
    )
    rows = await told(desk)
    assert {one[3] for one in rows} == {one.actor_id for one in clicks}
    steps = {before: after for _, before, after, _ in rows}
    last = "0"
    for _ in clicks:  # each was told what the one before it had set
        last = steps.pop(last)
    assert (await desk.store.rules(GUILD)).cooldown_s == int(last)


async def test_the_settings_of_one_guild_are_not_anothers(desk: Desk) -> None:
    await desk.store.change_rule(doing(desk), Setting.COOLDOWN_S, 60, desk.now)
    assert (await desk.store.rules(GUILD + 1)).cooldown_s == 0
    assert (await desk.store.board(GUILD + 1, desk.now)).fresh


async def test_an_order_speaks_the_language_that_its_guild_had_chosen_when_it_was_placed(
    desk: Desk,
) -> None:
    spoken = []
    for language, guild in (("", GUILD), ("ja", GUILD), ("", GUILD), ("", GUILD + 1)):
        await desk.store.change_rule(doing(desk, guild=guild), Setting.LANGUAGE, language, desk.now)
        placed = await desk.place(member(guild=guild))
        place = (await desk.order(placed.order_id)).place
        spoken.append((place.locale, place.guild_locale))
    discords = ("en-US", "en-US")
    assert spoken == [discords, ("en-US", "ja"), discords, discords]


async def test_a_board_shows_how_full_the_pool_is(desk: Desk) -> None:
    await desk.store.change_rule(doing(desk), Setting.POOL_CREDITS, 100, desk.now)
    await desk.place(member(), clips=3)
    board = await desk.store.board(GUILD, desk.now)
    assert board.pool_taken == 30
    assert (await desk.store.board(GUILD, desk.now + 40 * DAY)).pool_taken == 0


async def test_a_set_up_is_over_once(desk: Desk) -> None:
    assert (await desk.store.board(GUILD, desk.now)).fresh
    await desk.store.finish_set_up(GUILD, desk.now)
    await desk.store.finish_set_up(GUILD, desk.now + 5)
    board = await desk.store.board(GUILD, desk.now)
    assert not board.fresh
    assert board.rules.set_up_at == desk.now


# --- pausing ------------------------------------------------------------------------------------


async def test_pausing_and_resuming_are_told_once_each(desk: Desk) -> None:
    both = [desk.store.pause(doing(desk, actor), desk.now) for actor in (MONA, OTTO)]
    assert sorted(await asyncio.gather(*both)) == [False, True]
    rules = await desk.store.rules(GUILD)
    assert rules.paused_at == desk.now
    assert rules.paused_by in (MONA, OTTO)
    both = [desk.store.resume(doing(desk, actor), desk.now) for actor in (MONA, OTTO)]
    assert sorted(await asyncio.gather(*both)) == [False, True]
    assert (await desk.store.rules(GUILD)).paused_at is None
    assert len(await told(desk)) == 2


async def test_the_cards_of_what_waits_are_drawn_when_it_is_paused_and_when_it_goes_on(
    desk: Desk,
) -> None:
    waiting = await desk.place(member())
    other = await desk.place(member(guild=GUILD + 1))
    for order in await desk.store.claim_cards(desk.now, desk.now, 10):
        await desk.store.record_card(order, None, "said", None, desk.now)
    await desk.store.pause(doing(desk), desk.now)
    (due,) = await desk.store.claim_cards(desk.now, desk.now, 10)
    assert due.id == waiting.order_id != other.order_id
    assert due.paused
    await desk.store.record_card(due, None, "paused", None, desk.now)
    await desk.store.resume(doing(desk), desk.now)
    (due,) = await desk.store.claim_cards(desk.now, desk.now, 10)
    assert not due.paused


async def test_after_a_pause_the_line_goes_on_in_its_order_and_not_before_others(
    desk: Desk,
) -> None:
    first = await desk.place(member(7), clips=2, price=1)
    second = await desk.place(member(7), clips=2, price=1)
    await desk.store.pause(doing(desk), desk.now)
    for _ in range(4):  # meanwhile the others go on, one after the other
        await desk.place(member(8, guild=GUILD + 1), clips=4, price=1)
        await desk.send_out()
    theirs = await desk.place(member(8, guild=GUILD + 1), clips=1, price=1)
    await desk.store.resume(doing(desk), desk.now)
    third = await desk.place(member(7))
    sends = await desk.claim()
    order = [send.order_id for send in sends]
    assert order.index(first.order_id) < order.index(second.order_id) < order.index(third.order_id)
    assert order.index(theirs.order_id) < order.index(second.order_id)
    assert await desk.balanced()


async def test_a_resumed_guild_that_nobody_overtook_keeps_its_turns(desk: Desk) -> None:
    await desk.place(member(7), clips=2, price=1)
    before = await desk.value("SELECT turn FROM sends")
    await desk.store.pause(doing(desk), desk.now)
    await desk.store.resume(doing(desk), desk.now)
    assert await desk.value("SELECT turn FROM sends") == before


async def test_what_is_held_is_not_in_the_line_and_comes_back_when_it_was_due(desk: Desk) -> None:
    await desk.place(member(7))
    waits_for_card = await desk.place(member(8), card_picture=True)
    before = await desk.rows("SELECT id, due_at FROM sends ORDER BY id")
    await desk.store.pause(doing(desk), desk.now)
    assert await desk.value("SELECT COUNT(*) FROM sends WHERE due_at IS NOT NULL") == 0
    assert await desk.balanced()
    await desk.store.resume(doing(desk), desk.now)
    after = await desk.rows("SELECT id, due_at FROM sends ORDER BY id")
    assert [(one["id"], one["due_at"]) for one in after] == [
        (one["id"], one["due_at"]) for one in before
    ]
    assert waits_for_card.order_id not in [send.order_id for send in await desk.claim()]


async def test_a_card_that_is_posted_while_its_guild_is_paused_sends_nothing_off(
    desk: Desk,
) -> None:
    ordered = await desk.place(member(), card_picture=True)
    await desk.store.pause(doing(desk), desk.now)
    (due,) = await desk.store.claim_cards(desk.now, desk.now, 10)
    assert await desk.store.begin_card(due, desk.now)
    await desk.store.record_card(due, message(), "said", None, desk.now)
    assert await desk.claim() == ()
    await desk.store.resume(doing(desk), desk.now)
    assert [send.order_id for send in await desk.claim()] == [ordered.order_id]


async def test_a_send_that_is_put_back_while_its_guild_is_paused_waits_with_the_others(
    desk: Desk,
) -> None:
    await desk.place(member())
    (send,) = await desk.send_out()
    await desk.store.pause(doing(desk), desk.now)
    await desk.store.put_back(send, desk.now, "slow down", desk.now)
    assert await desk.claim() == ()
    await desk.store.resume(doing(desk), desk.now)
    assert [one.id for one in await desk.claim()] == [send.id]
