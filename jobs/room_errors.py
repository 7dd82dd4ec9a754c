"""Why a result can't go to a channel that its asker is not in just now, and why none is shared."""

from __future__ import annotations

from enum import StrEnum

from jobs.errors import Declined


class ChannelGone(Declined):
    """The channel where a result would go is deleted, or the bot can't see it any more."""

    def __init__(self, *, channel_id: int) -> None:
        super().__init__(f"channel {channel_id} is gone or closed")
        self.channel_id = channel_id


class NotWelcome(Declined):
    """Who acts can't use commands any more in the channel where a result would go."""

    def __init__(self, *, channel_id: int) -> None:
        super().__init__(f"no commands of theirs in channel {channel_id}")
        self.channel_id = channel_id


class ShareFault(StrEnum):
    """Why a private video is not shared."""

    PUBLIC = "public"
    CHANGED = "changed"
    FILE_GONE = "file_gone"
    NO_ROOM = "no_room"
    LATER = "later"
    UNSEEN = "unseen"


class CannotShare(Declined):
    """A private video is not shared in the channel of its order, which is `channel_id`."""

    def __init__(self, *, fault: ShareFault, channel_id: int) -> None:
        super().__init__(f"not shared in {channel_id}: {fault}")
        self.fault = fault
        self.channel_id = channel_id
