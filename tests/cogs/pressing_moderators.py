"""Every button, select and form of moderators, each brought to where it can be pressed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cogs.case_desk import DiscordCaseDesk
from jobs.reporting import Judge
from tests.cogs.deskhands import allowed
from tests.cogs.looking_back import delivered, shown
from tests.cogs.pressing import result
from tests.cogs.scenes import last, reply
from tests.cogs.together import Action, Case, Deed, click, submit

if TYPE_CHECKING:
    import discord
    from simcord import ResponseMessage

    from tests.cogs.moderating import Court


# --- reviews and reports ------------------------------------------------------------------------


async def reviewed(court: Court) -> discord.Message:
    """Have an order of Alice's wait for a moderator."""
    await court.review()
    await court.scene.animate()
    await court.look()
    return last(court.room)


async def approve(court: Court) -> Action:
    return click(court.mona, await reviewed(court), "Approve")


async def reject(court: Court) -> Action:
    return click(court.mona, await reviewed(court), "Reject")


async def rejected(court: Court) -> Action:
    opened = await court.mona.click(await reviewed(court), label="Reject")
    return submit(court.mona, opened, reason="not here")


async def case_of(court: Court) -> discord.Message:
    """Have a result of Alice's reported, and moderators be asked."""
    await court.review(on=False)
    _, message = await result(court.scene)
    bob = court.scene.bob
    asked = await bob.click(message, label="Report")
    await bob.click(reply(asked), label="Report it")
    judge = Judge(court.outside, DiscordCaseDesk(court.scene.bot))
    for work in await judge.claim(10):
        await judge.perform(work)
    return last(court.room)


def judged(label: str) -> Any:  # noqa: ANN401 - see Case.arrange
    """Press a button below what was reported."""

    async def arrange(court: Court) -> Action:
        return click(court.mona, await case_of(court), label)

    return arrange


async def blocked(court: Court) -> Action:
    opened = await court.mona.click(await case_of(court), label="Block its member")
    return submit(court.mona, opened, reason="spam")


# --- deleting what is a member's ----------------------------------------------------------------


async def erase_theirs(court: Court) -> Action:
    _, message = await result(court.scene)
    asked = await court.mona.click(message, label="Delete")
    return click(court.mona, reply(asked), "Delete for good")


async def erased(court: Court) -> Action:
    opened = await (await erase_theirs(court))()
    return submit(court.mona, opened, reason="not here")


async def erase_order_theirs(court: Court) -> Action:
    scene = court.scene
    order = await delivered(scene, await scene.ordered(variations=2))
    asked = await court.mona.click(await scene.post(order), label="Delete")
    return click(court.mona, reply(asked), "Delete the whole order")


async def order_erased(court: Court) -> Action:
    opened = await (await erase_order_theirs(court))()
    return submit(court.mona, opened, reason="not here")


# --- wallets ------------------------------------------------------------------------------------


async def wallet(court: Court) -> ResponseMessage:
    """Open Alice's wallet."""
    scene = court.scene
    return reply(await court.mona.context_menu(scene.studio, "Credits", scene.alice))


def in_wallet(label: str, *before: str) -> Any:  # noqa: ANN401 - see Case.arrange
    """Press a button of the wallet, after some others were pressed and sent in."""

    async def arrange(court: Court) -> Action:
        card = await wallet(court)
        for one in before:
            await filled(court, card, one)
        return click(court.mona, card, label)

    return arrange


def sent(label: str, *before: str) -> Any:  # noqa: ANN401 - see Case.arrange
    """Send in the form of a button of the wallet."""

    async def arrange(court: Court) -> Action:
        card = await wallet(court)
        for one in before:
            await filled(court, card, one)
        opened = await court.mona.click(card, label=label)
        return submit(court.mona, opened, **VALUES[label])

    return arrange


VALUES: dict[str, dict[str, Any]] = {
    "Grant": {"credits": "30", "reason": "party"},
    "Take": {"credits": "5"},
    "Freeze": {"reason": "spam"},
    "Unfreeze": {},
}


async def filled(court: Court, card: ResponseMessage, label: str) -> None:
    opened = await court.mona.click(card, label=label)
    await court.mona.submit_modal(opened, VALUES[label])


async def reopened(court: Court) -> Action:
    opened = await court.mona.click(await wallet(court), label="Grant")
    refused = await court.mona.submit_modal(opened, {"credits": "many"})
    return click(court.mona, refused.followups[0], "Reopen")


async def remove_allowance(court: Court) -> Action:
    scene = court.scene
    answer = reply(
        await court.mona.slash(scene.studio, "quota allowance", credits=50, period="week")
    )
    return lambda: court.mona.select(answer, ["0"], custom_id="quota-allowance:0")


