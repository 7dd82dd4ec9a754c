"""A member who presses Use it below the first entry of a list, and gets its form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcord.components import walk_components

from tests.cogs.scenes import reply

if TYPE_CHECKING:
    from simcord import InteractionResult

    from tests.cogs.scenes import Scene


async def use_it(scene: Scene, command: str) -> InteractionResult:
    """Open the form of the first entry of `/models` or `/effects`."""
    answer = reply(await scene.alice.slash(scene.studio, command))
    pressed = [
        one["custom_id"]
        for one in walk_components(answer.components)
        if one.get("label") == "Use it"
    ]
    return await scene.alice.click(answer, custom_id=pressed[0])
