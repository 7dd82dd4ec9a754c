"""What the tests of the commands share: a server with members, two models, and orders to show."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import discord
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from billing.prices import Endpoint
from jobs.catalogue import Model, Resolution
from jobs.errors import StorageDown
from jobs.model import Clip, Member, Options, Order, Picture, Place, Quote
from jobs.states import ClipState
from storage.store import Store
from tests.fakes import START

if TYPE_CHECKING:
    import simcord
    from simcord import ChannelHandle, GuildHandle, InteractionResult, MemberActor, ResponseMessage

    from cogs.client import Muybridge
    from cogs.courier import DiscordCourier
    from jobs.model import Ordered
    from jobs.ordering import Ordering
    from jobs.stores import Placing
    from tests.fakes import FakeClock, FakeLibrary

PNG: Final = b"\x89PNG\r\n\x1a\n a picture"
PICTURE: Final = ("coffee.png", PNG)

SEEDANCE: Final = Model(
    value="seedance-1-0-pro",
    label="Seedance 1.0 Pro",
    resolutions=(
        Resolution(value="720p", label="720p", unit_credit="2"),
        Resolution(value="1080p", label="1080p", unit_credit="4"),
    ),
    seconds=(5, 10),
    sound_multiplier="1.5",
    last_frame=True,
)
QUICK: Final = Model(
    value="quick",
    label="Quick",
    resolutions=(Resolution(value="480p", label="480p", unit_credit="1"),),
    seconds=(5,),
    most_clips=4,
)
MODELS: Final = (SEEDANCE, QUICK)


class FaultyStore(Store):
    """The real store; each of `lost_replies` is raised after a placing was committed.

    While its disk is `full`, orders and notes of answers are refused.
    """

    lost_replies: deque[Exception]

    def __init__(self, *args: Any) -> None:  # noqa: ANN401 - the real one's
        super().__init__(*args)
        self.lost_replies = deque()
        self.full = False

    async def close_ask(self, interaction_id: int) -> None:
        self._check_room()
        await super().close_ask(interaction_id)

    def _check_room(self) -> None:
        if self.full:
            raise StorageDown("the disk took no more")

    async def place(self, placing: Placing) -> Ordered:
        self._check_room()
        ordered = await super().place(placing)
        if self.lost_replies:
            raise self.lost_replies.popleft()
        return ordered


@dataclass
class Scene:
    """A server with a channel, its members, and everything behind the bot.

    A command that raises anything but a refusal fails the test, unless it is `foreseen`.
    """

    env: simcord.Env
    bot: Muybridge
    guild: GuildHandle
    studio: ChannelHandle
    alice: MemberActor
    bob: MemberActor
    store: FaultyStore
    ordering: Ordering
    clock: FakeClock
    library: FakeLibrary
    courier: DiscordCourier
    foreseen: list[type[Exception]] = field(default_factory=list)

    async def animate(
        self,
        who: MemberActor | None = None,
        where: ChannelHandle | None = None,
        **options: Any,  # noqa: ANN401 - a command's options
    ) -> InteractionResult:
        """Run `/animate` with a picture and a prompt, unless told otherwise."""
        filled = {"image": PICTURE, "prompt": "steam rises", **options}
        return await (who or self.alice).slash(where or self.studio, "animate", **filled)

    async def orders(self) -> list[Order]:
        """Return every public order there is, oldest first: each has a card that is due."""
        found = await self.store.claim_cards(self.clock.now() + 1, 0, 100)
        return sorted(found, key=lambda order: order.id)

    async def ordered(self, **options: Any) -> Order:  # noqa: ANN401 - a command's options
        """Place an order of Alice's and return it."""
        result = await self.animate(**options)
        orders = await self.orders()
        assert orders, said(result)
        return orders[-1]

    async def post(self, order: Order, clip: Clip | None = None) -> discord.Message:
        """Post a clip's result with a file, as the engine does, and return the message."""
        clip = clip or order.clips[0]
        path = self.library.folder / f"{clip.id}.mp4"
        path.write_bytes(b"a video")
        video = await self.library.fitted(path.name, 10_000)
        await self.courier.post_clip(order, clip, video, direct=False)
        return last(self.studio)

    async def spendable(self, who: MemberActor | None = None) -> int:
        """Return what a member can spend (credits)."""
        member = Member(guild_id=self.guild.id, user_id=(who or self.alice).id)
        return (await self.ordering.wallet(member)).spendable

    def forbid(self, channel: ChannelHandle, **permissions: bool) -> None:
        """Change what the bot may do in a channel, e.g. `attach_files=False`."""
        backend = self.env.backend
        allow, deny = discord.PermissionOverwrite(**permissions).pair()
        own = Overwrite(
            backend.bot_user.id, OverwriteType.MEMBER, allow=allow.value, deny=deny.value
        )
        backend.edit_channel(channel.id, {}, overwrites=[own])

    def pings(self, message: discord.Message) -> list[int]:
        """Return whom a message really notifies."""
        stored = self.env.backend.get_message(message.channel.id, message.id)
        return sorted(stored.ping_user_ids)


def last(channel: ChannelHandle) -> discord.Message:
    """Return the newest message of a channel."""
    message = channel.last_message
    assert message is not None
    return message


def reply(result: InteractionResult) -> ResponseMessage:
    """Return the answer, and check that it is private."""
    assert result.response is not None, result
    assert result.response.ephemeral
    return result.response


def said(result: InteractionResult) -> str:
    """Return the words of the private answer."""
    return reply(result).content


def followed(result: InteractionResult) -> str:
    """Return the words of the one private message that followed the answer."""
    assert [message.ephemeral for message in result.followups] == [True]
    return result.followups[0].content


def labels(message: discord.Message | ResponseMessage) -> list[str]:
    """List the labels of a message's buttons."""
    found: list[str] = []
    for row in message.components:
        children = row["components"] if isinstance(row, dict) else getattr(row, "children", [])
        found += [one["label"] if isinstance(one, dict) else one.label for one in children]
    return found


# --- orders that were never stored, for the wording --------------------------------------------

OPTIONS: Final = Options(
    endpoint=Endpoint.BATCH,
    model=SEEDANCE.value,
    resolution="720p",
    seconds=5,
    prompt="a slow push-in, steam rising",
    pictures=(Picture(key="coffee.png"),),
)


def an_order(count: int = 1, **changes: Any) -> Order:  # noqa: ANN401 - fields of an order
    """Return an order of so many clips, all rendering."""
    clips = tuple(
        Clip(
            id=5000 + number,
            order_id=4000,
            send_id=3000,
            number=number,
            state=ClipState.RENDERING,
            quote=12,
            submitted_at=START,
        )
        for number in range(count)
    )
    order = Order(
        id=4000,
        member=Member(guild_id=1, user_id=42),
        place=Place(channel_id=7, upload_limit=10_000_000),
        options=replace(OPTIONS, variations=count),
        quote=Quote(per_clip=12, clips=count, wait=(60, 120)),
        created_at=START,
        clips=clips,
    )
    return replace(order, **changes)


def with_clips(order: Order, *states: ClipState, **changes: Any) -> Order:  # noqa: ANN401
    """Return an order whose clips are in these states, and otherwise changed alike."""
    clips = (
        replace(clip, state=state, **changes)
        for clip, state in zip(order.clips, states, strict=True)
    )
    return replace(order, clips=tuple(clips))


def naming(model: str) -> str:
    """Say what members call a model."""
    return {one.value: one.label for one in MODELS}.get(model, model)
