"""A click is stored once, however often Discord delivers it, and can be put away."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from jobs.errors import DraftGone, PriceRose
from jobs.model import Quote
from tests.storage.contract.desk import MINUTE, member

if TYPE_CHECKING:
    from tests.storage.contract.desk import Desk


async def test_one_interaction_makes_one_draft(desk: Desk) -> None:
    news = [desk.new_draft(member(), interaction_id=5, price=10 + n) for n in range(10)]
    drafts = await asyncio.gather(*(desk.store.add_draft(new, desk.now) for new in news))
    assert len({draft.id for draft in drafts}) == 1
    assert len({draft.quote.per_clip for draft in drafts}) == 1
    assert await desk.value("SELECT COUNT(*) FROM drafts") == 1


async def test_a_draft_comes_back_as_it_was_stored(desk: Desk) -> None:
    new = replace(
        desk.new_draft(member(), clips=2, pictures=3, private=True),
        quote=Quote(per_clip=12, clips=6, learned=True, wait=(60, 120)),
    )
    added = await desk.store.add_draft(new, desk.now)
    found = await desk.store.draft(new.id)
    assert found == added
    assert (added.options, added.quote, added.place) == (new.options, new.quote, new.place)
    assert (added.created_at, added.order_id, added.cancelled) == (desk.now, None, False)


async def test_an_unknown_draft_is_none(desk: Desk) -> None:
    assert await desk.store.draft(4) is None


async def test_a_dismissed_draft_can_not_be_ordered(desk: Desk) -> None:
    draft = await desk.store.add_draft(desk.new_draft(member()), desk.now)
    assert not await desk.store.cancel_draft(draft.id, 8)
    assert await desk.store.cancel_draft(draft.id, 7)
    with pytest.raises(DraftGone):
        await desk.store.place(desk.placing(draft, member()))


async def test_an_ordered_draft_can_not_be_dismissed_or_priced_anew(desk: Desk) -> None:
    draft = await desk.store.add_draft(desk.new_draft(member()), desk.now)
    await desk.store.place(desk.placing(draft, member()))
    assert not await desk.store.cancel_draft(draft.id, 7)
    await desk.store.requote(draft.id, Quote(per_clip=99, clips=1))
    again = await desk.store.place(desk.placing(draft, member()))
    assert (again.again, again.quote.per_clip) == (True, 10)


async def test_either_the_dismissal_or_the_order_wins(desk: Desk) -> None:
    for _ in range(10):
        draft = await desk.store.add_draft(desk.new_draft(member(), price=1), desk.now)
        placed, dismissed = await asyncio.gather(
            desk.store.place(desk.placing(draft, member())),
            desk.store.cancel_draft(draft.id, 7),
            return_exceptions=True,
        )
        assert isinstance(placed, DraftGone) is dismissed


async def test_a_new_price_holds_for_the_next_confirm(desk: Desk) -> None:
    draft = await desk.store.add_draft(desk.new_draft(member()), desk.now)
    await desk.store.requote(draft.id, Quote(per_clip=15, clips=1, learned=True))
    found = await desk.store.draft(draft.id)
    assert found is not None
    assert (found.quote.per_clip, found.quote.learned) == (15, True)
    await desk.store.place(desk.placing(found, member()))
    assert (await desk.store.wallet(member(), desk.now)).held == 15


async def test_more_than_the_member_agreed_to_is_never_spent(desk: Desk) -> None:
    draft = await desk.store.add_draft(desk.new_draft(member()), desk.now)
    await desk.store.requote(draft.id, Quote(per_clip=15, clips=1))
    with pytest.raises(PriceRose) as rose:
        await desk.store.place(replace(desk.placing(draft, member()), most=10))
    assert (rose.value.before, rose.value.now) == (10, 15)
    assert (await desk.store.wallet(member(), desk.now)).held == 0


async def test_an_interaction_leads_to_its_draft_and_order(desk: Desk) -> None:
    new = desk.new_draft(member())
    assert await desk.store.draft_of(new.interaction_id) is None
    draft = await desk.store.add_draft(new, desk.now)
    await desk.store.place(desk.placing(draft, member()))
    found = await desk.store.draft_of(new.interaction_id)
    assert found is not None
    assert (found.id, found.order_id is None) == (draft.id, False)


async def test_a_picture_is_kept_from_its_last_use_on(desk: Desk) -> None:
    await desk.store.add_draft(desk.new_draft(member(), pictures=2), desk.now)
    desk.now += MINUTE
    await desk.store.add_draft(desk.new_draft(member()), desk.now)
    rows = await desk.rows("SELECT key, used_at FROM pictures ORDER BY key")
    assert [(row["key"], row["used_at"]) for row in rows] == [
        ("0.png", desk.now),
        ("1.png", desk.now - MINUTE),
    ]
