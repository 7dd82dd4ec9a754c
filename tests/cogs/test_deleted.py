"""Every button about an order that was deleted says so, and changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from cogs import confirm, content_forms, forms, wallet_menu
from cogs.browsing import Bring
from cogs.deleting import (
    Delete,
    Erase,
    EraseFile,
    EraseOrder,
    EraseOrderFiles,
    EraseOrderTheirs,
    EraseTheirs,
)
from cogs.dynamic import Press, row
from cogs.reporting import BlockAsker, Keep, Remove, Report, ReportNow
from cogs.results import Again, AgainOrder, CancelOrder, Edit, FailedAgain, HideOrder
from cogs.reviewing import Approve, Reject
from cogs.sharing import Share
from cogs.soundtrack import Sound
from tests.cogs.looking_back import delivered
from tests.cogs.moderating import Court, court_of
from tests.cogs.scenes import Scene, last
from tests.cogs.together import deed, shown, standing

if TYPE_CHECKING:
    from jobs.catalogue import Catalogue

GONE: Final = "That clip is gone. Use `/animate` to make a new one."
BEFORE: Final = "It was deleted already."

CLIPS: Final[dict[type[Press], str]] = {
    Again: GONE,
    Edit: GONE,
    Sound: GONE,
    Share: GONE,
    Delete: GONE,
    Erase: GONE,
    EraseFile: GONE,
    EraseTheirs: GONE,
    Bring: GONE,
    Report: GONE,
    ReportNow: GONE,
    Keep: GONE,
    Remove: GONE,
    BlockAsker: GONE,
}
"""Buttons about a clip."""

ORDERS: Final[dict[type[Press], str]] = {
    AgainOrder: GONE,
    FailedAgain: GONE,
    CancelOrder: GONE,
    HideOrder: GONE,
    EraseOrder: BEFORE,
    EraseOrderFiles: BEFORE,
    EraseOrderTheirs: BEFORE,
    Approve: GONE,
    Reject: GONE,
}
"""Buttons about an order."""

OTHERS: Final = {confirm, content_forms, forms, wallet_menu}
"""Modules whose buttons are about drafts, forms and wallets."""
FOR_MODERATORS: Final = {EraseTheirs, EraseOrderTheirs, Keep, Remove, BlockAsker, Approve, Reject}
FOR_OTHERS: Final = {Report, ReportNow}


@pytest.fixture
async def court(scene: Scene, catalogue: Catalogue) -> Court:
    """Bring members and moderators together."""
    return await court_of(scene, catalogue)


def test_every_button_is_about_a_clip_an_order_or_something_else(scene: Scene) -> None:
    elsewhere = {one.__name__ for one in OTHERS}
    known = [one for one in scene.bot._buttons if issubclass(one, Press)]
    assert {one for one in known if one.__module__ not in elsewhere} == {*CLIPS, *ORDERS}


@pytest.mark.parametrize("kind", [*CLIPS, *ORDERS], ids=lambda kind: kind.name)
async def test_a_button_of_a_deleted_order_says_so(
    court: Court, kind: type[Press], caplog: pytest.LogCaptureFixture
) -> None:
    scene = court.scene
    order = await delivered(scene, await scene.ordered(variations=2))
    await scene.ordering.delete_order(order.id, order.member)
    about = order.id if kind in ORDERS else order.clips[0].id
    await scene.bot.get_partial_messageable(scene.studio.id).send("b", view=row(kind(about)))
    before = await standing(court)
    told = await pressed(court, kind)
    assert (CLIPS | ORDERS)[kind] in told
    assert deed(before, await standing(court)) == {}
    assert "failed, code" not in caplog.text


async def pressed(court: Court, kind: type[Press]) -> str:
    """Press the newest button as whoever it is for, and send in what it opens."""
    scene = court.scene
    who: Any = scene.alice
    if kind in FOR_MODERATORS:
        who = court.mona
    elif kind in FOR_OTHERS:
        who = scene.bob
    result = await who.click(last(scene.studio), label=kind.label())
    if result.modal is not None:
        result = await who.submit_modal(result, {"reason": "because"})
    return shown(result)
