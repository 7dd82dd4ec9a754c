"""Ways to open the settings panel, work it, and read what it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simcord.components import walk_components

from jobs.acts import ActKind
from tests.cogs.deskhands import acts
from tests.cogs.looking_back import Shown, shown
from tests.cogs.scenes import Scene, reply

if TYPE_CHECKING:
    from simcord import InteractionResult, MemberActor, ResponseMessage

    from jobs.model import GuildRules

PAGES = {"where": "Where", "who": "Who", "sizes": "Models", "money": "Credits", "more": "Records"}


# --- working the panel --------------------------------------------------------------------------


async def settings(
    scene: Scene,
    who: MemberActor,
    **options: Any,  # noqa: ANN401 - a command's options
) -> InteractionResult:
    return await who.slash(scene.studio, "settings", **options)


async def opened(scene: Scene, who: MemberActor) -> ResponseMessage:
    """Open the panel itself, past the first set-up."""
    await scene.store.finish_set_up(scene.guild.id, scene.clock.now())
    return reply(await settings(scene, who))


async def page(scene: Scene, who: MemberActor, name: str) -> ResponseMessage:
    """Open a page of the panel."""
    answer = await opened(scene, who)
    await turn(answer, who, name)
    return answer


async def turn(answer: ResponseMessage, who: MemberActor, name: str) -> None:
    """Choose a page on the first one."""
    await who.select(answer, [name], custom_id=shown(answer).pick("settings-pages"))


async def rules(scene: Scene) -> GuildRules:
    return await scene.store.rules(scene.guild.id)


def choose(state: str) -> str:
    return f"settings-choose:{state}"


def defaults(answer: ResponseMessage, state: str) -> list[int]:
    """Return what a select of channels or roles shows as chosen."""
    (found,) = (
        one for one in walk_components(answer.components) if one.get("custom_id") == choose(state)
    )
    return [int(one["id"]) for one in found.get("default_values", [])]


def line(found: Shown, name: str) -> str:
    """Return the line of a setting."""
    (one,) = (one for one in found.text.splitlines() if one.startswith(f"**{name}:**"))
    return one


async def changed(scene: Scene) -> list[tuple[str, str, str, int]]:
    """Return what was set, oldest first: what, before, after, by whom."""
    told = [one for one in await acts(scene) if one.kind is ActKind.SETTING]
    return [(one.about, one.before, one.after, one.actor_id) for one in reversed(told)]
