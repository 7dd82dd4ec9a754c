"""Every act reaches the log channel once, in order, and none is lost because the channel is."""

from __future__ import annotations

import random
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from jobs.engine import Engine
from jobs.governing import Setting
from jobs.logbook import LEASE_MS, TRIES, LogChannel, PostActs, Report
from jobs.ports import CannotLook, PostFailed, PostFault
from jobs.quotas import Doing
from jobs.schedule import NONCE_MS
from storage.restoring import restored
from tests.fakes import FakeClock
from tests.storage.contract.desk import GUILD, HOUR, Desk, member

if TYPE_CHECKING:
    from jobs.acts import Written

CHANNEL = 5


@dataclass
class FakeChannel:
    """A log channel that fails, forgets its replies or goes blind when a test says so."""

    faults: deque[PostFailed | None] = field(default_factory=deque)
    lost_replies: int = 0
    blind: bool = False
    posted: list[tuple[int, str]] = field(default_factory=list)
    looked: int = 0
    ids: set[int] = field(default_factory=set)
    languages: list[str] = field(default_factory=list)

    async def post(self, channel_id: int, written: Written, language: str) -> None:
        fault = self.faults.popleft() if self.faults else None
        if fault is not None:
            raise fault
        self.posted.append((channel_id, written.act.after))
        self.ids.add(written.id)
        self.languages.append(language)
        if self.lost_replies:
            self.lost_replies -= 1
            raise PostFailed(PostFault.LATER, "the reply was lost")

    async def is_up(self, channel_id: int, written: Written, since: int) -> bool:
        self.looked += 1
        if self.blind:
            raise CannotLook("blind")
        return written.id in self.ids


def fits(channel: FakeChannel) -> LogChannel:
    return channel


@dataclass
class Office:
    """A guild with a log channel, and the engine that posts to it."""

    desk: Desk
    channel: FakeChannel
    clock: FakeClock
    step: PostActs
    engine: Engine

    async def act(self, *amounts: int, guild: int = GUILD) -> None:
        for amount in amounts:
            await self.desk.grant(member(guild=guild), amount)

    def pass_by(self, milliseconds: int) -> None:
        self.clock.advance(milliseconds / 1000)
        self.desk.now = self.clock.now()

    async def waiting(self) -> int:
        return int(await self.desk.value("SELECT COUNT(*) FROM acts WHERE due_at IS NOT NULL"))

    async def known(self) -> int:
        return int(await self.desk.value("SELECT COUNT(*) FROM acts WHERE posted_at IS NOT NULL"))

    async def claim(self) -> Report:
        (report,) = await self.step.claim(1)
        return report


@pytest.fixture
async def office(desk: Desk) -> Office:
    """Open a guild's log channel."""
    await desk.write(
        "INSERT INTO guilds (guild_id, log_channel_id) VALUES ($1, $2)", GUILD, CHANNEL
    )
    channel, clock = FakeChannel(), FakeClock(desk.now)
    step = PostActs(desk.store, fits(channel), clock, random.Random(1))  # noqa: S311 - no secret
    return Office(desk, channel, clock, step, Engine([step], clock))


async def test_acts_are_posted_once_and_in_order(office: Office) -> None:
    await office.act(1, 2, 3)
    await office.engine.drain()
    await office.engine.drain()
    assert office.channel.posted == [(CHANNEL, "1"), (CHANNEL, "3"), (CHANNEL, "6")]
    assert (await office.waiting(), await office.known()) == (0, 3)


async def test_acts_are_told_in_the_language_that_their_guild_has_chosen(office: Office) -> None:
    await office.act(1)
    await office.engine.drain()
    await office.desk.write("UPDATE guilds SET language = 'fr' WHERE guild_id = $1", GUILD)
    await office.act(2)
    await office.engine.drain()
    assert office.channel.languages == ["", "fr"]


async def test_acts_go_to_the_channel_of_their_own_guild_and_nowhere_without_one(
    office: Office,
) -> None:
    await office.desk.write(
        "INSERT INTO guilds (guild_id, log_channel_id) VALUES ($1, 6)", GUILD + 1
    )
    await office.act(1)
    await office.act(2, guild=GUILD + 1)
    await office.act(4, guild=GUILD + 2)
    await office.engine.drain()
    assert sorted(office.channel.posted) == [(CHANNEL, "1"), (6, "2")]


async def test_a_channel_that_is_gone_keeps_nothing_waiting_and_the_history_has_it_all(
    office: Office,
) -> None:
    await office.act(1, 2)
    office.channel.faults.extend(PostFailed(PostFault.NO_ROOM, "gone") for _ in range(2))
    await office.engine.drain()
    assert (await office.waiting(), await office.known()) == (0, 0)
    assert await office.desk.value("SELECT COUNT(*) FROM acts") == 2
    await office.act(3)
    await office.engine.drain()
    assert office.channel.posted == [(CHANNEL, "6")]


