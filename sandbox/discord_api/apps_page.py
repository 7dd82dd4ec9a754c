"""What simcord's page has no room for: message and member menus, and files on plain messages."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Final

from aiohttp import BodyPartReader, web
from simcord import InteractionResult, SetupError
from simcord.enums import AppCommandType

from sandbox.discord_api.transcript import plain, size

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sandbox.discord_api.answers import Answer
    from sandbox.discord_api.pages import Pages
    from sandbox.discord_api.seen import Seen
    from sandbox.discord_api.world import World
    from sandbox.people import Person

SHOWN_MESSAGES: Final = 20
NO_ANSWER: Final = "The application did not respond."

_PAGE: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Menus and files</title>
<link rel="stylesheet" href="/sandbox.css"></head>
<body class="menus"><main>
<h1>#{channel} as {person} &nbsp;<a href="/go/{channel}?as={id}">back to the channel</a></h1>
{notice}
<section><h2>Post a message with files</h2>
<form class="post" method="post" enctype="multipart/form-data" action="/apps/say?{query}">
<input type="text" name="text" placeholder="Message #{channel}" aria-label="Message">
<input type="file" name="files" multiple aria-label="Files"><button>Post</button></form></section>
<section><h2>Messages</h2><ul>{messages}</ul></section>
<section><h2>Members</h2><ul>{members}</ul></section>
</main></body></html>"""


class AppsPage:
    """The page at `/apps?channel=studio&as=<user id>`."""

    def __init__(self, world: World, people: Mapping[str, Person], pages: Pages) -> None:
        self._world = world
        self._people = people
        self._pages = pages

    def routes(self) -> list[web.RouteDef]:
        """Return what the sandbox's server must answer for it."""
        return [
            web.get("/apps", self._show),
            web.post("/apps/say", self._say),
            web.post("/apps/menu", self._menu),
        ]

    async def _show(self, request: web.Request) -> web.Response:
        return self._page(self._person(request), self._channel(request))

    async def _menu(self, request: web.Request) -> web.Response:
        """Use a menu: the form says which command, on which message or member."""
        person, channel = self._person(request), self._channel(request)
        form = await request.post()
        command, target = str(form.get("command")), str(form.get("target"))
        try:
            answer = await person.menu(
                command, self._target(person, channel, target), channel=channel
            )
        except (SetupError, LookupError) as error:
            return self._page(person, channel, str(error))
        if answer.failed:
            return self._page(person, channel, NO_ANSWER)
        return await self._back(person, channel, answer)

    async def _say(self, request: web.Request) -> web.Response:
        person, channel = self._person(request), self._channel(request)
        text, files = "", []
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                continue
            data = bytes(await part.read())
            if part.name == "text":
                text = data.decode()
            elif part.filename and data:
                files.append((part.filename, data))
        if not text and not files:
            return self._page(person, channel, "Write something or choose a file.")
        person.say(text, *files, channel=channel)
        return await self._back(person, channel, None)

    async def _back(self, person: Person, channel: str, answer: Answer | None) -> web.Response:
        """Return to the channel; a form that was opened appears there."""
        page = await self._pages.page(channel, person.id)
        if answer is not None and answer.form is not None:
            page.offer_form(InteractionResult(self._world.env, answer.record))
        raise web.HTTPSeeOther(f"/go/{channel}?as={person.id}")

    # --- who and where ------------------------------------------------------------------------

    def _person(self, request: web.Request) -> Person:
        wanted = request.query.get("as", "")
        people = list(self._people.values())
        return next((each for each in people if str(each.id) == wanted), people[0])

    def _channel(self, request: web.Request) -> str:
        wanted = request.query.get("channel", "")
        return wanted if wanted in self._world.channels else next(iter(self._world.channels))

    def _target(self, person: Person, channel: str, target: str) -> Seen | Person:
        kind, _, number = target.partition(":")
        if kind == "member":
            return next(each for each in self._people.values() if str(each.id) == number)
        return next(seen for seen in person.read(channel) if str(seen.id) == number)

    # --- drawing ------------------------------------------------------------------------------

    def _page(self, person: Person, channel: str, notice: str = "") -> web.Response:
        query = html.escape(f"channel={channel}&as={person.id}")
        shown = html.escape(notice)
        text = _PAGE.format(
            channel=html.escape(channel),
            person=html.escape(person.name),
            id=person.id,
            query=query,
            notice=f'<p class="notice" role="alert">{shown}</p>' if notice else "",
            messages="".join(self._messages(person, channel, query)),
            members="".join(self._members(person, channel, query)),
        )
        return web.Response(text=text, content_type="text/html")

    def _messages(self, person: Person, channel: str, query: str) -> Iterable[str]:
        commands = self._commands(person, channel, AppCommandType.MESSAGE)
        for seen in reversed(person.read(channel)[-SHOWN_MESSAGES:]):
            words = html.escape(plain(self._world, seen.text)[:300])
            files = ", ".join(f"{html.escape(f.name)} ({size(f.size)})" for f in seen.files)
            buttons = "".join(_button(query, name, f"message:{seen.id}") for name in commands)
            yield (
                f'<li><b>{html.escape(seen.author)}</b><span class="words">{words} '
                f'<span class="files">{files}</span></span>{buttons}</li>'
            )

    def _members(self, person: Person, channel: str, query: str) -> Iterable[str]:
        commands = self._commands(person, channel, AppCommandType.USER)
        for member in self._people.values():
            buttons = "".join(_button(query, name, f"member:{member.id}") for name in commands)
            yield f'<li><span class="words">{html.escape(member.name)}</span>{buttons}</li>'

    def _commands(self, person: Person, channel: str, kind: AppCommandType) -> list[str]:
        found = self._world.backend.visible_commands(
            user_id=person.id, channel_id=self._world.channels[channel].id, type=kind
        )
        return [str(command["name"]) for command in found]


def _button(query: str, command: str, target: str) -> str:
    name = html.escape(command)
    return (
        f'<form method="post" action="/apps/menu?{query}">'
        f'<input type="hidden" name="target" value="{target}">'
        f'<button name="command" value="{name}">{name}</button></form>'
    )