async def turn_allowances(court: Court) -> Action:
    await allowed(court.scene, 26)
    answer = reply(await court.mona.slash(court.scene.studio, "quota allowance"))
    return click(court.mona, answer, "\u25b6")


async def history(court: Court) -> Action:
    card = await wallet(court)
    for _ in range(12):
        await filled(court, card, "Grant")
    answer = reply(await court.mona.slash(court.scene.studio, "quota history"))
    return click(court.mona, answer, "Older")


# --- settings -----------------------------------------------------------------------------------


async def panel(court: Court, *pages: str, new: bool = False) -> ResponseMessage:
    """Open the settings, and go to a page of them."""
    scene = court.scene
    if not new:
        await scene.store.finish_set_up(scene.guild.id, scene.clock.now())
    answer = reply(await court.mona.slash(scene.studio, "settings"))
    for page in pages:
        menu = shown(answer).pick("settings-pages")
        await court.mona.select(answer, [page], custom_id=menu)
    return answer


def on_panel(label: str, *pages: str, new: bool = False, then: str = "") -> Any:  # noqa: ANN401
    """Press a button of a page, or the one that it leads to."""

    async def arrange(court: Court) -> Action:
        answer = await panel(court, *pages, new=new)
        if then:
            await court.mona.click(answer, label=label)
        return click(court.mona, answer, then or label)

    return arrange


def form_of_panel(label: str, *pages: str, first: str = "", **values: Any) -> Any:  # noqa: ANN401
    """Send in a form of a page."""

    async def arrange(court: Court) -> Action:
        answer = await panel(court, *pages)
        if first:
            await court.mona.click(answer, label=first)
        opened = await court.mona.click(answer, label=label)
        return submit(court.mona, opened, **values)

    return arrange


async def pages(court: Court) -> Action:
    answer = await panel(court)
    menu = shown(answer).pick("settings-pages")
    return lambda: court.mona.select(answer, ["where"], custom_id=menu)


async def choose(court: Court) -> Action:
    answer, scene = await panel(court, "where"), court.scene
    menu = "settings-choose:where:channels"
    return lambda: court.mona.select(answer, [scene.studio], custom_id=menu)


async def third_step(court: Court) -> ResponseMessage:
    """Lead the first set-up to its last page."""
    answer = await panel(court, new=True)
    for _ in range(2):
        await court.mona.click(answer, label="Next")
    return answer


async def preset(court: Court) -> Action:
    answer = await third_step(court)
    return lambda: court.mona.select(answer, ["50 week"], custom_id="settings-allowance:third")


async def first_pool(court: Court) -> Action:
    opened = await court.mona.click(await third_step(court), label="Pool")
    return submit(court.mona, opened, pool_credits="1000", pool_period=["month"])


async def done(court: Court) -> Action:
    return click(court.mona, await third_step(court), "Finish")


async def reopened_rules(court: Court) -> Action:
    answer = await panel(court)
    await court.mona.click(answer, label="Content")
    opened = await court.mona.click(answer, label="Add or remove")
    refused = await court.mona.submit_modal(opened, {"add": "**", "remove": ""})
    return click(court.mona, reply(refused), "Reopen")


async def content_set(court: Court) -> Action:
    answer = await panel(court)
    await court.mona.click(answer, label="Content")
    return lambda: court.mona.select(answer, [court.room], custom_id="content-set:channel")


async def pick_member(court: Court) -> Action:
    answer = await panel(court)
    await court.mona.click(answer, label="Content")
    alice = court.scene.alice
    return lambda: court.mona.select(answer, [alice], custom_id="content-member:one")


async def block(court: Court) -> Action:
    return submit(court.mona, await (await pick_member(court))(), reason="spam")


async def unblock(court: Court) -> Action:
    await (await block(court))()
    return submit(court.mona, await (await pick_member(court))())


ACT: Deed = {"acts": 1}
FORM: Deed = {"forms": 1}

