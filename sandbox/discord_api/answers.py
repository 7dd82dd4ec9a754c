"""What came of one interaction: a message, a form, a list of choices, or nothing at all."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from simcord.enums import ComponentType

from sandbox.discord_api.seen import Seen, see

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from simcord.backend.models import Interaction

    from sandbox.discord_api.wire import Payload
    from sandbox.discord_api.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of a form. `kind` is the component type, `value` what stands in it already."""

    label: str
    custom_id: str
    kind: ComponentType
    required: bool
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form (modal) that the bot opened."""

    title: str
    custom_id: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One line of an autocomplete list."""

    name: str
    value: Any


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one interaction. `failed` is "The application did not respond"."""

    record: Interaction = field(repr=False)
    _world: World = field(repr=False)

    @property
    def failed(self) -> bool:
        """Whether the bot gave no answer in time, or is not there."""
        return not self.record.responded

    @property
    def form(self) -> Form | None:
        """The form the bot opened, if it did."""
        return None if self.record.modal is None else _form(self.record.modal)

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What autocomplete offers."""
        offered = self.record.autocomplete_choices or []
        return tuple(Choice(name=each["name"], value=each["value"]) for each in offered)

    @property
    def message(self) -> Seen | None:
        """The answering message as it is now; None when there is none, or it was deleted."""
        return self._seen(self.record.message_id)

    @property
    def followups(self) -> tuple[Seen, ...]:
        """The messages that followed it."""
        found = (self._seen(message_id) for message_id in self.record.followup_ids)
        return tuple(each for each in found if each is not None)

    @property
    def text(self) -> str:
        """The words of the answering message."""
        return self.message.text if self.message else ""

    def _seen(self, message_id: int | None) -> Seen | None:
        messages = self._world.backend.messages.get(self.record.channel_id, {})
        stored = messages.get(message_id or 0)
        return None if stored is None else see(self._world, stored)


def _form(modal: Payload) -> Form:
    return Form(
        title=str(modal.get("title") or ""),
        custom_id=str(modal["custom_id"]),
        fields=tuple(_fields(modal.get("components") or [])),
    )


def _fields(components: Sequence[Payload]) -> Iterable[Field]:
    for component in components:
        label = str(component.get("label") or "")
        inner = component.get("component")
        for control in [inner] if inner else component.get("components") or []:
            yield Field(
                label=label or str(control.get("label") or ""),
                custom_id=str(control["custom_id"]),
                kind=ComponentType(control["type"]),
                required=bool(control.get("required", True)),
                value=str(control.get("value") or ""),
            )
