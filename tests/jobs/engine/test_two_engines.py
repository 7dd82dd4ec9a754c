"""Two processes on one database do everything once, also when one is slow or half dead."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import pytest

from jobs import drawing, fetching, looking, posting, submitting
from jobs.model import Guards, Member
from jobs.ports import MessageKind, NothingMade
from tests.jobs.engine.world import PRICE

if TYPE_CHECKING:
    from tests.fakes import Hooks
    from tests.jobs.engine.world import Bot, World

MINUTE: Final = 60


@pytest.fixture(params=("sqlite", "postgres"))
def driver(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def pair(world: World) -> tuple[Bot, Bot]:
    """Start two processes that share the database and everything outside."""
    return await world.boot(), await world.boot(alone=False)


class Stall:
    """Holds one effect up until the test lets it go on; later ones pass."""

    def __init__(self, hooks: Hooks, moment: str) -> None:
        self._free = True
        self.reached = asyncio.Event()
        self.go_on = asyncio.Event()
        hooks[moment] = self._wait

    async def _wait(self) -> None:
        if self._free:
            self._free = False
            self.reached.set()
            await self.go_on.wait()


async def test_two_engines_at_once_send_fetch_and_post_everything_once(
    world: World, pair: tuple[Bot, Bot]
) -> None:
    world.guards = Guards(per_day=100_000)
    first, second = pair
    orders = [
        await world.order(first, member=Member(guild_id=1, user_id=user), pictures=2)
        for user in range(1, 9)
    ]
    for _ in range(12):
        await asyncio.gather(first.engine.drain(), second.engine.drain())
        world.vendor.finish_all()
        world.clock.advance(30)
    for order_id in orders:
        assert await first.states(order_id) == ["posted"] * 2
    assert len(world.vendor.requests) == len(world.vendor.bill) == 16
    assert len(world.vendor.fetched) == 16
    assert world.courier.hooks.calls.count("clip:after") == 16
    assert world.courier.hooks.calls.count("card:after") == 8
    assert await first.house() == 0


async def test_what_one_has_claimed_is_not_the_others_until_its_lease_is_over(
    world: World, pair: tuple[Bot, Bot]
) -> None:
    first, second = pair
    order_id = await world.order(first)
    leases = {
        "submit": submitting.LEASE_MS,
        "draw": drawing.LEASE_MS,
        "look": looking.LEASE_MS,
        "fetch": fetching.LEASE_MS,
        "post": posting.LEASE_MS,
    }
    for name, lease_ms in leases.items():
        assert len(await first.steps[name].claim(5)) == 1
        assert list(await second.steps[name].claim(5)) == []
        world.clock.advance(lease_ms / 1000 - 1)
        assert list(await second.steps[name].claim(5)) == []
        world.clock.advance(1)
        world.vendor.finish_all()
        assert await second.step(name) == 1
        # A clip that was just sent is looked at after a while.
        world.clock.advance(10)
    assert await first.states(order_id) == ["posted"]
    await world.settle(first)


async def test_a_request_that_outlives_its_lease_is_not_sent_by_the_other(
    world: World, pair: tuple[Bot, Bot]
) -> None:
    slow, other = pair
    order_id = await world.order(slow)
    stall = Stall(world.vendor.hooks, "submit:after")
    sending = asyncio.create_task(slow.engine.drain())
    await stall.reached.wait()
    await other.engine.drain()
    assert await other.states(order_id) == ["submitting"]

    world.clock.advance(submitting.LEASE_MS / 1000)
    await other.engine.drain()
    assert await other.states(order_id) == ["released"]
    stall.go_on.set()
    await sending
    # Its id is recorded all the same: the member gets it for nothing.
    await world.settle(other)
    clip = await other.clip(order_id)
    assert (clip.state.value, clip.charged, clip.free) == ("posted", 0, True)
    assert len(world.vendor.requests) == 1
    assert await other.house() == PRICE


async def test_a_process_that_lost_its_claim_before_the_request_does_not_send_it(
    world: World, pair: tuple[Bot, Bot]
) -> None:
    slow, other = pair
    await world.order(slow)
    (send,) = await slow.steps["submit"].claim(1)
    world.clock.advance(submitting.LEASE_MS / 1000)
    (claimed,) = await other.steps["submit"].claim(1)
    await slow.steps["submit"].perform(send)
    assert world.vendor.requests == []
    await other.steps["submit"].perform(claimed)
    assert len(world.vendor.requests) == 1
    await slow.steps["submit"].perform(send)
    assert len(world.vendor.requests) == 1
    await world.settle(other)


async def test_a_process_that_lost_its_claim_can_not_put_the_send_back(
    world: World, pair: tuple[Bot, Bot]
) -> None:
    slow, other = pair
    order_id = await world.order(slow)
    world.vendor.answers.append(NothingMade(note="no connection"))
    stall = Stall(world.vendor.hooks, "submit:after")
    sending = asyncio.create_task(slow.engine.drain())
    await stall.reached.wait()
    world.clock.advance(submitting.LEASE_MS / 1000)
    await other.engine.drain()
    stall.go_on.set()
    await sending
    await world.settle(other)
    assert await other.states(order_id) == ["released"]
    assert len(world.vendor.requests) == 1


async def test_a_clip_that_one_looks_at_for_too_long_is_judged_once(
    world: World, pair: tuple[Bot, Bot]
) -> None:
    slow, other = pair
    order_id = await world.order(slow)
    await slow.engine.drain()
    world.clock.advance(10)
    world.vendor.fail(next(iter(world.vendor.bill)), cost=4)
    stall = Stall(world.vendor.hooks, "look:after")
    looking_slowly = asyncio.create_task(slow.engine.drain())
    await stall.reached.wait()
    world.clock.advance(looking.LEASE_MS / 1000)
    await other.engine.drain()
    assert await other.states(order_id) == ["failed"]
    stall.go_on.set()
    await looking_slowly
    assert await other.house() == 4
    assert len(world.courier.of(MessageKind.NOTICE)) == 1


async def test_a_file_that_both_fetch_is_charged_once(world: World, pair: tuple[Bot, Bot]) -> None:
    slow, other = pair
    order_id = await world.order(slow)
    await slow.engine.drain()
    world.clock.advance(10)
    world.vendor.finish_all()
    stall = Stall(world.library.hooks, "keep:after")
    fetching_slowly = asyncio.create_task(slow.engine.drain())
    await stall.reached.wait()
    world.clock.advance(fetching.LEASE_MS / 1000)
    await other.engine.drain()
    stall.go_on.set()
    await fetching_slowly
    await world.settle(other)
    assert (await other.clip(order_id)).charged == PRICE
    charges = await other.value("SELECT COUNT(*) FROM entries WHERE kind = 'settle'")
    assert charges == 1


@pytest.mark.parametrize("moment", ["clip:before", "clip:after"])
async def test_a_post_that_outlives_its_lease_makes_no_second_message(
    world: World, pair: tuple[Bot, Bot], moment: str
) -> None:
    slow, other = pair
    order_id = await world.order(slow)
    await slow.engine.drain()
    world.clock.advance(10)
    world.vendor.finish_all()
    stall = Stall(world.courier.hooks, moment)
    posting_slowly = asyncio.create_task(slow.engine.drain())
    await stall.reached.wait()
    world.clock.advance(posting.LEASE_MS / 1000)
    await other.engine.drain()
    stall.go_on.set()
    await posting_slowly
    await world.settle(other)
    (message,) = world.courier.of(MessageKind.CLIP)
    clip = await other.clip(order_id)
    assert (clip.state.value, clip.message_id) == ("posted", message.ref.message_id)


async def test_a_process_that_lost_its_claim_while_it_fitted_the_video_does_not_post(
    world: World, pair: tuple[Bot, Bot], monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, other = pair
    order_id = await world.order(slow)
    await slow.engine.drain()
    world.clock.advance(10)
    world.vendor.finish_all()
    for name in ("look", "fetch"):
        await slow.step(name)
    (clip,) = await slow.steps["post"].claim(1)
    fitted = world.library.fitted
    first = [True]

    async def takes_long(file: str, limit: int) -> object:
        if first:
            first.clear()
            world.clock.advance(posting.LEASE_MS / 1000)
            # The other's post is up, does not know it, and Discord has forgotten its nonce.
            world.courier.lost_replies = 1
            await other.step("post")
            world.clock.advance(10 * MINUTE)
        return await fitted(file, limit)

    monkeypatch.setattr(world.library, "fitted", takes_long)
    await slow.steps["post"].perform(clip)
    await world.settle(other)
    assert len(world.courier.of(MessageKind.CLIP)) == 1
    assert await other.states(order_id) == ["posted"]


@pytest.mark.parametrize("moment", ["card:before", "card:after"])
async def test_a_card_that_outlives_its_lease_is_one_card(
    world: World, pair: tuple[Bot, Bot], moment: str
) -> None:
    slow, other = pair
    await world.order(slow, converted=True)
    stall = Stall(world.courier.hooks, moment)
    drawing_slowly = asyncio.create_task(slow.step("draw"))
    await stall.reached.wait()
    world.clock.advance(drawing.LEASE_MS / 1000)
    await other.step("draw")
    stall.go_on.set()
    await drawing_slowly
    await world.settle(other)
    (card,) = world.courier.of(MessageKind.CARD)
    assert card.edits[-1] == "done"


async def test_one_order_is_drawn_by_one_process_at_a_time(
    world: World, pair: tuple[Bot, Bot]
) -> None:
    await world.order(pair[0])
    drawing_now, most = 0, 0

    async def enter() -> None:
        nonlocal drawing_now, most
        drawing_now += 1
        most = max(most, drawing_now)
        for _ in range(50):
            await asyncio.sleep(0)

    async def leave() -> None:
        nonlocal drawing_now
        drawing_now -= 1

    for kind in ("card", "edit"):
        world.courier.hooks[f"{kind}:before"] = enter
        world.courier.hooks[f"{kind}:after"] = leave
    for _ in range(12):
        await asyncio.gather(*(bot.engine.drain() for bot in (*pair, *pair)))
        world.vendor.finish_all()
        world.clock.advance(20)
    assert most == 1
    assert world.courier.of(MessageKind.CARD)[0].edits[-1] == "done"


async def test_a_gate_that_one_shuts_is_shut_for_the_other(
    world: World, pair: tuple[Bot, Bot]
) -> None:
    first, second = pair
    await world.order(first)
    await first.store.close_gate("no credits", world.clock.now() + MINUTE * 1000)
    await asyncio.gather(first.engine.drain(), second.engine.drain())
    assert world.vendor.requests == []
    world.clock.advance(MINUTE)
    await world.order(first)
    claims = await asyncio.gather(*(bot.steps["submit"].claim(4) for bot in pair))
    (probe,) = (send for sends in claims for send in sends)
    await first.steps["submit"].perform(probe)
    assert not await second.gate_is_closed()
    await world.settle(second)
    assert len(world.vendor.requests) == 2


async def test_ids_of_one_answer_go_to_the_clips_of_their_own_send(
    world: World, pair: tuple[Bot, Bot]
) -> None:
    first, second = pair
    orders = [await world.order(first, variations=2) for _ in range(2)]
    await asyncio.gather(first.step("submit"), second.step("submit"))
    ids = [{clip.vendor_id for clip in (await first.get(order_id)).clips} for order_id in orders]
    assert ids[0] | ids[1] == set(world.vendor.bill)
    assert ids[0] & ids[1] == set()
    await world.settle(second)
