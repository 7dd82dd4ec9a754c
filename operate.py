"""`python bot.py wallets`, `orders`, `clips`: looked up and mended without Discord."""

from __future__ import annotations

import random
import secrets
from functools import partial
from typing import TYPE_CHECKING, Final

import aiohttp

from akool.client import AkoolClient
from akool.errors import AkoolError
from choices import credentials_of, guards_of
from jobs.catalogue import Catalogue
from jobs.clock import SystemClock
from jobs.errors import StorageDown
from jobs.ids import Ids, code, from_code
from jobs.model import Member
from jobs.office import LINES, NotNow, Office, OrderSlice
from jobs.office_refusals import moment
from jobs.office_words import told
from jobs.ordering import Means, Ordering
from jobs.states import ENDED, ClipState
from media.library import MediaLibrary
from media.store import MediaStore
from media.worker import MediaWorker
from typed import coded, discord_id, lines, whole, why

if TYPE_CHECKING:
    import argparse
    from collections.abc import Awaitable, Callable, Iterable

    from settings import Settings
    from storage.store import Store

    Command = Callable[["Counter", argparse.Namespace], Awaitable[int]]

REFUSED: Final = 1


class Counter:
    """One command's store, use cases and settings."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self.settings = settings
        self.store = store
        self.clock = SystemClock()
        self.ids = Ids(self.clock, random.Random())  # noqa: S311 - ids are no secrets

    async def office(self) -> Office:
        """Build the use cases; prices are those that the bot has read last."""
        catalogue = Catalogue(self.settings.default_model or "")
        models, effects = await self.store.load_models(), await self.store.load_effects()
        if models is not None:
            catalogue.replace(*models)
        if effects is not None:
            catalogue.replace_effects(*effects)
        means = Means(
            store=self.store,
            library=MediaLibrary(MediaStore(self.settings.media_dir, self.clock), MediaWorker()),
            clock=self.clock,
            ids=self.ids,
            token=partial(secrets.token_urlsafe, 24),
            wake=_nobody,
        )
        public = self.settings.public_url is not None
        ordering = Ordering(means, catalogue, guards_of(self.settings), public=public)
        return Office(self.store, ordering, self.clock, self.ids)

    async def balance(self) -> int:
        """Ask the vendor what is left on the account, in credits."""
        async with aiohttp.ClientSession() as session:
            akool = AkoolClient(
                session, self.settings.akool_base_url, credentials_of(self.settings)
            )
            return (await akool.balance()).credits


def _nobody() -> None:
    """Wake nobody: a running bot looks for new work by itself."""


# --- the command line ---------------------------------------------------------------------------


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the operator's commands to those of `bot.py`; each parser knows its own function."""
    wallets = _family(commands, "wallets", "members' wallets")
    listed = _command(wallets, "list", list_wallets, "a server's wallets, biggest spenders first")
    listed.add_argument("guild", type=discord_id)
    _paged(listed, discord_id, "member")
    shown = _command(wallets, "show", show_wallet, "one wallet with its last entries")
    shown.add_argument("guild", type=discord_id)
    shown.add_argument("member", type=discord_id)

    orders = _family(commands, "orders", "orders of all servers")
    listed = _command(orders, "list", list_orders, "orders, newest first")
    listed.add_argument("--guild", type=discord_id)
    listed.add_argument("--member", type=discord_id)
    listed.add_argument("--state", choices=[state.value for state in ClipState])
    _paged(listed, coded, "order", 50)
    shown = _command(orders, "show", show_order, "one order with its clips")
    shown.add_argument("order")
    ended = _command(orders, "cancel", cancel, "end what of an order was not sent to Akool yet")
    ended.add_argument("order")
    ended.add_argument("--reason", type=why, required=True)

    clips = _family(commands, "clips", "clips, and what to do with those in doubt")
    listed = _command(clips, "list", list_clips, "clips that are not at their end, oldest first")
    listed.add_argument("--doubtful", action="store_true", help="only those in doubt")
    _paged(listed, coded, "clip")
    shown = _command(clips, "show", show_clip, "everything that happened to a clip")
    shown.add_argument("clip")
    mended = _command(clips, "release", release, "give a clip's credits back to its member")
    mended.add_argument("clip")
    mended.add_argument("--reason", type=why, required=True)
    mended = _command(clips, "resubmit", resubmit, "order a clip in doubt once more")
    mended.add_argument("clip")
    mended.add_argument("--reason", type=why, required=True)
    mended.add_argument("--yes", action="store_true", help="you know that it may be paid twice")
    billed = _command(clips, "reconcile", reconcile, "compare the books with Akool's balance")
    billed.add_argument("--bought", type=whole, default=0, help="credits bought since that time")
    billed.add_argument("--accept", action="store_true", help="compare with now from here on")


