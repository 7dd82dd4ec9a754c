"""Every button, select and form of members, each brought to where it can be pressed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from simcord.components import walk_components

from jobs.progress import progress_of
from tests.cogs.forms_filled import PROMPT, batch, pictures, send_in
from tests.cogs.looking_back import delivered, failed, many, reread, shown, stored, videos
from tests.cogs.scenes import PICTURE, Scene, last, reply
from tests.cogs.test_reporting import written_posted
from tests.cogs.test_sharing import direct, private_order
from tests.cogs.together import Action, Case, Deed, click, submit

if TYPE_CHECKING:
    import discord
    from simcord import InteractionResult

    from jobs.model import Order
    from tests.cogs.moderating import Court


def ordered(*, clips: int, sends: int = 1) -> Deed:
    """Say what one order of so many clips, the first of its member, leaves in the books."""
    per_clip = ("entries", "holds", "clips", "clips that are queued")
    return {
        "wallets": 1,
        "period_use": 7,
        "orders": 1,
        "sends": sends,
        "credits held": 10 * clips,
        **dict.fromkeys(per_clip, clips),
    }


def deleted(clips: int) -> Deed:
    """Say that so many clips are marked as deleted."""
    return {"clips that are deleted": clips}


# --- offers -------------------------------------------------------------------------------------


async def offered(scene: Scene) -> InteractionResult:
    """Have Alice asked before sixty credits are spent."""
    return await scene.animate(variations=6)


async def confirm(court: Court) -> Action:
    return click(court.scene.alice, reply(await offered(court.scene)), "Confirm")


async def cancel(court: Court) -> Action:
    return click(court.scene.alice, reply(await offered(court.scene)), "Cancel")


# --- results, cards and notices -----------------------------------------------------------------


async def result(scene: Scene) -> tuple[Order, discord.Message]:
    """Bring a clip of Alice's into the channel."""
    order = await delivered(scene, await scene.ordered())
    message = await scene.post(order)
    await scene.store._database.run(
        written_posted, order.clips[0].id, message.channel.id, message.id
    )
    return order, message


def on_result(label: str, second: str = "") -> Any:  # noqa: ANN401 - see Case.arrange
    """Press a button below a result; or the second one, in what the first one answers."""

    async def arrange(court: Court) -> Action:
        alice = court.scene.alice
        _, message = await result(court.scene)
        if not second:
            return click(alice, message, label)
        return click(alice, reply(await alice.click(message, label=label)), second)

    return arrange


async def edited(court: Court) -> Action:
    alice = court.scene.alice
    _, message = await result(court.scene)
    opened = await alice.click(message, label="Edit")
    return submit(alice, opened, prompt="smoke drifts")


async def again_order(court: Court) -> Action:
    scene = court.scene
    order = await failed(scene, await scene.ordered())
    await scene.courier.post_notice(order, direct=False)
    return click(scene.alice, last(scene.studio), "Again")


async def carded(scene: Scene, order: Order) -> discord.Message:
    await scene.courier.post_card(order, progress_of(order, scene.clock.now()), ())
    return last(scene.studio)


async def failed_again(court: Court) -> Action:
    scene = court.scene
    await send_in(scene, await batch(scene), images=pictures(2), prompt=PROMPT)
    (order,) = await scene.orders()
    await delivered(scene, order)
    await scene.store._database.run(_lose_one, order.clips[0].id)
    order = await reread(scene, order)
    return click(scene.alice, await carded(scene, order), "Try the failed ones again")


def _lose_one(clip_id: int) -> Any:  # noqa: ANN401 - a transaction of the test's own
    yield ("UPDATE clips SET state = 'failed', step = NULL WHERE id = $1", (clip_id,))


async def whole_order(court: Court, label: str) -> Action:
    """Press a button that deletes an order of two clips."""
    scene = court.scene
    order = await delivered(scene, await scene.ordered(variations=2))
    asked = await scene.alice.click(await scene.post(order), label="Delete")
    return click(scene.alice, reply(asked), label)


async def erase_order(court: Court) -> Action:
    return await whole_order(court, "Delete the whole order")


async def erase_order_files(court: Court) -> Action:
    return await whole_order(court, "Delete all, keep the messages")


async def cancel_order(court: Court) -> Action:
    scene = court.scene
    return click(scene.alice, await carded(scene, await scene.ordered(variations=2)), "Cancel")


async def hide_order(court: Court) -> Action:
    scene = court.scene
    order = await scene.ordered(variations=2)
    card = await carded(scene, order)
    now = scene.clock.now()
    (send,) = await scene.store.claim_sends(now, now + 1000, 5)
    assert await scene.store.intend(send, now, now + 1000)
    too_late = reply(await scene.alice.click(card, label="Cancel"))
    return click(scene.alice, too_late, "Delete it unseen")


async def share(court: Court) -> Action:
    scene = court.scene
    await private_order(scene)
    return lambda: scene.alice.user.click(direct(scene), label="Share")


async def report(court: Court) -> Action:
    _, message = await result(court.scene)
    return click(court.scene.bob, message, "Report")


async def report_now(court: Court) -> Action:
    bob = court.scene.bob
    await court.review(on=False)
    _, message = await result(court.scene)
    return click(bob, reply(await bob.click(message, label="Report")), "Report it")


# --- forms --------------------------------------------------------------------------------------


async def reopen(court: Court) -> Action:
    scene = court.scene
    refused = await send_in(scene, await batch(scene), images=pictures(1), prompt="\u200e")
    return click(scene.alice, reply(refused), "Reopen")


async def batched(court: Court) -> Action:
    scene = court.scene
    return submit(scene.alice, await batch(scene), images=pictures(2), prompt=PROMPT)


