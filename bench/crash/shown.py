"""Ask `/videos` for every clip that is kept, as its owner would."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bench.crash.truths import ledger_of
from jobs.ids import code
from jobs.states import DELIVERED

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.crash.truths import Placed
    from sandbox.discord_api.answers import Answer
    from sandbox.discord_api.seen import Seen
    from sandbox.people import Person
    from sandbox.studio import Studio
    from storage.database import Database

PATIENCE_S: Final = 20.0


async def shown(studio: Studio, database: Database) -> frozenset[int]:
    """Return the ids of the kept clips whose video a running bot brings."""
    people = {person.id: person for person in studio.discord.people.values()}
    found: set[int] = set()
    for order in (await ledger_of(database)).orders:
        found.update(await brought(studio, people[order.user_id], order))
    return frozenset(found)


async def brought(studio: Studio, person: Person, order: Placed) -> list[int]:
    """Return the ids of an order's kept clips that come: one by itself, of several each in turn."""
    kept = [clip.id for clip in order.clips if clip.state == "kept"]
    if not kept:
        return []
    answer = await person.slash("videos", channel="studio", order=code(order.id))
    if sum(clip.state in DELIVERED for clip in order.clips) == 1:
        alone = await _comes(studio, lambda: any(map(_has_video, answer.followups)))
        return kept if alone else []
    return [each for each in kept if await _opened(studio, person, answer, each)]


async def _opened(studio: Studio, person: Person, answer: Answer, clip_id: int) -> bool:
    """Choose one clip of an order, and press the button that gets its video."""

    def offered() -> str | None:
        seen = answer.message
        buttons = seen.buttons if seen else ()
        ids = [button.custom_id for button in buttons]
        return next((one for one in ids if one == f"bring:{clip_id}"), None)

    (menu,) = (await person.answered(answer, lambda seen: seen.selects)).selects
    await person.select(answer, str(clip_id), custom_id=menu.custom_id)
    if not await _comes(studio, lambda: offered() is not None):
        return False
    brought = await person.press(answer, custom_id=offered())
    return await _comes(studio, lambda: _has_video(brought.message))


def _has_video(seen: Seen | None) -> bool:
    return seen is not None and any(file.name.endswith(".mp4") for file in seen.files)


async def _comes(studio: Studio, came: Callable[[], bool]) -> bool:
    try:
        return await studio.discord.pulse.until(lambda: came() or None, PATIENCE_S)
    except TimeoutError:
        return False