def _paged(
    listed: argparse.ArgumentParser, after: Callable[[str], int], what: str, usual: int = LINES
) -> None:
    listed.add_argument(
        "--limit", type=lines, default=usual, help=f"lines at once, {usual} by default"
    )
    listed.add_argument("--after", type=after, help=f"go on after that {what}")


def _family(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, about: str
) -> argparse._SubParsersAction[argparse.ArgumentParser]:
    return commands.add_parser(name, help=about).add_subparsers(required=True, metavar="what")


def _command(
    family: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    function: Command,
    about: str,
) -> argparse.ArgumentParser:
    parser = family.add_parser(name, help=about, description=about)
    parser.set_defaults(operate=function)
    return parser


async def operate(settings: Settings, store: Store, chosen: argparse.Namespace) -> int:
    """Run the chosen command beside a bot that may be running; return the exit code."""
    command: Command = chosen.operate
    try:
        return await command(Counter(settings, store), chosen)
    except NotNow as refusal:
        print(refusal)
    except AkoolError as error:
        print(f"Akool: {error}.")
    except StorageDown as error:
        print(f"The database can't answer: {error}. The same command may be tried again.")
    return REFUSED


# --- wallets ------------------------------------------------------------------------------------


async def list_wallets(counter: Counter, chosen: argparse.Namespace) -> int:
    """Print a server's wallets."""
    page = await counter.store.wallet_lines(chosen.guild, chosen.limit, chosen.after)
    _table(
        ("member", "granted", "held", "charged", ""),
        (
            (one.user_id, one.grants, one.held, one.charged, "frozen" if one.frozen else "")
            for one in page.lines
        ),
    )
    _rest(page.more, str(page.lines[-1].user_id) if page.lines else "")
    return 0


async def show_wallet(counter: Counter, chosen: argparse.Namespace) -> int:
    """Print a wallet; roles are known to Discord alone, so the allowance is everybody's."""
    member = Member(guild_id=chosen.guild, user_id=chosen.member)
    if not await counter.store.has_wallet(member):
        raise NotNow(
            f"There is no such wallet: member {member.user_id} has neither ordered nor been given "
            f"credits in server {member.guild_id}. `wallets list` shows the server's wallets."
        )
    view = await counter.store.wallet(member, counter.clock.now())
    print(f"can spend {view.spendable}, without what roles allow")
    print(f"allowance {view.allowance_left} of {view.allowance} left this {view.period}")
    print(f"granted {view.grants}, held {view.held}{', frozen' if view.frozen else ''}")
    _table(
        ("at", "entry", "credits", "reason"),
        ((moment(one.at), one.kind, one.credits, one.reason) for one in view.entries),
    )
    return 0


# --- orders -------------------------------------------------------------------------------------


async def list_orders(counter: Counter, chosen: argparse.Namespace) -> int:
    """Print orders, newest first."""
    wanted = OrderSlice(
        guild_id=chosen.guild,
        user_id=chosen.member,
        state=chosen.state,
        limit=chosen.limit,
        after=chosen.after,
    )
    page = await counter.store.order_lines(wanted)
    _table(
        ("order", "at", "server", "member", "credits", "clips"),
        (
            (
                code(one.id), moment(one.created_at), one.guild_id, one.user_id, one.price,
                ", ".join(f"{count} {state}" for state, count in one.states),
            )
            for one in page.lines
        ),
    )  # fmt: skip
    _rest(page.more, code(page.lines[-1].id) if page.lines else "")
    return 0


async def show_order(counter: Counter, chosen: argparse.Namespace) -> int:
    """Print an order and its clips."""
    order = await counter.store.order(_id(chosen.order))
    if order is None:
        raise NotNow("There is no such order. `orders list` shows the newest.")
    print(f"order {code(order.id)} of {moment(order.created_at)}")
    print(f"server {order.member.guild_id}, member {order.member.user_id}")
    print(f"channel {order.place.channel_id}, card {order.card_message_id or 'none'}")
    print(f"{order.options.model or order.options.effect_name}, {order.options.resolution}, "
          f"{order.options.seconds} s, {order.quote.total} credits")  # fmt: skip
    _table(
        ("clip", "state", "quote", "charged", "vendor's id", "message"),
        (
            (
                code(one.id), one.state, one.quote, "" if one.charged is None else one.charged,
                one.vendor_id or "", one.message_id or "",
            )
            for one in order.clips
        ),
    )  # fmt: skip
    return 0