def listed(command: str, name: str) -> Any:  # noqa: ANN401 - see Case.arrange
    """Press the first button of that name below a catalogue."""

    async def arrange(court: Court) -> Action:
        alice = court.scene.alice
        answer = reply(await alice.slash(court.scene.studio, command))
        found = [one for one in _ids(answer) if one.partition(":")[0] == name]
        return lambda: alice.click(answer, custom_id=found[0])

    return arrange


def _ids(answer: Any) -> list[str]:  # noqa: ANN401 - simcord's
    return [one["custom_id"] for one in walk_components(answer.components) if "custom_id" in one]


def used(command: str, name: str, **values: Any) -> Any:  # noqa: ANN401 - see Case.arrange
    """Send in the form behind the first Use it."""

    async def arrange(court: Court) -> Action:
        opened = await (await listed(command, name)(court))()
        return submit(court.scene.alice, opened, image=[PICTURE], **values)

    return arrange


# --- one's own orders ---------------------------------------------------------------------------


def in_videos(name: str, *, picks: bool = False) -> Any:  # noqa: ANN401 - see Case.arrange
    """Press or choose in the list of one's own orders, or in the one that is open."""

    async def arrange(court: Court) -> Action:
        scene = court.scene
        await many(scene, 12)
        answer = reply(await videos(scene))
        if not picks:
            found = [one for one in shown(answer).buttons.values() if one.startswith(f"{name}:")]
            return lambda: scene.alice.click(answer, custom_id=found[0])
        menu = shown(answer).pick(name)
        value = shown(answer).selects[menu][1]["value"]
        return lambda: scene.alice.select(answer, [value], custom_id=menu)

    return arrange


async def opened(scene: Scene, count: int) -> Any:  # noqa: ANN401 - simcord's
    """Open a finished order of so many clips."""
    await scene.animate(variations=count)
    await stored(scene)
    (order,) = await scene.orders()
    await delivered(scene, order, kept=True)
    answer = reply(await videos(scene))
    menu = shown(answer).pick("videos-order")
    value = shown(answer).selects[menu][0]["value"]
    await scene.alice.select(answer, [value], custom_id=menu)
    return answer


async def choose_clip(court: Court) -> Action:
    answer = await opened(court.scene, 2)
    menu = shown(answer).pick("videos-clip")
    value = shown(answer).selects[menu][0]["value"]
    return lambda: court.scene.alice.select(answer, [value], custom_id=menu)


async def bring(court: Court) -> Action:
    return click(court.scene.alice, await opened(court.scene, 1), "Get the video")


DRAFT: Final = {"drafts": 1}
FORM: Final = {"forms": 1}
ASK: Final = {"asks": 1}

CASES: Final = (
    Case(name="confirm", arrange=confirm, once=ordered(clips=6)),
    Case(name="cancel", arrange=cancel, once={"drafts that are dismissed": 1}),
    Case(name="again", arrange=on_result("Again"), each=DRAFT),
    Case(name="again-order", arrange=again_order, each=DRAFT),
    Case(name="failed-again", arrange=failed_again, each=DRAFT),
    Case(name="sound", arrange=on_result("Sound"), each=DRAFT),
    Case(name="edit", arrange=on_result("Edit"), each=FORM),
    Case(name="form sent in", arrange=edited, once=DRAFT, each=ASK),
    Case(
        name="form sent in",
        arrange=batched,
        once=ordered(clips=2, sends=2) | DRAFT | {"pictures": 2},
        each=ASK,
    ),
    Case(name="reopen", arrange=reopen, each=FORM),
    Case(name="delete", arrange=on_result("Delete")),
    Case(name="erase", arrange=on_result("Delete", "Delete for good"), once=deleted(1)),
    Case(
        name="erase-file",
        arrange=on_result("Delete", "Delete, keep the message"),
        once=deleted(1) | {"messages that stay": 1},
    ),
    Case(name="erase-order", arrange=erase_order, once=deleted(2)),
    Case(
        name="erase-order-files",
        arrange=erase_order_files,
        once=deleted(2) | {"messages that stay": 2},
    ),
    Case(
        name="cancel-order",
        arrange=cancel_order,
        once={
            "entries": 2,
            "clips that are cancelled": 2,
            "clips that are queued": -2,
            "credits held": -20,
        },
        says="Cancelled|cancelled already",
    ),
    Case(name="hide-order", arrange=hide_order, once=deleted(2), says="2 clips will be deleted"),
    Case(name="share", arrange=share, once={"clips that are shared": 1, "messages": 1}),
    Case(name="report", arrange=report),
    Case(name="report-now", arrange=report_now, once={"reports": 1, "cases": 1, "acts": 1}),
    Case(name="models", arrange=listed("models", "models")),
    Case(name="effects", arrange=listed("effects", "effects")),
    Case(name="use-model", arrange=listed("models", "use-model")),
    Case(name="use-effect", arrange=listed("effects", "use-effect")),
    Case(
        name="use-model sent in",
        arrange=used("models", "use-model", prompt=PROMPT, format=["720p|5"]),
        once={"pictures": 1},
        each=ASK | DRAFT | FORM,
    ),
    Case(
        name="use-effect sent in",
        arrange=used("effects", "use-effect", format=["720p|5"]),
        once={"pictures": 1},
        each=ASK | DRAFT | FORM,
    ),
    Case(name="videos", arrange=in_videos("videos")),
    Case(name="videos-shelf", arrange=in_videos("videos-shelf", picks=True)),
    Case(name="videos-order", arrange=in_videos("videos-order", picks=True)),
    Case(name="videos-clip", arrange=choose_clip),
    Case(name="bring", arrange=bring),
)
