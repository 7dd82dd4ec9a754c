"""Use cases of an order: quote it, confirm it once, ask for it again, cancel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from billing.prices import PriceSource, price_of
from jobs import soundtracks
from jobs.deleting import Deleting, is_deleted
from jobs.errors import (
    AboveClipLimit,
    BadPicture,
    BadSource,
    BadTrack,
    DraftGone,
    NotYours,
    OrderGone,
    PictureFault,
    PriceRose,
    SourceFault,
    TrackFault,
)
from jobs.guarding import check_rules, routed, within
from jobs.links import check_card, needs_card, pictures_of, relinked
from jobs.model import NewDraft, Picture, Quote, Track
from jobs.pooling import telling_of_a_dry_pool
from jobs.progress import usual_wait
from jobs.reusing import check_use, options_for
from jobs.screening import Screening
from jobs.stores import Cancelled, NewSend, Placing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jobs.asking import Animate, Ask
    from jobs.catalogue import Catalogue
    from jobs.model import (
        Clip,
        Draft,
        Guards,
        GuildRules,
        Member,
        Options,
        Order,
        Ordered,
        Place,
        WalletView,
    )
    from jobs.ports import Clock, Library
    from jobs.reviews import Rooms
    from jobs.stores import OrderStore


ANSWERABLE_MS: Final = 14 * 60 * 1000
"""An interaction's token lives fifteen minutes (Discord's reference, "Followup Messages")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What the use cases work with: the adapters, and where ids, tokens and wake-ups come from.

    Without `rooms` nothing is known of channels, and each counts as open.
    """

    store: OrderStore
    library: Library
    clock: Clock
    ids: Callable[[], int]
    token: Callable[[], str]
    wake: Callable[[], None]
    rooms: Rooms | None = None


class Ordering(Deleting):
    """Everything that a command or a button may do with orders and wallets.

    `public` tells whether the bot has an address from which the vendor can fetch pictures.
    """

    def __init__(self, means: Means, catalogue: Catalogue, guards: Guards, *, public: bool) -> None:
        super().__init__(means)
        self.means = means
        self._library = means.library
        self._token = means.token
        self._catalogue = catalogue
        self._guards = guards
        self._public = public
        self._screening = Screening(means.store, means.clock, means.ids, means.rooms)

    async def rules(self, guild_id: int) -> GuildRules:
        """Return the guild's rules, such as the price above which Confirm is asked."""
        return await self._store.rules(guild_id)

    async def within(self, asked: Animate, member: Member) -> Animate:
        """Fill in what was left out so that the member's guild allows it."""
        return within(asked, await self.rules(member.guild_id), self._catalogue)

    async def wallet(self, member: Member) -> WalletView:
        """Return a member's wallet as it is now."""
        return await self._store.wallet(member, self._clock.now())

    async def take(self, ask: Ask) -> bool:
        """Write an acknowledged command down before it is worked on, so that no kill loses it.

        False when the same command was delivered before: then somebody is at it.
        """
        return await self._store.open_ask(ask)

    async def answered(self, ask: Ask) -> None:
        """Note that a command has its order or its refusal."""
        await self._store.close_ask(ask.interaction_id)

    async def left_over(self) -> tuple[Ask, ...]:
        """Take commands that a process which is gone had acknowledged and not answered.

        Older ones than fourteen minutes can't be answered any more: Discord forgets their token.
        """
        return await self._store.claim_asks(self._clock.now() - ANSWERABLE_MS)

    async def keep_picture(self, data: bytes, link: str) -> Picture:
        """Check an uploaded picture and keep it; `link` is the upload's own signed link.

        Raises BadPicture.
        """
        kept = await self._library.keep_picture(data)
        return Picture(
            key=kept.key,
            link=link,
            converted=kept.converted,
            width=kept.width,
            height=kept.height,
            bytes=kept.bytes,
            first_frame_only=kept.first_frame_only,
        )

    async def keep_track(self, data: bytes, link: str) -> Track:
        """Check an uploaded audio file and keep it; `link` is the upload's own signed link.

        Raises BadTrack.
        """
        kept = await self._library.keep_track(data)
        return Track(key=kept.key, link=link, bytes=kept.bytes, seconds=kept.seconds)

    async def asks_first(self, options: Options) -> bool:
        """Tell whether such a clip was charged above its quote lately: then only Confirm spends.

        That a price key can cost far more than its table is reported (AKOOL.md 5).
        """
        learned = await self._store.learned_price(str(options.price_key))
        return learned is not None and learned.above_quote

    async def quote(self, options: Options) -> Quote:
        """Price the options in credits. Raises BadOption or AboveClipLimit."""
        key = options.price_key
        listed = self._catalogue.listed(key)
        learned = await self._store.learned_price(str(key))
        price = price_of(key, listed, learned, self._clock.now())
        if price.credits > self._guards.per_clip:
            raise AboveClipLimit(price=price.credits, limit=self._guards.per_clip)
        return Quote(
            per_clip=price.credits,
            clips=options.clips,
            learned=price.source is PriceSource.CHARGED,
            wait=usual_wait(await self._store.waits(str(key))),
        )

    async def draft(self, once: int, member: Member, place: Place, options: Options) -> Draft:
        """Store what a click asks for, with its price; the same `once` finds the same draft.

        Raises Declined.
        """
        await self._screening.check(options, member)
        await self._check_source(options, member)
        rules = await self.rules(member.guild_id)
        check_rules(rules, member, options, place)  # what is not allowed needs no price
        place = routed(place, rules, private=options.private)
        self._check_card(options, place)
        quote = await self.quote(options)
        draft = NewDraft(
            id=self._ids(),
            interaction_id=once,
            member=member,
            place=place,
            options=options,
            quote=quote,
        )
        async with telling_of_a_dry_pool(self.means, member):
            await self._store.foresee(draft, self._clock.now())
        return await self._store.add_draft(draft, self._clock.now())

    def _check_card(self, options: Options, place: Place) -> None:
        """Look, before anything is spent, whether a card can carry what only it can serve."""
        if not self._public and needs_card(options, self._clock.now()):
            check_card(options, place.upload_limit)

    async def _check_source(self, options: Options, member: Member) -> None:
        """Look whether sound can be put on the clip, which the member must be allowed to use."""
        if options.source is not None:
            order, clip = await self.clip(options.source.clip_id)
            await self.usable(order, (clip,), member)
            soundtracks.check_source(clip, self._clock.now())

    def with_sound(self, order: Order, clip: Clip, track: Track | None) -> Options:
        """Return what is ordered to put a track, or the vendor's sound, on a clip.

        Raises BadSource.
        """
        return soundtracks.options_of(order, clip, track, self._clock.now())

    async def confirm(self, draft_id: int, member: Member, shown: int | None = None) -> Ordered:
        """Spend: make the draft an order, once; confirming again returns the same order.

        `shown` is the price in credits that the member has read: the draft's own by default.
        Raises PriceRose (the draft then carries the new price), NotYours, DraftGone, and
        whatever stands in the way of the order.
        """
        draft = await self._own_draft(draft_id, member)
        if draft.order_id is None:
            await self._screening.check(draft.options, member)  # there may be new rules since
            await self._check_source(draft.options, member)  # it may be gone since the draft
            self._check_card(draft.options, draft.place)  # a link may have died since the draft
            await self._refuse_a_higher_price(draft)
        most = draft.quote.total if shown is None else shown
        async with telling_of_a_dry_pool(self.means, member):
            ordered = await self._store.place(self._placing(draft, member, most))
        self._wake()
        return ordered

    async def placed(self, once: int) -> Draft | None:
        """Return what a click or a form has ordered already, None when it has not."""
        draft = await self._store.draft_of(once)
        return None if draft is None or draft.order_id is None else draft

    async def own_draft(self, draft_id: int, user_id: int) -> Draft:
        """Return one's own draft, whatever its guild. Raises DraftGone or NotYours."""
        draft = await self._store.draft(draft_id)
        if draft is None or draft.cancelled:
            raise DraftGone
        if draft.member.user_id != user_id:
            raise NotYours
        return draft

    async def _own_draft(self, draft_id: int, member: Member) -> Draft:
        draft = await self.own_draft(draft_id, member.user_id)
        if draft.member.guild_id != member.guild_id:
            raise NotYours
        return draft

    async def _refuse_a_higher_price(self, draft: Draft) -> None:
        now = await self.quote(draft.options)
        if now.total > draft.quote.total:
            await self._store.requote(draft.id, now)
            raise PriceRose(draft_id=draft.id, before=draft.quote.total, now=now.total)

    def _placing(self, draft: Draft, member: Member, most: int) -> Placing:
        options, now = draft.options, self._clock.now()
        return Placing(
            draft_id=draft.id,
            member=member,
            order_id=self._ids(),
            sends=tuple(NewSend(id=self._ids(), token=self._token()) for _ in options.pictures),
            clip_ids=tuple(self._ids() for _ in range(options.clips)),
            unit_credit=self._catalogue.listed(options.price_key).unit_credit,
            # A private order has no card: a link that has died since ends it at the submit.
            card_picture=not self._public and not options.private and needs_card(options, now),
            most=most,
            now=now,
        )

    async def dismiss(self, draft_id: int, member: Member) -> bool:
        """Put a draft away; False when it was ordered meanwhile. Raises NotYours, DraftGone."""
        await self._own_draft(draft_id, member)
        return await self._store.cancel_draft(draft_id, member.user_id)

    async def usable(
        self, order: Order, clips: Iterable[Clip], member: Member, *, openly: bool = False
    ) -> Order:
        """Return an order as a member may ask for it again; these of its clips are meant.

        `openly` is for what is asked below a message that everybody sees. Raises as `check_use`.
        """
        check_use(order, clips, member, await self.rules(member.guild_id))
        return replace(order, options=options_for(order, member, openly=openly))

    async def again(self, interaction_id: int, order: Order, member: Member, place: Place) -> Draft:
        """Draft once more what is `usable`; whoever asks pays, and only Confirm spends.

        Raises BadPicture or BadTrack when a file is no longer kept, and what `draft` raises.
        """
        self.check_kept(order.options)
        return await self.draft(interaction_id, member, place, relinked(order.options))

    async def once_more(self, order: Order, clip: Clip, options: Options) -> Placing:
        """Draft a clip anew in its member's name, past everything but money.

        It costs what it cost then, at most: the member has agreed to no more. Raises BadPicture,
        BadTrack or BadSource when a file or the clip below the sound is gone, and as `quote`.
        """
        self.check_kept(options)
        self._check_card(options, order.place)
        if options.source is not None:
            _, source = await self.clip(options.source.clip_id)
            soundtracks.check_source(source, self._clock.now())
        quote = await self.quote(options)
        quote = replace(quote, per_clip=min(quote.per_clip, clip.quote))
        new = NewDraft(
            id=self._ids(),
            interaction_id=clip.id,  # stands for the click: a second call finds the first's draft
            member=order.member,
            place=order.place,
            options=options,
            quote=quote,
        )
        draft = await self._store.add_draft(new, self._clock.now())
        await self._store.requote(draft.id, quote)
        return self._placing(draft, order.member, quote.total)

    def check_kept(self, options: Options) -> None:
        """Look whether every file is still in the media store. Raises BadPicture or BadTrack."""
        for picture in pictures_of(options):
            if self._library.picture_path(picture.key) is not None:
                continue
            if isinstance(picture, Track):
                raise BadTrack(fault=TrackFault.GONE)
            raise BadPicture(fault=PictureFault.GONE)

    async def named_clip(self, typed: str, member: Member) -> tuple[Order, Clip]:
        """Return one's own clip that was named by its code, for sound to be put on.

        Raises BadSource, OrderGone or NotYours.
        """
        order_id, number = soundtracks.named(typed)
        order = await self._store.order(order_id)
        if order is None or order.member.guild_id != member.guild_id:
            raise BadSource(fault=SourceFault.UNKNOWN, typed=typed)
        if order.member.user_id != member.user_id:
            raise NotYours
        clip = soundtracks.pick(order, number, typed)
        soundtracks.check_source(clip, self._clock.now())
        return await self.own_clip(clip.id, member)

    async def cancel(self, order_id: int, member: Member) -> Cancelled:
        """Cancel what is still queued of one's own order, and what turns out not to be made.

        Raises OrderGone or NotYours.
        """
        order = await self.own_order(order_id, member)
        done = await self._store.cancel_order(order_id, self._clock.now())
        self._wake()
        if done == Cancelled(ended=0, wished=0) and is_deleted(order):
            raise OrderGone
        return done
