"""Presses that reach the bot in the same moment, and what they did to the books and channels."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from simcord import InteractionResult

if TYPE_CHECKING:
    from simcord import MemberActor

    from storage.database import Transaction
    from tests.cogs.moderating import Court

Action = Callable[[], Awaitable[InteractionResult]]
"""One press, select or form that somebody sends in."""

_TABLES: Final = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
_MARKS: Final = {
    "clips that are deleted": "SELECT COUNT(*) FROM clips WHERE deleted = 1",
    "clips that are cancelled": "SELECT COUNT(*) FROM clips WHERE state = 'cancelled'",
    "clips that are queued": "SELECT COUNT(*) FROM clips WHERE state = 'queued'",
    "clips that are shared": "SELECT COUNT(*) FROM clips WHERE shared_message_id IS NOT NULL",
    "messages that stay": "SELECT COUNT(*) FROM clips WHERE keep_message = 1",
    "drafts that are dismissed": "SELECT COUNT(*) FROM drafts WHERE cancelled = 1",
    "credits granted": "SELECT COALESCE(SUM(credits_left), 0) FROM grants",
    "credits held": "SELECT COALESCE(SUM(held), 0) FROM entries",
    "wallets frozen": "SELECT COUNT(*) FROM wallets WHERE frozen = 1",
    "reviews decided": "SELECT COUNT(*) FROM reviews WHERE state <> 'waiting'",
    "cases decided": "SELECT COUNT(*) FROM cases WHERE state <> 'open'",
    "guilds paused": "SELECT COUNT(*) FROM guilds WHERE paused_at IS NOT NULL",
    "pools": "SELECT COUNT(*) FROM guilds WHERE pool_credits IS NOT NULL",
    "guilds set up": "SELECT COUNT(*) FROM guilds WHERE set_up_at IS NOT NULL",
    "guilds with reviews": "SELECT COUNT(*) FROM guilds WHERE review = 1",
}

Deed = dict[str, int]
"""What presses did: by how much which number went up or down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A kind of button, select or form, brought to where it can be pressed.

    `arrange` returns one action for each of the people who may press; `once` is what all the
    presses of one person do together, `each` what every single one does; `says` is a pattern of
    what each of the answers reads, where something untrue could be read.
    """

    name: str
    arrange: Callable[[Court], Awaitable[Action]]
    once: Deed = field(default_factory=dict)
    each: Deed = field(default_factory=dict)
    says: str = ""

    def done(self, times: int) -> Deed:
        """Return what so many presses at once shall have done."""
        return self.once | {what: count * times for what, count in self.each.items()}


def click(who: MemberActor, message: Any, label: str) -> Action:  # noqa: ANN401 - what simcord takes
    """Press a button of a message."""
    return lambda: who.click(message, label=label)


def submit(who: MemberActor, opened: InteractionResult, **values: Any) -> Action:  # noqa: ANN401
    """Send a form in, and then again, as a client does that has lost the answer."""

    def again() -> Awaitable[InteractionResult]:
        opened._interaction.modal_consumed = False
        return who.submit_modal(opened, values)

    return again


async def at_once(court: Court, *actions: Action) -> list[InteractionResult]:
    """Have all of it reach the bot before it has looked at any."""
    env: Any = court.scene.env

    async def later(**_: object) -> None:
        """Do not wait for the bot."""

    env._settle_internal = later
    try:
        results = [await action() for action in actions]
    finally:
        del env._settle_internal
    assert [one for one in results if one.acknowledged] == []
    await env.settle()
    return results


def shown(result: InteractionResult) -> str:
    """Return all that an interaction brought whoever acted."""
    seen = [*result.followups, *([result.response] if result.response is not None else [])]
    form = "" if result.modal is None else f"{result.modal}"
    return "\n".join((form, *(f"{one.content} {one.components}" for one in seen)))


async def standing(court: Court) -> Deed:
    """Count what is in the books, and what stands in the channels."""
    store: Any = court.scene.store
    found: Deed = await store._read(_counted)
    backend = court.scene.env.backend
    rooms = (court.scene.studio.id, court.room.id)
    found["messages"] = sum(
        not stored.flags & (1 << 6) for room in rooms for stored in backend.messages[room].values()
    )
    return found


def _counted() -> Transaction[Deed]:
    """Count every row of every table, and what is marked in them."""
    found: Deed = {}
    for row in (yield (_TABLES, ())):
        (counted,) = yield (f"SELECT COUNT(*) AS n FROM {row['name']}", ())  # noqa: S608
        found[str(row["name"])] = counted["n"]
    for name, sql in _MARKS.items():
        (counted,) = yield (f"SELECT ({sql}) AS n", ())
        found[name] = counted["n"]
    return found


def deed(before: Deed, after: Deed) -> Deed:
    """Return what has changed."""
    return {what: after[what] - count for what, count in before.items() if after[what] != count}
