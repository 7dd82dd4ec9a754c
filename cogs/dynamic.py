"""The bases of buttons and selects: their state is in the custom_id, what they raise is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, cast

import discord
from discord import ButtonStyle
from discord.ui import Button, DynamicItem, Select, View

from cogs.errors import tell
from cogs.language import Phrase, speak
from cogs.where import client_of
from jobs.errors import NotServed, OrderGone

if TYPE_CHECKING:
    import re
    from collections.abc import Coroutine, Sequence
    from typing import Self

    from discord.ui import Item

LARGEST_ID: Final = 2**63 - 1
LONGEST_ID: Final = len(str(LARGEST_ID))

STATE: Final = r"(?P<state>[0-9a-z:]{1,80})"
"""What lists keep in a custom_id, of which Discord allows 100 characters."""


class Press(DynamicItem[Button[View]], template=r"(?!)"):
    """A button that works for ever: after restarts, in any process, for whoever may press it.

    A subclass names itself and says in `pressed` what it does; its custom_id is `name:id`, and
    `more` is the pattern of what may follow.
    Exceptions in a DynamicItem's callback reach no handler of discord.py, hence `callback` here.
    """

    name: ClassVar[str]
    label: ClassVar[Phrase]
    style: ClassVar[ButtonStyle]

    def __init_subclass__(
        cls, *, name: str, label: Phrase, style: ButtonStyle = ButtonStyle.secondary, more: str = ""
    ) -> None:
        super().__init_subclass__(template=rf"{name}:(?P<id>[0-9]{{1,19}}){more}")
        cls.name = name
        cls.label = label
        cls.style = style

    def __init__(self, id_: int) -> None:
        super().__init__(
            Button(label=self.label(), style=self.style, custom_id=custom_id(self.name, id_))
        )
        self.about = id_

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: Item[Any], match: re.Match[str]
    ) -> Self:
        """Make the button again from what Discord kept of it."""
        return cls(int(match["id"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Check where it was pressed, do it, and tell whatever goes wrong."""
        speak(str(interaction.locale))
        try:
            self._check(interaction)
            await self.pressed(interaction)
        except Exception as error:  # noqa: BLE001 - the outermost door of a button; it is logged
            await tell(interaction, error)

    def _check(self, interaction: discord.Interaction) -> None:
        if not client_of(interaction).serves(interaction.guild_id):
            raise NotServed
        if self.about > LARGEST_ID:
            raise OrderGone

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Do what the button is for. May raise anything."""
        raise NotImplementedError


class Pick(DynamicItem[Select[Any]], template=r"(?!)"):
    """A select that works for ever, as `Press` does; its custom_id is `name:state`.

    A subclass says in `picked` what it does with the chosen value.
    """

    name: ClassVar[str]

    def __init_subclass__(cls, *, name: str) -> None:
        super().__init_subclass__(template=rf"{name}:{STATE}")
        cls.name = name

    def __init__(
        self, state: str, placeholder: str = "", options: Sequence[discord.SelectOption] = ()
    ) -> None:
        super().__init__(
            Select(custom_id=f"{self.name}:{state}", placeholder=placeholder, options=list(options))
        )
        self.state = state

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: Item[Any], match: re.Match[str]
    ) -> Self:
        """Make the select again from what Discord kept of it."""
        return cls(match["state"])

    async def callback(self, interaction: discord.Interaction) -> None:
        """Check where it was used, do it, and tell whatever goes wrong."""
        await _guarded(interaction, self._picked(interaction))

    async def _picked(self, interaction: discord.Interaction) -> None:
        await self.picked(interaction, str(self.item.values[0]))

    async def picked(self, interaction: discord.Interaction, value: str) -> None:
        """Do what was chosen. May raise anything."""
        raise NotImplementedError


class Gather(DynamicItem[Any], template=r"(?!)"):
    """A select of several values or none, of whatever kind it is: texts, channels, roles.

    A subclass says in `gathered` what it does with them; its custom_id is `name:state`.
    """

    name: ClassVar[str]

    def __init_subclass__(cls, *, name: str) -> None:
        super().__init_subclass__(template=rf"{name}:{STATE}")
        cls.name = name

    def __init__(self, state: str, select: Item[Any]) -> None:
        super().__init__(select)
        self.state = state

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: Item[Any], match: re.Match[str]
    ) -> Self:
        """Make the select again from what Discord kept of it."""
        return cls(match["state"], item)

    async def callback(self, interaction: discord.Interaction) -> None:
        """Check where it was used, do it, and tell whatever goes wrong."""
        data = cast("dict[str, Any]", interaction.data)
        values = tuple(str(one) for one in data.get("values", ()))
        await _guarded(interaction, self.gathered(interaction, values))

    async def gathered(self, interaction: discord.Interaction, values: tuple[str, ...]) -> None:
        """Do what was chosen. May raise anything."""
        raise NotImplementedError


class Turn(DynamicItem[Button[Any]], template=r"(?!)"):
    """A button as `Press` is one, about a place in a list instead of an id: `name:state`."""

    name: ClassVar[str]

    def __init_subclass__(cls, *, name: str) -> None:
        super().__init_subclass__(template=rf"{name}:{STATE}")
        cls.name = name

    def __init__(self, state: str, label: str = "\u2026") -> None:
        super().__init__(Button(label=label, custom_id=f"{self.name}:{state}"))
        self.state = state

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: Item[Any], match: re.Match[str]
    ) -> Self:
        """Make the button again from what Discord kept of it."""
        return cls(match["state"])

    async def callback(self, interaction: discord.Interaction) -> None:
        """Check where it was pressed, do it, and tell whatever goes wrong."""
        await _guarded(interaction, self.turned(interaction))

    async def turned(self, interaction: discord.Interaction) -> None:
        """Do what the button is for. May raise anything."""
        raise NotImplementedError


async def _guarded(interaction: discord.Interaction, doing: Coroutine[Any, Any, None]) -> None:
    speak(str(interaction.locale))
    if not client_of(interaction).serves(interaction.guild_id):
        doing.close()
        await tell(interaction, NotServed())
        return
    try:
        await doing
    except Exception as error:  # noqa: BLE001 - the outermost door of an item; it is logged
        await tell(interaction, error)


def read_id(text: str) -> int:
    """Read an id that came from outside. Raises OrderGone for one that no database holds."""
    if not (text.isascii() and text.isdecimal() and len(text) <= LONGEST_ID):
        raise OrderGone
    if int(text) > LARGEST_ID:
        raise OrderGone
    return int(text)


def custom_id(name: str, id_: int) -> str:
    """Return what a button or form carries, to know after a restart what it is about."""
    return f"{name}:{id_}"


def row(*buttons: Press) -> View:
    """Put buttons side by side; without a timeout, and never beside ordinary ones.

    A view that expires, or that mixes in an ordinary item, would unregister its kinds of buttons
    for the whole bot.
    """
    view = View(timeout=None)
    for button in buttons:
        view.add_item(button)
    return view
