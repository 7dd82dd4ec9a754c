"""An acknowledged command is written down once, and taken up until it is answered."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from jobs.asking import Animate, Ask, Upload
from jobs.model import Place
from tests.storage.contract.desk import HOUR, MINUTE, member

if TYPE_CHECKING:
    from tests.storage.contract.desk import Desk


def ask(desk: Desk, interaction_id: int) -> Ask:
    return Ask(
        interaction_id=interaction_id,
        application_id=2,
        token="secret",
        member=member(roles=[4, 5]),
        place=Place(channel_id=3, upload_limit=100),
        asked=Animate(prompt="half a pair: \ud800"),
        images=(Upload(link="https://cdn.invalid/a", name="a.png", size=5),),
        last_frame=None,
        created_at=desk.now,
    )


async def test_of_many_deliveries_one_opens_a_command(desk: Desk) -> None:
    opened = await asyncio.gather(*(desk.store.open_ask(ask(desk, 1)) for _ in range(5)))
    assert opened.count(True) == 1
    assert await desk.store.open_asks(desk.now) == (ask(desk, 1),)


async def test_an_answered_command_is_not_taken_up_nor_opened_again(desk: Desk) -> None:
    first = ask(desk, 1)
    await desk.store.open_ask(first)
    desk.now += MINUTE
    second = ask(desk, 2)
    await desk.store.open_ask(second)
    await desk.store.close_ask(1)
    assert await desk.store.open_asks(0) == (second,)
    assert not await desk.store.open_ask(first)
    assert await desk.value("SELECT body FROM asks WHERE interaction_id = 1") == ""


async def test_commands_too_old_to_answer_are_left_and_then_forgotten(desk: Desk) -> None:
    await desk.store.open_ask(ask(desk, 1))
    assert await desk.store.open_asks(desk.now + 1) == ()
    desk.now += HOUR + 1
    await desk.store.open_ask(ask(desk, 2))
    assert await desk.value("SELECT COUNT(*) FROM asks") == 1
