"""The way of a paid command: noted, acknowledged, checked, drafted, ordered or offered."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final, assert_never

from cogs import words
from cogs.admission import admit, admit_afar
from cogs.confirm import order, propose
from cogs.dynamic import row
from cogs.errors import NETWORK, TooLate, acknowledge, tell_later
from cogs.forms import Reopen, in_time
from cogs.language import speak
from cogs.replies import Standing, reply_by_token, reply_to, standing
from cogs.where import member_at, member_of, place_of
from jobs.asking import Animate, Ask, Upload, choose
from jobs.effects import Effected, choose_effect
from jobs.errors import (
    BadPicture,
    BadTrack,
    Declined,
    FormGone,
    NoPictures,
    PictureFault,
    TrackFault,
)
from jobs.model import Member, Picture, Track
from jobs.soundtracks import Soundtracked

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import discord

    from cogs.admission import Admits
    from cogs.client import Muybridge, Services
    from cogs.replies import Reply
    from jobs.asking import Asked
    from jobs.forms import Form
    from jobs.model import Options, Place

logger = logging.getLogger(__name__)

LARGEST_FILE: Final = 20 * 1024 * 1024
"""Bytes: what the media store takes of a picture, and of an audio file."""

DOWNLOADS: Final = 8
"""Files that are fetched at the same time; together they stay below 160 MB of memory."""

PATIENCE_S: Final = 60

WRITE_FIRST_S: Final = 1.0
"""How long the answer waits for the note in the database; Discord waits three seconds for it."""


class Desk:
    """Takes what paid commands and forms ask for, and works on it until it is answered.

    `fetch` brings an upload from Discord, `know` a member (by guild and user) with their roles.
    """

    def __init__(
        self,
        services: Services,
        fetch: Callable[[str], Awaitable[bytes]],
        know: Callable[[int, int], Awaitable[Member]],
    ) -> None:
        self._services = services
        self._fetch = fetch
        self._know = know
        self._downloads = asyncio.Semaphore(DOWNLOADS)

    async def take(
        self,
        interaction: discord.Interaction,
        asked: Asked,
        *images: Upload,
        last_frame: Upload | None = None,
        track: Upload | None = None,
        asks_first: bool = False,
        form: int | None = None,
    ) -> None:
        """Write the command down, acknowledge it, work on it: a restart takes it up again.

        `asks_first` is for what began with a button: then only Confirm spends.
        Raises TooLate when the same command was delivered before, or nobody waits for it any more.
        """
        member, place = await self._whence(interaction, form)
        # Everything that answering needs, so that another process can do it, too.
        ask = Ask(
            interaction_id=interaction.id,
            application_id=interaction.application_id,
            token=interaction.token,
            member=member,
            place=place,
            asked=asked,
            images=images,
            last_frame=last_frame,
            track=track,
            asks_first=asks_first,
            form=form,
            direct=interaction.guild_id is None,
            created_at=int(interaction.created_at.timestamp() * 1000),
        )
        await self._take(interaction, ask)
        admits: Admits = partial(admit, interaction)
        if ask.direct:
            admits = partial(admit_afar, interaction, member.guild_id, place)
        await self.work(ask, reply_to(interaction), admits=admits)

    async def _whence(
        self, interaction: discord.Interaction, form: int | None
    ) -> tuple[Member, Place]:
        """Return who asks and where the result goes; in a direct message only a form knows it.

        There the member has no roles yet. Raises FormGone for a form that was opened in a server.
        """
        if interaction.guild_id is not None or form is None:
            return await member_of(interaction), place_of(interaction)
        async with in_time():
            opened = await self._services.forms.find(form, interaction.user.id)
        if opened.place is None:
            raise FormGone
        member = Member(guild_id=opened.guild_id, user_id=opened.user_id)
        return member, replace(opened.place, locale=str(interaction.locale))

    async def _take(self, interaction: discord.Interaction, ask: Ask) -> None:
        """Write the command down, then answer; a slow disk does not hold the answer up for long."""
        taking = asyncio.ensure_future(self._services.ordering.take(ask))
        await asyncio.wait({taking}, timeout=WRITE_FIRST_S)
        if not taking.done() or taking.result():
            await self._acknowledge(interaction, ask)
        if not await taking:
            raise TooLate(f"interaction {ask.interaction_id} was delivered before")

    async def _acknowledge(self, interaction: discord.Interaction, ask: Ask) -> None:
        """Answer first; whatever ends a command here leaves nothing over for the next start."""
        try:
            await acknowledge(interaction)
            if not _tells_late(ask):
                await admit(interaction, private=ask.asked.private)
        except Exception:
            await self._services.ordering.answered(ask)
            raise

    async def resume(self, bot: Muybridge) -> None:
        """Take up what an earlier process had acknowledged and not answered.

        What it had only written down is let go: the member saw that the bot did not respond. Who
        was told something, such as that nothing was ordered, is only offered it.
        """
        left = await self._services.ordering.left_over()
        await asyncio.gather(*(self._take_up(bot, ask) for ask in left))

    async def _take_up(self, bot: Muybridge, ask: Ask) -> None:
        """Take one command up; what ails it does not keep the others waiting."""
        speak(ask.place.locale)
        try:
            stands = await standing(bot, ask)
            if stands is Standing.UNSEEN:
                await self._services.ordering.answered(ask)
                return
            logger.warning("interaction %s was left over and is taken up", ask.interaction_id)
            spends = stands is Standing.THINKING
            await self.work(ask, reply_by_token(bot, ask), spends=spends)
        except Exception:
            logger.exception("interaction %s could not be taken up", ask.interaction_id)

    async def work(
        self, ask: Ask, reply: Reply, *, spends: bool = True, admits: Admits | None = None
    ) -> None:
        """Draft; then order at once, or ask above the confirm price; or say what is wrong.

        Unless it `spends`, only Confirm does: the member may have read that nothing was ordered.
        `admits` looks whether the channel takes the result, where that can be asked at all.
        Done again for the same command it finds the same draft and the same order. Raises
        nothing: once something is ordered, no later fault may say that it was not.
        """
        try:
            await self._order(ask, reply, spends=spends, admits=admits)
        except Exception as error:  # noqa: BLE001 - the outermost door of a command; it is logged
            await tell_later(reply, error)
        try:
            await self._services.ordering.answered(ask)
        except Exception:
            # The next start takes it up, finds what was ordered, and shows the same answer.
            logger.exception("interaction %s is answered and not noted", ask.interaction_id)

    async def _order(self, ask: Ask, reply: Reply, *, spends: bool, admits: Admits | None) -> None:
        ordering = self._services.ordering
        placed = await ordering.placed(ask.once)
        if placed is not None:
            # Ordered before a kill: whatever has changed since, it must not be called refused.
            await order(reply, self._services, placed, ask.member)
            return
        options, by_button = await self._asked(ask, reply)
        if ask.direct:
            ask = replace(ask, member=await self._know(ask.member.guild_id, ask.member.user_id))
        if admits is not None and _tells_late(ask):
            await admits(private=options.private)
        draft = await ordering.draft(ask.once, ask.member, ask.place, options)
        if draft.cancelled:
            # Put away meanwhile: before a kill, or in the answer to the same form.
            await reply.show(words.DISMISSED())
            return
        rules = await ordering.rules(ask.member.guild_id)
        surprising = await ordering.asks_first(options)
        dear = not spends or by_button or draft.quote.total > rules.confirm_price
        if draft.order_id is None and (dear or surprising):
            why = words.ASKS_FIRST() if surprising else ""
            await propose(reply, self._services, draft, ask.member, why)
        else:
            await order(reply, self._services, draft, ask.member)

    async def _asked(self, ask: Ask, reply: Reply) -> tuple[Options, bool]:
        """Return what is asked for, and whether only Confirm may spend."""
        if ask.form is None or isinstance(ask.asked, Soundtracked):
            return await self._options(ask), ask.asks_first
        form = await self._services.forms.find(ask.form, ask.member.user_id)
        reply.reopen = row(Reopen(form.id))
        form = await self._filled(form.filled(ask.asked), ask.images or form.uploads, ask.track)
        options = await self._formed(form, ask.member)
        self._services.ordering.check_kept(options)
        return options, form.asks_first

    async def _formed(self, form: Form, member: Member) -> Options:
        """Check the options of a form whose files are kept."""
        if isinstance(form.asked, Effected):
            effect = choose_effect(form.asked, self._services.catalogue)
            return effect.options(form.pictures[0], None if form.asked.sound else form.track)
        asked = await self._services.ordering.within(form.asked, member)
        chosen = choose(asked, self._services.catalogue)
        return chosen.options(form.pictures, form.last_frame)

    async def _filled(
        self, form: Form, uploads: tuple[Upload, ...], own_track: Upload | None
    ) -> Form:
        """Keep what was typed and uploaded with the form, whatever is refused afterwards.

        Raises what is wrong with the first bad file; the good ones are kept.
        """
        await self._services.forms.keep(form)
        found = await asyncio.gather(
            *map(self._picture, uploads), self._track(own_track), return_exceptions=True
        )
        for one in found:
            if isinstance(one, BaseException) and not isinstance(one, Declined):
                raise one  # nobody's fault: what was given stays as it is
        kept = tuple(one for one in found if isinstance(one, Picture))
        track = next((one for one in found if isinstance(one, Track)), form.track)
        form = replace(form, pictures=kept or form.pictures, track=track, uploads=())
        await self._services.forms.keep(form)
        for one in found:
            if isinstance(one, BaseException):
                raise one
        if not form.pictures:
            raise NoPictures
        return form

    async def _options(self, ask: Ask) -> Options:
        """Check the options before any file is fetched, then fetch and check the files."""
        match ask.asked:
            case Animate():
                asked = await self._services.ordering.within(ask.asked, ask.member)
                chosen = choose(asked, self._services.catalogue)
                picture = await self._picture(ask.images[0])
                last = None if ask.last_frame is None else await self._picture(ask.last_frame)
                return chosen.options((picture,), last)
            case Effected():
                effect = choose_effect(ask.asked, self._services.catalogue)
                picture = await self._picture(ask.images[0])
                return effect.options(picture, await self._track(ask.track))
            case Soundtracked():
                ordering = self._services.ordering
                source = await ordering.named_clip(ask.asked.video, ask.member)
                return ordering.with_sound(*source, await self._track(ask.track))
            case _:  # pragma: no cover - mypy proves that nothing comes here
                assert_never(ask.asked)

    async def _picture(self, upload: Upload) -> Picture:
        if upload.size > LARGEST_FILE:
            raise BadPicture(fault=PictureFault.TOO_MANY_BYTES, limit=LARGEST_FILE)
        async with self._downloads:
            try:
                data = await self._read(upload)
            except NETWORK as error:
                raise BadPicture(fault=PictureFault.LINK_EXPIRED) from error
            return await self._services.ordering.keep_picture(data, upload.link)

    async def _track(self, upload: Upload | None) -> Track | None:
        if upload is None:
            return None
        if upload.size > LARGEST_FILE:
            raise BadTrack(fault=TrackFault.TOO_MANY_BYTES, limit=LARGEST_FILE)
        async with self._downloads:
            try:
                data = await self._read(upload)
            except NETWORK as error:
                raise BadTrack(fault=TrackFault.LINK_EXPIRED) from error
            return await self._services.ordering.keep_track(data, upload.link)

    async def _read(self, upload: Upload) -> bytes:
        """Fetch an upload from Discord. Raises what is in NETWORK."""
        async with asyncio.timeout(PATIENCE_S):
            return await self._fetch(upload.link)


def _tells_late(ask: Ask) -> bool:
    """Tell whether only the options will show whether the result is private.

    A form knows that itself, and new sound is as private as its source.
    """
    return ask.form is not None or isinstance(ask.asked, Soundtracked)


def upload_of(attachment: discord.Attachment) -> Upload:
    """Return what is noted down of a file that came with a command."""
    return Upload(link=attachment.url, name=attachment.filename, size=attachment.size)


async def setup(bot: Muybridge) -> None:
    """Set the desk up, and have it take up what was left over."""
    bot.desk = Desk(bot.services, bot.http.get_from_cdn, partial(member_at, bot))
    bot.add_resumer(lambda: bot.desk.resume(bot))
