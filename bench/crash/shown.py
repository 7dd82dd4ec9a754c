"""Ask `/videos` for every clip that is kept, as its owner would."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from bench.crash.truths import ledger_of
from jobs.ids import code

if TYPE_CHECKING:
    from sandbox.people import Person
    from sandbox.studio import Studio
    from storage.database import Database

PATIENCE_S: Final = 20.0


async def shown(studio: Studio, database: Database) -> frozenset[int]:
    """Return the ids of the kept clips that a running bot brings; all of an order's, or none."""
    kept: dict[tuple[int, int], list[int]] = defaultdict(list)
    for order in (await ledger_of(database)).orders:
        for clip in order.clips:
            if clip.state == "kept":
                kept[order.user_id, order.id].append(clip.id)
    people = {person.id: person for person in studio.discord.people.values()}
    found: set[int] = set()
    for (user_id, order_id), clips in kept.items():
        if await _brings(studio, people[user_id], order_id, len(clips)):
            found.update(clips)
    return frozenset(found)


async def _brings(studio: Studio, person: Person, order_id: int, clips: int) -> bool:
    answer = await person.slash("videos", channel="studio", order=code(order_id))

    def look() -> bool | None:
        files = [file.name for seen in answer.followups for file in seen.files]
        return True if sum(name.endswith(".mp4") for name in files) >= clips else None

    try:
        return await studio.discord.pulse.until(look, PATIENCE_S)
    except TimeoutError:
        return False
