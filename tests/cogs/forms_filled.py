"""Members who open forms, fill them and send them in; and what the forms then show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.cogs.scenes import PNG

if TYPE_CHECKING:
    from simcord import InteractionResult, MemberActor

    from tests.cogs.scenes import Scene

PROMPT = "steam rises"


def pictures(count: int) -> list[tuple[str, bytes]]:
    """Make so many different pictures."""
    return [(f"picture-{number}.png", PNG + bytes([number])) for number in range(count)]


async def batch(
    scene: Scene,
    **options: Any,  # noqa: ANN401 - a command's options
) -> InteractionResult:
    """Have Alice open the form of `/batch`."""
    return await scene.alice.slash(scene.studio, "batch", **options)


async def send_in(
    scene: Scene,
    opened: InteractionResult,
    who: MemberActor | None = None,
    **values: Any,  # noqa: ANN401 - text, or files
) -> InteractionResult:
    """Fill a form and send it in."""
    return await (who or scene.alice).submit_modal(opened, values)


def form_of(result: InteractionResult) -> dict[str, Any]:
    """Return the form that an interaction opened, as Discord was told of it."""
    assert result.modal is not None, result
    return result.modal


def fields(result: InteractionResult) -> dict[str, dict[str, Any]]:
    """Return the fields of the form that was opened, each with its label's description."""
    found = {}
    for label in form_of(result)["components"]:
        inner = label["component"]
        found[inner["custom_id"]] = {**inner, "says": label.get("description", "")}
    return found