async def log_to(office: Office, channel_id: int | None) -> None:
    """Have a moderator choose the log channel."""
    desk = office.desk
    doing = Doing(id=desk.id(), guild_id=GUILD, actor_id=9)
    await desk.store.change_rule(doing, Setting.LOG_CHANNEL, channel_id, desk.now)


async def test_that_the_log_is_switched_off_is_told_in_it_after_all_that_came_before(
    office: Office,
) -> None:
    await office.act(1)
    await log_to(office, None)
    await office.act(2)
    await office.engine.drain()
    await office.engine.drain()
    assert office.channel.posted == [(CHANNEL, "1"), (CHANNEL, "")]
    assert (await office.waiting(), await office.known()) == (0, 2)


async def test_that_the_log_goes_elsewhere_is_told_where_it_was(office: Office) -> None:
    await log_to(office, 6)
    await office.act(1)
    for _ in range(2):
        await office.engine.drain()
    assert office.channel.posted == [(CHANNEL, "<#6>"), (6, "1")]


async def test_the_first_log_channel_is_told_that_it_is_one(office: Office) -> None:
    await office.desk.write("UPDATE guilds SET log_channel_id = NULL")
    await log_to(office, 6)
    await office.engine.drain()
    assert office.channel.posted == [(6, "<#6>")]


async def test_what_the_old_channel_does_not_take_is_told_in_the_new_one(office: Office) -> None:
    await office.act(1)
    await log_to(office, 6)
    office.channel.faults.extend(PostFailed(PostFault.NO_ROOM, "gone") for _ in range(1))
    for _ in range(3):
        await office.engine.drain()
    assert office.channel.posted == [(6, "1"), (CHANNEL, "<#6>")]
    assert (await office.waiting(), await office.known()) == (0, 2)


async def test_an_act_of_before_is_told_in_the_log_channel_of_now(office: Office) -> None:
    await office.act(1)
    await office.desk.write("UPDATE acts SET log_channel_id = NULL")
    await office.engine.drain()
    assert office.channel.posted == [(CHANNEL, "1")]


async def test_while_discord_is_down_acts_wait_in_order_and_not_for_ever(office: Office) -> None:
    await office.act(1, 2)
    later = PostFailed(PostFault.LATER, "down", retry_after=7)
    office.channel.faults.append(later)
    await office.engine.drain()
    assert office.channel.posted == []
    office.pass_by(6999)
    await office.engine.drain()
    assert office.channel.posted == []
    office.pass_by(1)
    await office.engine.drain()
    assert office.channel.posted == [(CHANNEL, "1"), (CHANNEL, "3")]
    await office.act(4)
    office.channel.faults.extend(later for _ in range(TRIES))
    for _ in range(TRIES):
        await office.engine.drain()
        office.pass_by(HOUR)
    assert await office.waiting() == 0


async def test_a_lost_reply_is_looked_for_once_discord_has_forgotten_the_nonce(
    office: Office,
) -> None:
    await office.act(1)
    office.channel.lost_replies = 1
    await office.engine.drain()
    office.pass_by(NONCE_MS)
    await office.engine.drain()
    assert office.channel.posted == [(CHANNEL, "1")]
    assert (office.channel.looked, await office.known()) == (1, 1)


async def test_where_nobody_can_look_an_act_is_not_posted_twice(office: Office) -> None:
    await office.act(1)
    office.channel.lost_replies = 1
    office.channel.blind = True
    await office.engine.drain()
    office.pass_by(NONCE_MS)
    await office.engine.drain()
    assert len(office.channel.posted) == 1
    assert (await office.waiting(), await office.known()) == (0, 0)


async def test_a_process_that_dies_after_the_post_leaves_it_to_a_look(office: Office) -> None:
    await office.act(1)
    report = await office.claim()
    await office.desk.store.begin_report(report, office.clock.now())
    await office.channel.post(CHANNEL, report.written, report.language)
    await office.engine.drain()
    assert len(office.channel.posted) == 1
    office.pass_by(LEASE_MS)
    await office.engine.drain()
    assert len(office.channel.posted) == 1
    assert await office.known() == 1


async def test_who_lost_the_claim_posts_nothing(office: Office) -> None:
    await office.act(1)
    stale = await office.claim()
    office.pass_by(LEASE_MS)
    await office.engine.drain()
    await office.step.perform(stale)
    assert office.channel.posted == [(CHANNEL, "1")]


async def test_after_a_restored_backup_every_post_looks_first(office: Office) -> None:
    await office.act(1)
    written = (await office.claim()).written
    await office.channel.post(CHANNEL, written, "")
    office.pass_by(HOUR)
    await office.desk.database.run(restored, office.clock.now())
    await office.engine.drain()
    assert len(office.channel.posted) == 1
