"""Orders brought to every end, and what `/videos` then shows of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord
from simcord.components import walk_components

from jobs.ids import code
from jobs.ports import MadeClip, MessageRef
from jobs.states import FailReason
from jobs.stores import FoundDone, FoundFailed, SendResult, Stored
from tests.cogs.scenes import reply

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcord import InteractionResult, MemberActor, ResponseMessage

    from jobs.model import Order
    from tests.cogs.scenes import Scene

VIDEO = b"a video"


# --- making orders what they are --------------------------------------------------------------


async def rendered(scene: Scene) -> None:
    """Have the vendor take everything that is queued."""
    store, now = scene.store, scene.clock.now()
    for send in await store.claim_sends(now, now + 1000, 100):
        await store.intend(send, now, now + 1000)
        made = tuple((one, MadeClip(vendor_id=f"v{one}", cost=None)) for one in send.clip_ids)
        await store.finish_send(SendResult(send_id=send.id, made=made, look_at=now), now)


async def stored(scene: Scene) -> None:
    """Finish everything that renders, its file in the media store."""
    await rendered(scene)
    store, now = scene.store, scene.clock.now()
    done = [
        FoundDone(clip_id=clip.id, fence=clip.fence, link=f"https://v.invalid/{clip.id}", cost=10)
        for clip in await store.claim_clips("look", now, now + 1000, 100)
    ]
    await store.record_looks((), done, (), now)
    for clip in await store.claim_clips("fetch", now, now + 1000, 100):
        (scene.library.folder / f"{clip.id}.mp4").write_bytes(VIDEO)
        await store.record_stored(
            Stored(clip_id=clip.id, fence=clip.fence, file=f"{clip.id}.mp4", bytes=len(VIDEO)), now
        )


async def delivered(scene: Scene, order: Order, *, kept: bool = False) -> Order:
    """Bring an order's clips to their end: posted, or kept."""
    await stored(scene)
    store, now = scene.store, scene.clock.now()
    for clip in await store.claim_clips("post", now, now + 1000, 100):
        if kept:
            await store.record_kept(clip, "nowhere to post it", now)
        else:
            await store.begin_post(clip, now)
            message = MessageRef(channel_id=scene.studio.id, message_id=clip.id)
            await store.record_posted(clip, message, now)
    return await reread(scene, order)


async def failed(scene: Scene, order: Order) -> Order:
    await rendered(scene)
    store, now = scene.store, scene.clock.now()
    lost = [
        FoundFailed(
            clip_id=clip.id,
            fence=clip.fence,
            reason=FailReason.RENDER_FAILED,
            cost=0,
            note="moderation",
        )
        for clip in await store.claim_clips("look", now, now + 1000, 100)
    ]
    await store.record_looks((), (), lost, now)
    return await reread(scene, order)


async def reread(scene: Scene, order: Order) -> Order:
    found = await scene.store.order(order.id)
    assert found is not None
    return found


# --- reading what is shown --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shown:
    """What a private answer of components shows."""

    texts: list[str]
    buttons: dict[str, str]
    selects: dict[str, list[dict[str, Any]]]
    stills: list[str]

    @property
    def text(self) -> str:
        return "\n".join(self.texts)

    def pick(self, name: str) -> str:
        """Return the custom_id of the select whose name that is."""
        (found,) = (one for one in self.selects if one.split(":")[0] == name)
        return found

    def options(self, name: str) -> list[str]:
        return [one["label"] for one in self.selects[self.pick(name)]]


def shown(answer: ResponseMessage) -> Shown:
    assert answer.ephemeral
    assert answer.flags.components_v2
    parts = list(walk_components(answer.components))
    assert len(parts) <= 40
    texts = [one["content"] for one in parts if one["type"] == 10]
    assert sum(map(len, texts)) <= 4000
    found = Shown(
        texts=texts,
        buttons={one["label"]: one["custom_id"] for one in parts if one["type"] == 2},
        selects={one["custom_id"]: one["options"] for one in parts if one["type"] == 3},
        stills=[one["media"]["url"] for one in parts if one["type"] == 11],
    )
    assert all(len(one) <= 100 for one in (*found.buttons.values(), *found.selects))
    return found


async def videos(
    scene: Scene,
    who: MemberActor | None = None,
    **options: Any,  # noqa: ANN401 - a command's options
) -> InteractionResult:
    return await (who or scene.alice).slash(scene.studio, "videos", **options)


async def listed(scene: Scene, who: MemberActor | None = None, **options: Any) -> Shown:  # noqa: ANN401
    return shown(reply(await videos(scene, who, **options)))


def moderator(scene: Scene) -> MemberActor:
    role = scene.guild.create_role("Crew", permissions=discord.Permissions(manage_guild=True))
    return scene.guild.add_member(scene.env.create_user("mona"), roles=[role])


def codes(found: Shown) -> list[str]:
    """List the codes of the listed orders."""
    return [one.split("**")[1] for one in found.texts if one.startswith("**#")]


def coded(orders: Sequence[Order]) -> list[str]:
    return [f"#{code(order.id)}" for order in orders]


async def many(scene: Scene, count: int) -> list[Order]:
    """Place so many orders; return them newest first."""
    for _ in range(count):
        scene.clock.advance(1)
        await scene.animate()
    return (await scene.orders())[::-1]
