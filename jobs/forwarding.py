"""Send the files ahead that a card, or a message for moderators, has no room for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.links import pictures_of
from jobs.parcels import Parcel, parcels_of
from jobs.ports import CannotLook, PostFailed, PostFault
from jobs.retrying import look_before

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path

    from jobs.model import Order, Picture, Track
    from jobs.submitting import Outside


class Forward:
    """Posts an order's files but for those that the last message carries; each parcel once."""

    def __init__(self, outside: Outside, order: Order, channel_id: int) -> None:
        self._out = outside
        self._order = order
        self._channel_id = channel_id
        parcels = parcels_of(pictures_of(order.options), outside.request_bytes)
        # To ask where a file lies keeps it in the store for some days more.
        self._ahead = [(len(files), self._paths(files)) for files in parcels[:-1]]
        self._total = sum(map(len, parcels))
        self.own = self._paths(parcels[-1])
        """Where the files lie that go with the message itself."""

    async def go(self, begin: Callable[[], Awaitable[bool]]) -> bool:
        """Post what is not up yet; `begin` commits the whole, and False from it ends that.

        Raises PostFailed.
        """
        if not await begin():
            return False
        first = 1
        for number, (count, files) in enumerate(self._ahead):
            parcel = Parcel(
                order_id=self._order.id,
                number=number,
                channel_id=self._channel_id,
                first=first,
                last=first + count - 1,
                total=self._total,
            )
            await self._post(parcel, files)
            first += count
            if not await begin():  # an upload takes its time: is it still ours?
                return False
        return True

    async def _post(self, parcel: Parcel, files: Sequence[Path]) -> None:
        out, order = self._out, self._order
        tried = await out.store.begin_parcel(order.id, parcel.number, out.clock.now())
        if tried.message is not None:
            return
        try:
            message = await look_before(
                out, tried.since, lambda since: out.courier.find_parcel(order, parcel, since)
            )
        except CannotLook:
            raise PostFailed(PostFault.NO_ROOM, "the channel can't be read") from None
        message = message or await out.courier.post_parcel(order, parcel, files)
        await out.store.record_parcel(order.id, parcel.number, message)

    def _paths(self, files: Sequence[Picture | Track]) -> tuple[Path, ...]:
        paths = (self._out.library.picture_path(one.key) for one in files)
        return tuple(path for path in paths if path is not None)
