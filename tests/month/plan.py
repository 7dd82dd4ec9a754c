"""What happens in the month of a busy guild, and when: drawn from a seed, before it is played."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

ZONE: Final = "America/New_York"
BEGIN: Final = datetime(2024, 3, 1, tzinfo=ZoneInfo(ZONE))
"""Clocks go forward on the 10th of this month."""

DAYS: Final = 31


class Event(StrEnum):
    """One thing that somebody does."""

    ORDER = "order"
    DOUBLE_CLICK = "double click"
    RUSH = "rush"
    ROLES = "roles"
    GRANT = "grant"
    TAKE = "take"
    UNDO = "undo"
    FREEZE = "freeze"
    UNFREEZE = "unfreeze"
    ALLOWANCE = "allowance"
    POOL = "pool"
    DUEL = "two moderators at once"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How large the month is."""

    members: int = 500
    orders: int = 6000
    role_changes: int = 40
    grants: int = 120
    takes: int = 60
    undos: int = 40
    freezes: int = 20
    duels: int = 30
    rushes: int = 12
    seed: int = 1

    @property
    def ceiling(self) -> int:
        """Return the operator's limit for a day (credits), which the busiest days reach."""
        return self.orders // 3

    def smaller(self, by: int) -> Plan:
        """Return a month with that part of the orders and members, and of all else but a few."""
        return Plan(
            members=self.members // by,
            orders=self.orders // by,
            role_changes=self.role_changes,
            grants=self.grants // 3,
            takes=self.takes // 3,
            undos=self.undos // 2,
            freezes=self.freezes // 2,
            duels=self.duels // 3,
            rushes=2,
            seed=self.seed,
        )

    def events(self) -> list[tuple[int, Event]]:
        """Return what happens and when (epoch ms), in order."""
        chance = Random(self.seed)  # noqa: S311 - it has to repeat
        counts = {
            Event.ORDER: self.orders - self.orders // 20,
            Event.DOUBLE_CLICK: self.orders // 20,
            Event.CANCEL: self.orders // 50,
            Event.ROLES: self.role_changes,
            Event.GRANT: self.grants,
            Event.TAKE: self.takes,
            Event.UNDO: self.undos,
            Event.FREEZE: self.freezes,
            Event.UNFREEZE: self.freezes,
            Event.ALLOWANCE: 6,
            Event.POOL: 4,
            Event.DUEL: self.duels,
            Event.RUSH: self.rushes,
        }
        begin = int(BEGIN.timestamp() * 1000)
        length = (midnights()[-1] - begin) // 1000
        events = [
            (begin + 1000 * chance.randrange(length), event)
            for event, count in counts.items()
            for _ in range(count)
        ]
        return sorted(events)


def midnights() -> list[int]:
    """Return the guild's local midnights after the first day begins (epoch ms)."""
    days = (BEGIN + timedelta(days=day) for day in range(1, DAYS + 1))
    return [int(day.astimezone(UTC).timestamp() * 1000) for day in days]