async def cancel(counter: Counter, chosen: argparse.Namespace) -> int:
    """End what of an order was not sent yet."""
    office = await counter.office()
    done = await office.cancel(_id(chosen.order), chosen.reason)
    print(f"{done.ended} clips are cancelled; their credits are their member's again.")
    if done.wished:
        print(f"{done.wished} are on their way to Akool, and end too if that made nothing.")
    if done.running:
        print(f"{done.running} are at Akool or made, and go on.")
    return 0


# --- clips --------------------------------------------------------------------------------------


async def list_clips(counter: Counter, chosen: argparse.Namespace) -> int:
    """Print the clips that are still open, or those in doubt."""
    open_ = frozenset(ClipState) - ENDED
    states = frozenset({ClipState.UNKNOWN}) if chosen.doubtful else open_
    page = await counter.store.clip_lines(states, chosen.limit, chosen.after)
    _table(
        ("clip", "order", "state", "quote", "submitted", "vendor's id", "note"),
        (
            (
                code(one.id), code(one.order_id), one.state, one.quote,
                "" if one.submitted_at is None else moment(one.submitted_at),
                one.vendor_id or "", one.note,
            )
            for one in page.lines
        ),
    )  # fmt: skip
    _rest(page.more, code(page.lines[-1].id) if page.lines else "")
    return 0


async def show_clip(counter: Counter, chosen: argparse.Namespace) -> int:
    """Print a clip's timeline."""
    events = await counter.store.timeline(_id(chosen.clip))
    if not events:
        raise NotNow("There is no such clip. `clips list` shows those that are open.")
    for event in events:
        print(f"{'' if event.at is None else moment(event.at):19}  {event.what}")
    return 0


async def release(counter: Counter, chosen: argparse.Namespace) -> int:
    """Give a clip's credits back."""
    office = await counter.office()
    await office.release(_id(chosen.clip), chosen.reason)
    print("Released: the member has the credits back, and what Akool took is yours to pay.")
    return 0


async def resubmit(counter: Counter, chosen: argparse.Namespace) -> int:
    """Order a clip in doubt again; only with `--yes`."""
    office = await counter.office()
    order, _ = await office.clip(_id(chosen.clip))
    if not chosen.yes:
        print(
            "Nobody knows whether Akool has made and charged this clip. If it has, sending it "
            "again pays twice. Look into Akool's own list first; then add --yes."
        )
        return REFUSED
    order_id = await office.resubmit(_id(chosen.clip), chosen.reason)
    rules = await counter.store.rules(order.member.guild_id)
    paused = "its server lets orders go on (moderators have paused it)"
    when = "as soon as " + ("it can" if rules.paused_at is None else paused)
    print(f"Ordered again for the member as {code(order_id)}; the running bot sends it {when}.")
    return 0


async def reconcile(counter: Counter, chosen: argparse.Namespace) -> int:
    """Print the books beside Akool's balance, and what differs since that was accepted last."""
    balance = await counter.balance()
    found = await counter.store.reconcile(balance, counter.clock.now(), accept=chosen.accept)
    spent = found.spent
    print(f"charged to members {spent.charged}, paid by the house {spent.house}: {spent.total}")
    print(f"held for clips in the making {spent.held}; Akool's balance is {found.balance}")
    if found.since is None:
        print("This is the first time; the next one tells what differs since now.")
        return 0
    print(f"since {moment(found.since)}: {told(found, chosen.bought)}")
    if chosen.accept:
        print("Accepted: the next comparison is with now.")
    else:
        print("The next comparison is with that time again, until one is made with --accept.")
    return 0


# --- printing -----------------------------------------------------------------------------------


def _id(typed: str) -> int:
    """Read the code of an order or a clip. Raises NotNow."""
    found = from_code(typed)
    if found is None:
        raise NotNow(f"{typed!r} is no code of an order or a clip.")
    return found


def _rest(more: int, last: str) -> None:
    """Say how many lines come after the last one, and how to see them."""
    if more:
        print(f"… and {more} more: --after {last} goes on there.")


def _table(heads: tuple[str, ...], lines: Iterable[tuple[object, ...]]) -> None:
    """Print columns side by side, or that there is nothing."""
    rows = [tuple(map(str, line)) for line in lines]
    if not rows:
        print("There are none.")
        return
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    for row in (heads, *rows):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())