CASES = (
    Case(
        name="review-approve",
        arrange=approve,
        once={"acts": 1, "clips that are queued": 1, "reviews decided": 1},
    ),
    Case(name="review-reject", arrange=reject),
    Case(
        name="review-reject-form sent in",
        arrange=rejected,
        once={
            "entries": 1,
            "acts": 1,
            "clips that are cancelled": 1,
            "credits held": -10,
            "reviews decided": 1,
        },
    ),
    Case(name="case-keep", arrange=judged("Keep"), once=ACT | {"cases decided": 1}),
    Case(
        name="case-delete",
        arrange=judged("Delete it"),
        once=ACT | {"clips that are deleted": 1, "cases decided": 1},
    ),
    Case(name="case-block", arrange=judged("Block its member")),
    Case(name="case-block-form sent in", arrange=blocked, once=ACT | {"blocks": 1}),
    Case(name="erase-theirs", arrange=erase_theirs),
    Case(name="erase-why sent in", arrange=erased, once=ACT | {"clips that are deleted": 1}),
    Case(name="erase-order-theirs", arrange=erase_order_theirs),
    Case(
        name="erase-order-why sent in",
        arrange=order_erased,
        once=ACT | {"clips that are deleted": 2},
    ),
    Case(name="wallet-grant", arrange=in_wallet("Grant"), each=FORM),
    Case(name="wallet-take", arrange=in_wallet("Take", "Grant"), each=FORM),
    Case(name="wallet-freeze", arrange=in_wallet("Freeze"), each=FORM),
    Case(name="wallet-unfreeze", arrange=in_wallet("Unfreeze", "Freeze"), each=FORM),
    Case(
        name="wallet-form sent in",
        arrange=sent("Grant"),
        once=ACT | {"wallets": 1, "grants": 1, "entries": 1, "credits granted": 30},
    ),
    Case(
        name="wallet-form sent in",
        arrange=sent("Take", "Grant"),
        once=ACT | {"entries": 1, "take_grants": 1, "credits granted": -5},
    ),
    Case(
        name="wallet-form sent in",
        arrange=sent("Freeze"),
        once=ACT | {"wallets": 1, "wallets frozen": 1},
    ),
    Case(
        name="wallet-form sent in",
        arrange=sent("Unfreeze", "Freeze"),
        once=ACT | {"wallets frozen": -1},
    ),
    Case(name="wallet-reopen", arrange=reopened, each=FORM),
    Case(name="quota-allowance", arrange=remove_allowance, once=ACT | {"allowances": -1}),
    Case(name="quota-allowance-page", arrange=turn_allowances),
    Case(name="quota-history", arrange=history),
    Case(name="settings", arrange=on_panel("Content")),
    Case(name="settings-pages", arrange=pages),
    Case(name="settings-choose", arrange=choose, once=ACT),
    Case(
        name="settings-switch", arrange=on_panel("Age-restricted channels only", "where"), once=ACT
    ),
    Case(name="settings-hold", arrange=on_panel("Pause orders"), once=ACT | {"guilds paused": 1}),
    Case(name="settings-form", arrange=on_panel("Confirm price, clips, cooldown", "money")),
    Case(
        name="settings-numbers sent in",
        arrange=form_of_panel(
            "Confirm price, clips, cooldown",
            "money",
            confirm_price="50",
            clips_at_once="20",
            cooldown_s="5",
        ),
        once=ACT,
    ),
    Case(
        name="settings-pool sent in",
        arrange=form_of_panel("Pool", "money", pool_credits="9", pool_period=["month"]),
        once=ACT | {"pools": 1},
    ),
    Case(name="settings-first-pool sent in", arrange=first_pool, once=ACT | {"pools": 1}),
    Case(
        name="settings-zone sent in",
        arrange=form_of_panel("Time zone", "more", zone="Europe/Rome"),
        once=ACT,
    ),
    Case(name="settings-done", arrange=done, once={"guilds set up": 1}),
    Case(name="settings-allowance", arrange=preset, once=ACT | {"allowances": 1}),
    Case(name="content-form", arrange=on_panel("Content", then="Add or remove")),
    Case(
        name="content-rules-form sent in",
        arrange=form_of_panel("Add or remove", first="Content", add="word", remove=""),
        once=ACT | {"content_rules": 1},
    ),
    Case(
        name="content-import-form sent in",
        arrange=form_of_panel(
            "Import", first="Content", file=[("rules.txt", b"word")], how=["add"]
        ),
        once=ACT | {"content_rules": 1},
    ),
    Case(name="content-reopen", arrange=reopened_rules),
    Case(name="content-rules", arrange=on_panel("Content", then="Show all")),
    Case(name="content-export", arrange=on_panel("Content", then="Export")),
    Case(
        name="content-review",
        arrange=on_panel("Content", then="Review orders first"),
        once=ACT | {"guilds with reviews": 1},
    ),
    Case(name="content-set", arrange=content_set, once=ACT),
    Case(name="content-member", arrange=pick_member),
    Case(name="content-block-form sent in", arrange=block, once=ACT | {"blocks": 1}),
    Case(name="content-unblock-form sent in", arrange=unblock, once=ACT | {"blocks": -1}),
)
