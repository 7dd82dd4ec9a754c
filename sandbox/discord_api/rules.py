"""Discord's rules that simcord lacks: sizes, nonces, closed threads and DMs, expired tokens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from simcord import BackendError
from simcord.backend.errors import invalid_form_body
from simcord.enums import ChannelType

from sandbox.discord_api.world import REQUEST_LIMIT

if TYPE_CHECKING:
    from simcord.backend.models import Channel, Interaction, Message

    from sandbox.discord_api.wire import Call, Payload
    from sandbox.discord_api.world import World

NONCE_SECONDS: Final = 300  # "in the past few minutes" (docs: resources/message, create message)
NONCE_LENGTH: Final = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sent:
    channel_id: int
    message_id: int
    at: int


class Rules:
    """What the bridge checks before simcord's own routes see a request."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._nonces: dict[str, _Sent] = {}

    def check(self, call: Call) -> None:
        """Check a request.

        Raises:
            BackendError: with Discord's status and code, when it must be refused.

        """
        self._check_sizes(call)
        match call.segments:
            case ["webhooks", _, token, *_] | ["interactions", _, token, "callback"]:
                self._check_token(call, token)
            case ["channels", channel_id, "messages", *rest] if channel_id.isdecimal():
                self._check_channel(call, int(channel_id), rest)
            case _:
                pass

    # --- sizes --------------------------------------------------------------------------------

    def _check_sizes(self, call: Call) -> None:
        limit = self.upload_limit(call)
        if call.size > REQUEST_LIMIT or any(len(each.data) > limit for each in call.uploads):
            raise BackendError(413, 40005, "Request entity too large")

    def upload_limit(self, call: Call) -> int:
        """Return the bytes that one file of this request may have.

        With an interaction's token it is the asker's; with the bot's token the guild's.
        """
        record = None
        if call.segments[0] in ("webhooks", "interactions") and len(call.segments) > 2:
            record = self._record(call.segments[2])
        if record is None:
            return self._world.setting.upload_limit
        return self._world.interaction_upload_limit(record.user_id)

    # --- tokens -------------------------------------------------------------------------------

    def _record(self, token: str) -> Interaction | None:
        backend = self._world.backend
        interaction_id = backend.interaction_tokens.get(token)
        return None if interaction_id is None else backend.interactions[interaction_id]

    def _check_token(self, call: Call, token: str) -> None:
        record = self._record(token)
        if record is None or call.segments[0] == "interactions":
            return
        if record.expires_at is not None and self._world.backend.now_iso() >= record.expires_at:
            raise BackendError(401, 50027, "Invalid Webhook Token")

    # --- channels -----------------------------------------------------------------------------

    def _check_channel(self, call: Call, channel_id: int, rest: list[str]) -> None:
        channel = self._world.backend.channels.get(channel_id)
        if channel is None:
            return
        sends = call.method == "POST" and not rest
        if channel.is_thread and call.method in ("POST", "PATCH", "PUT"):
            self._check_thread(channel, sends=sends)
        if sends and channel.type == ChannelType.DM:
            self._check_dm(channel)
        elif call.uploads:
            bot_id = self._world.backend.bot_user.id
            self._world.backend.require_permissions(
                channel.guild_id, bot_id, channel_id, "attach_files"
            )

    def _check_thread(self, thread: Channel, *, sends: bool) -> None:
        """Let a message wake an archived thread unless it is locked; refuse all else in one.

        Source: docs, topics/threads, "Active & Archived Threads".
        """
        state = thread.thread_metadata
        if state is None or not state.archived:
            return
        if not sends or state.locked:
            raise BackendError(400, 50083, "Thread is archived")
        self._world.backend.edit_channel(thread.id, {}, thread_metadata={"archived": False})

    def _check_dm(self, channel: Channel) -> None:
        if not all(self._world.traits_of(user_id).dms_open for user_id in channel.recipient_ids):
            raise BackendError(403, 50007, "Cannot send messages to this user")

    # --- nonces -------------------------------------------------------------------------------

    def already_sent(self, call: Call) -> Message | None:
        """Return the message that an enforced nonce stands for, if it was sent of late.

        Raises:
            BackendError: the nonce is too long.

        """
        nonce = call.body.get("nonce")
        if nonce is None or not _sends_message(call):
            return None
        if len(str(nonce)) > NONCE_LENGTH:
            raise invalid_form_body(f"nonce: Must be {NONCE_LENGTH} or fewer in length.")
        sent = self._nonces.get(str(nonce))
        if sent is None or not call.body.get("enforce_nonce"):
            return None
        if self._world.clock.now_ms() - sent.at > NONCE_SECONDS * 1000:
            return None
        return self._world.backend.messages.get(sent.channel_id, {}).get(sent.message_id)

    def remember(self, call: Call, answer: Payload) -> None:
        """Note a nonce with the message it made, and put it into the answer."""
        nonce = call.body.get("nonce")
        if nonce is None or not _sends_message(call):
            return
        answer["nonce"] = nonce
        self._nonces[str(nonce)] = _Sent(
            channel_id=int(answer["channel_id"]),
            message_id=int(answer["id"]),
            at=self._world.clock.now_ms(),
        )


def _sends_message(call: Call) -> bool:
    parts = call.segments
    return call.method == "POST" and len(parts) == 3 and parts[::2] == ["channels", "messages"]
