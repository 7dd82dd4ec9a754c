"""Find orders and clips for those whose they are, and delete them: seen, unseen, one or all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs import soundtracks
from jobs.acts import Act, ActKind, NewAct
from jobs.errors import NotYours, OrderGone
from jobs.ids import code
from jobs.moderation import LONGEST_REASON

if TYPE_CHECKING:
    from jobs.model import Clip, Member, Order
    from jobs.ordering import Means
    from jobs.stores import Deleted


class Deleting:
    """What a member or a moderator may find and delete."""

    def __init__(self, means: Means) -> None:
        self._store = means.store
        self._clock = means.clock
        self._ids = means.ids
        self._wake = means.wake

    async def order(self, order_id: int) -> Order:
        """Return an order with its clips. Raises OrderGone for one that is unknown."""
        order = await self._store.order(order_id)
        if order is None:
            raise OrderGone
        return order

    async def living_order(self, order_id: int) -> Order:
        """Return an order of which something is left. Raises OrderGone, also for a deleted one."""
        order = await self.order(order_id)
        if is_deleted(order):
            raise OrderGone
        return order

    async def own_order(self, order_id: int, member: Member) -> Order:
        """Return one's own order. Raises OrderGone or NotYours."""
        order = await self.order(order_id)
        if order.member.user_id != member.user_id or order.member.guild_id != member.guild_id:
            raise NotYours
        return order

    async def clip(self, clip_id: int) -> tuple[Order, Clip]:
        """Return a clip with its order. Raises OrderGone for one that is unknown or deleted."""
        order = await self._store.order_of_clip(clip_id)
        if order is None:
            raise OrderGone
        clip = next(one for one in order.clips if one.id == clip_id)
        if clip.deleted:
            raise OrderGone
        return order, clip

    async def own_clip(self, clip_id: int, member: Member) -> tuple[Order, Clip]:
        """Return one's own clip with its order. Raises OrderGone or NotYours."""
        order, clip = await self.clip(clip_id)
        if order.member.user_id != member.user_id or order.member.guild_id != member.guild_id:
            raise NotYours
        return order, clip

    async def delete(self, clip_id: int, member: Member, *, keep_message: bool = False) -> bool:
        """Delete one's own clip, here and at the vendor; False when it was deleted already.

        Raises OrderGone or NotYours.
        """
        await self.own_clip(clip_id, member)
        now = self._clock.now()
        deleted = await self._store.delete_clip(clip_id, now, keep_message=keep_message)
        self._wake()
        return deleted

    async def delete_by_moderator(self, clip_id: int, actor: Member, reason: str) -> bool:
        """Delete a member's clip for a moderator of its guild; False when it was deleted already.

        Whether the actor moderates is looked at before. Raises OrderGone in another guild.
        """
        order, clip = await self.clip(clip_id)
        by = self._act(order, soundtracks.name_of(order, clip), actor, reason)
        deleted = await self._store.delete_clip(clip_id, self._clock.now(), by=by)
        self._wake()
        return deleted

    async def delete_order(
        self, order_id: int, member: Member, *, keep_message: bool = False
    ) -> Deleted:
        """Delete all of one's own order, and cancel what is in the line. Raises as `delete`."""
        await self.own_order(order_id, member)
        now = self._clock.now()
        deleted = await self._store.delete_order(order_id, now, keep_message=keep_message)
        self._wake()
        return deleted

    async def delete_order_by_moderator(self, order_id: int, actor: Member, reason: str) -> Deleted:
        """Delete all of a member's order for a moderator. Raises as `delete_by_moderator`."""
        order = await self.order(order_id)
        by = self._act(order, code(order.id), actor, reason)
        deleted = await self._store.delete_order(order_id, self._clock.now(), by=by)
        self._wake()
        return deleted

    def _act(self, order: Order, about: str, actor: Member, reason: str) -> NewAct:
        """Name who deleted what, and why. Raises OrderGone in another guild."""
        if order.member.guild_id != actor.guild_id:
            raise OrderGone
        act = Act(
            guild_id=actor.guild_id,
            actor_id=actor.user_id,
            kind=ActKind.DELETE,
            subject_id=order.id,
            about=about,
            reason=reason.strip()[:LONGEST_REASON],
        )
        return NewAct(id=self._ids(), act=act)

    async def hide(self, order_id: int, member: Member) -> int:
        """Delete unseen what is still to come of one's own order; return how many clips that is.

        Those that an earlier wish has marked count as well. Raises OrderGone or NotYours.
        """
        order = await self.own_order(order_id, member)
        coming = await self._store.delete_coming(order_id, self._clock.now())
        self._wake()
        if not coming and is_deleted(order):
            raise OrderGone
        return coming


def is_deleted(order: Order) -> bool:
    """Tell whether nothing is left of an order."""
    return all(clip.deleted for clip in order.clips)
