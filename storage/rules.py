"""A guild's row read into its rules, with the operator's defaults where it set nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from billing.periods import Period
from jobs.model import ReviewRules

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobs.model import GuildRules
    from storage.database import Row


@dataclass(frozen=True, slots=True)
class Column:
    """Where a rule is kept, and how what is stored there is read."""

    name: str
    read: Callable[[Any], Any]


def ids_in(text: str) -> frozenset[int]:
    """Read a stored list of ids."""
    return frozenset(int(one) for one in json.loads(text))


def _words_in(text: str) -> frozenset[str]:
    return frozenset(str(one) for one in json.loads(text))


COLUMNS: Final = {
    "zone": Column("zone", str),
    "confirm_price": Column("confirm_price", int),
    "clips_at_once": Column("clips_at_once", int),
    "reuse": Column("reuse", bool),
    "moderator_roles": Column("moderator_roles", ids_in),
    "log_channel": Column("log_channel_id", int),
    "pool_credits": Column("pool_credits", int),
    "pool_period": Column("pool_period", Period),
    "cooldown_s": Column("cooldown_s", int),
    "largest_resolution": Column("largest_resolution", str),
    "largest_seconds": Column("largest_seconds", int),
    "largest_variations": Column("largest_variations", int),
    "models": Column("models", _words_in),
    "private_roles": Column("private_roles", ids_in),
    "effects_roles": Column("effects_roles", ids_in),
    "batch_roles": Column("batch_roles", ids_in),
    "channels": Column("channels", ids_in),
    "result_channel": Column("result_channel_id", int),
    "spoiler_channels": Column("spoiler_channels", ids_in),
    "age_only": Column("age_only", bool),
    "language": Column("language", str),
    "paused_at": Column("paused_at", int),
    "paused_by": Column("paused_by", int),
    "set_up_at": Column("set_up_at", int),
}
"""The rules that a guild's row holds, by the name of their field; null is not set."""


def rules_from(row: Row, defaults: GuildRules) -> GuildRules:
    """Read what a guild has set, and the defaults for the rest."""
    known = {
        field: column.read(row[column.name])
        for field, column in COLUMNS.items()
        if row[column.name] is not None
    }
    return replace(defaults, review=_review(row), **known)


def _review(row: Row) -> ReviewRules:
    return ReviewRules(
        on=bool(row["review"]),
        channel_id=row["review_channel_id"],
        hours=row["review_hours"] or ReviewRules().hours,
        trusted=ids_in(row["trusted_roles"] or "[]"),
    )
