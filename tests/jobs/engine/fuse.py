"""Kills a process at a chosen point: after any effect of it, in the database or outside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.fakes import Hooks

if TYPE_CHECKING:
    from storage.store import Store


_READS: Final = {
    "rules",
    "content_rules",
    "review",
    "case",
    "waits",
    "order",
    "order_of_clip",
    "clips_without_id",
    "picture_of",
}


class Killed(BaseException):
    """The process died here; nothing of it runs on."""


class Fuse:
    """Counts the points that a process passes; blows at the one of that number, or so named."""

    def __init__(self, at: int | str | None = None) -> None:
        self._at = at
        self.blown = False
        self.passed: list[str] = []

    def pass_by(self, point: str) -> None:
        """Go on, or die; a dead process does not get any further anywhere."""
        if self.blown:
            raise Killed(point)
        self.passed.append(point)
        if self._at in (point, len(self.passed) - 1):
            self.blown = True
            raise Killed(point)


class FusedHooks(Hooks):
    """The hooks of a fake, with a point of the fuse once each effect has happened."""

    def __init__(self, fuse: Fuse, before: Hooks) -> None:
        super().__init__()
        self._hooks = before._hooks
        self.calls = before.calls
        self._fuse = fuse

    async def pass_by(self, moment: str) -> None:
        await super().pass_by(moment)
        if moment.endswith(":after"):
            self._fuse.pass_by(moment)


class FusedStore:
    """A store with a point of the fuse after each commit.

    Between two effects it does not matter when a process dies, so reads have none, nor have
    claims that found nothing.
    """

    def __init__(self, store: Store, fuse: Fuse) -> None:
        self._store = store
        self._fuse = fuse

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the store has
        method = getattr(self._store, name)

        async def call(*args: object) -> object:
            result = await method(*args)
            if name not in _READS and not (name.startswith("claim") and result == ()):
                self._fuse.pass_by(name)
            return result

        return call
