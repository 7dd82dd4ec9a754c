"""Why a result can't go to a channel that its asker is not in just now, and why none is shared."""

from __future__ import annotations

from enum import StrEnum

from jobs.errors import Declined


class ChannelGone(Declined):
    """The channel where a result would go is deleted, or the bot can't see it any more."""

    def __init__(self, *, channel_id: int) -> None:
        super().__init__(f"channel {channel_id} is gone or closed")
        self.channel_id = channel_id


class NowhereToPost(ChannelGone):
    """What is to be ordered would be posted in a channel that is gone or closed."""


class LeftGuild(Declined):
    """Who acts in a direct message is no member any more of the guild that it is about."""

    def __init__(self, *, guild_id: int) -> None:
        super().__init__(f"they are no member of guild {guild_id}")
        self.guild_id = guild_id


class GuildGone(Declined):
    """The guild that a direct message is about is gone, or the bot is not in it any more."""

    def __init__(self, *, guild_id: int) -> None:
        super().__init__(f"guild {guild_id} is gone or closed")
        self.guild_id = guild_id


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
    NOT_HERE = "not_here"
    AGE_ONLY = "age_only"
    WORDS = "words"


class CannotShare(Declined):
    """A private video is not shared in the channel of its order, which is `channel_id`."""

    def __init__(self, *, fault: ShareFault, channel_id: int) -> None:
        super().__init__(f"not shared in {channel_id}: {fault}")
        self.fault = fault
        self.channel_id = channel_id
