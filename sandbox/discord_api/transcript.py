"""Writes a conversation down, line by line, as a person would have read it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from sandbox.discord_api.seen import Seen, name_of, see

if TYPE_CHECKING:
    from simcord.backend.models import Channel

    from sandbox.discord_api.world import World

_USER: Final = re.compile(r"<@!?(\d+)>")
_CHANNEL: Final = re.compile(r"<#(\d+)>")
_TIME: Final = re.compile(r"<t:(-?\d+)(?::(\w))?>")
_STYLE: Final = re.compile(r"(?<!\\)(?:\*\*|__|`)|^-# |^#{1,3} ", re.MULTILINE)
_QUOTED: Final = re.compile(r"^> ", re.MULTILINE)
_LINKED: Final = re.compile(r"(?<!\\)\[([^\]\n]+)\]\(([^)\s]+)\)")
_ESCAPED: Final = re.compile(r"\\([^a-zA-Z0-9\s])")
_SPANS: Final = ((86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))
_UNITS: Final = ((1024 * 1024, "MiB"), (1024, "KiB"))


def transcript(world: World, channel: Channel, viewer_id: int | None = None) -> list[str]:
    """Return the lines of a channel: author, words, `[buttons]`, files with their sizes.

    With a viewer it holds what that person can see; without one, every private message too.
    """
    lines: list[str] = []
    for message in sorted(world.backend.messages[channel.id].values(), key=lambda each: each.id):
        if viewer_id is None or message.visible_to(viewer_id):
            lines += _lines(world, see(world, message), own=viewer_id is not None)
    return lines


def _lines(world: World, seen: Seen, *, own: bool) -> list[str]:
    reader = "you" if own else seen.private_to
    suffix = f" (only {reader} can see this)" if seen.private_to else ""
    words = plain(world, seen.text) or ("is thinking…" if seen.thinking else "")
    first, *more = words.splitlines() or [""]
    lines = [seen.used] if seen.used else []
    lines.append(f"{seen.author}: {first}{suffix}".rstrip())
    lines += [f"    {line}" for line in more]
    for embed in seen.embeds:
        lines += [f"  | {line}" for line in plain(world, embed).splitlines()]
    lines += [f"    {file.name} ({size(file.size)})" for file in seen.files]
    lines += [f"    <{select.placeholder or 'choose'}>" for select in seen.selects]
    if seen.buttons:
        lines.append("    " + " ".join(f"[{button.label}]" for button in seen.buttons))
    return lines


def plain(world: World, text: str) -> str:
    """Return text as it looks on the screen: names for mentions, words for times, no markup."""
    backend = world.backend

    def user(match: re.Match[str]) -> str:
        return f"@{name_of(world, int(match[1]))}" if int(match[1]) in backend.users else match[0]

    def channel(match: re.Match[str]) -> str:
        found = backend.channels.get(int(match[1]))
        return f"#{found.name}" if found is not None else match[0]

    def time(match: re.Match[str]) -> str:
        moment = datetime.fromtimestamp(int(match[1]), UTC)
        if match[2] == "R":
            return ago((moment - world.clock.now()).total_seconds())
        return moment.strftime("%d %B %Y %H:%M")

    named = _TIME.sub(time, _CHANNEL.sub(channel, _USER.sub(user, text)))
    linked = _LINKED.sub(r"\1 (\2)", _QUOTED.sub("| ", named))
    return _ESCAPED.sub(r"\1", _STYLE.sub("", linked))


def ago(seconds: float) -> str:
    """Return a span from now in words, as Discord shows `<t:…:R>`."""
    distance = abs(seconds)
    length, unit = next((span for span in _SPANS if distance >= span[0]), _SPANS[-1])
    count = round(distance / length)
    words = f"{count} {unit}{'' if count == 1 else 's'}"
    return f"in {words}" if seconds > 0 else f"{words} ago"


def size(count: int) -> str:
    """Return a number of bytes as people read it."""
    for unit, name in _UNITS:
        if count >= unit:
            return f"{count / unit:.1f} {name}"
    return f"{count} bytes"
