"""`python bot.py wallets`, `orders` and `clips`: looked up and mended beside a running bot."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import bot
import storage
from jobs.governing import Setting
from jobs.ids import code
from jobs.model import Picture
from jobs.progress import failed_altogether
from jobs.stores import SendResult
from storage import migrate
from storage.lock import BotLock
from storage.sqlite import SqliteDatabase
from tests.cogs.scenes import MODELS, SEEDANCE
from tests.fakes import START
from tests.storage.contract.desk import HOUR, Desk, member

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from jobs.model import Order
    from storage.database import Transaction

BOT = Path(storage.__file__).parent.parent / "bot.py"
KEY = f"{'ab' * 32}.png"


@dataclass
class Shell:
    """A folder with a bot's database, whose lock somebody else holds, and a command line."""

    folder: Path
    desk: Desk

    async def run(self, *arguments: str) -> tuple[int, str]:
        """Run `python bot.py` with these arguments; return the exit code and what it printed."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(BOT),
            *arguments,
            cwd=self.folder,
            env={
                "DISCORD_TOKEN": "a.b.c",
                "AKOOL_API_KEY": "key",
                "AKOOL_BASE_URL": "http://127.0.0.1:9",
                "DATABASE_URL": f"sqlite:///{self.folder / 'bot.db'}",
                "MEDIA_DIR": str(self.folder / "media"),
                "PUBLIC_URL": "https://bot.invalid",
                "LOG_LEVEL": "WARNING",
            },
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        printed, _ = await process.communicate()
        return process.returncode or 0, printed.decode()

    async def doubtful(self, roles: Sequence[int] = (), price: int = 10) -> Order:
        """Place an order of one private clip, and lose the reply to its paid request."""
        new = self.desk.new_draft(member(), price=price, private=True)
        options = replace(new.options, model=SEEDANCE.value, pictures=(Picture(key=KEY, bytes=5),))
        draft = await self.desk.store.add_draft(replace(new, options=options), self.desk.now)
        ordered = await self.desk.store.place(self.desk.placing(draft, member(roles=roles)))
        for send in await self.desk.send_out():
            lost = SendResult(
                send_id=send.id, doubtful=send.clip_ids, doubt_until=self.desk.now + HOUR
            )
            await self.desk.store.finish_send(lost, self.desk.now)
        return await self.desk.order(ordered.order_id)


@pytest.fixture
async def shell(tmp_path: Path) -> AsyncIterator[Shell]:
    """Open the books that a bot works on at this moment."""
    database = await SqliteDatabase.open(tmp_path / "bot.db")
    picture = tmp_path / "media" / "pictures" / KEY[:2] / KEY
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"a picture")
    with BotLock.acquire(tmp_path / "bot.db"):
        await migrate.apply(database, Path(storage.__file__).parent / "migrations", START)
        desk = Desk(database)
        await desk.store.save_models(MODELS, desk.now)
        yield Shell(tmp_path, desk)
        assert await desk.balanced()
        await database.close()


async def test_wallets_are_listed_and_shown(shell: Shell) -> None:
    desk = shell.desk
    await desk.grant(member(), 50)
    await desk.ready(member(8), cost=10)
    await desk.store.freeze(desk.doing(member(8)), frozen=True, now=desk.now)
    status, printed = await shell.run("wallets", "list", "1")
    assert status == 0
    assert [line.split() for line in printed.splitlines()] == [
        ["member", "granted", "held", "charged"],
        ["8", "0", "0", "10", "frozen"],
        ["7", "50", "0", "0"],
    ]
    status, printed = await shell.run("wallets", "show", "1", "8")
    assert status == 0
    assert "granted 0, held 0, frozen" in printed
    assert "settle" in printed
    assert await shell.run("wallets", "list", "2") == (0, "There are none.\n")


async def test_orders_are_listed_by_server_member_and_state(shell: Shell) -> None:
    desk = shell.desk
    first = await desk.place(member(), clips=2)
    second = await desk.place(member(8, guild=2))
    await desk.store.cancel_order(second.order_id, desk.now)
    _, printed = await shell.run("orders", "list")
    assert [line.split()[0] for line in printed.splitlines()[1:]] == [
        code(second.order_id),
        code(first.order_id),
    ]
    for wanted in (("--guild", "1"), ("--member", "7"), ("--state", "queued"), ("--guild", "1")):
        _, printed = await shell.run("orders", "list", *wanted)
        (line,) = printed.splitlines()[1:]
        assert line.startswith(code(first.order_id))
        assert line.endswith("2 queued")
    _, printed = await shell.run("orders", "show", code(first.order_id))
    assert "server 1, member 7" in printed
    assert len([line for line in printed.splitlines() if " queued " in line]) == 2
    assert await shell.run("orders", "show", "zzz") == (
        1,
        "There is no such order. `orders list` shows the newest.\n",
    )


async def test_a_clip_in_doubt_is_found_and_its_whole_story_is_told(shell: Shell) -> None:
    order = await shell.doubtful()
    await shell.desk.place(member())
    _, printed = await shell.run("clips", "list")
    assert len(printed.splitlines()) == 3
    _, printed = await shell.run("clips", "list", "--doubtful")
    (line,) = printed.splitlines()[1:]
    clip = order.clips[0]
    assert line.split()[:4] == [code(clip.id), code(order.id), "unknown", "10"]
    status, printed = await shell.run("clips", "show", code(clip.id))
    assert status == 0
    for part in (
        "ordered, quoted 10 credits",
        "queued, claimed 1 times",
        f"entry clip:{clip.id}:hold: held +10, allowance +10, pool +10, ceiling +10",
        "next step due: doubt",
        "  its request left",
        "state unknown, vendor's id no id yet, cost unknown",
    ):
        assert part in printed
    assert "the vendor has it" not in printed
    status, printed = await shell.run("clips", "show", "zzz")
    assert (status, printed[:24]) == (1, "There is no such clip. `")


async def test_a_release_gives_the_credits_back_once_and_is_written_down(shell: Shell) -> None:
    order = await shell.doubtful()
    clip = code(order.clips[0].id)
    status, printed = await shell.run("clips", "release", clip, "--reason", "asked Akool")
    assert (status, printed[:9]) == (0, "Released:")
    wallet = await shell.desk.store.wallet(member(), shell.desk.now)
    assert (wallet.held, wallet.allowance_left) == (0, 100)
    assert await shell.desk.house() == 10
    status, printed = await shell.run("clips", "release", clip, "--reason", "again")
    assert (status, printed[:25]) == (1, "The clip is released, and")
    _, printed = await shell.run("clips", "show", clip)
    assert printed.count("act release by 0: asked Akool") == 1
    assert "again" not in printed


async def test_a_rendering_clip_that_never_comes_can_be_given_up(shell: Shell) -> None:
    ordered = await shell.desk.place(member())
    await shell.desk.render(cost=7)
    clip = (await shell.desk.order(ordered.order_id)).clips[0]
    status, _ = await shell.run("clips", "release", code(clip.id), "--reason", "lost at Akool")
    assert status == 0
    assert (await shell.desk.clip(ordered.order_id)).state == "failed"
    assert await shell.desk.house() == 7
    queued = await shell.desk.place(member())
    other = (await shell.desk.order(queued.order_id)).clips[0]
    status, printed = await shell.run("clips", "release", code(other.id), "--reason", "no")
    assert status == 1
    assert f"`orders cancel {code(queued.order_id)}` ends its order" in printed
    assert (await shell.desk.clip(queued.order_id)).state == "queued"


async def test_a_clip_in_doubt_is_ordered_again_once_and_only_by_who_says_yes(
    shell: Shell,
) -> None:
    order = await shell.doubtful()
    clip = code(order.clips[0].id)
    asked = ("clips", "resubmit", clip, "--reason", "not on Akool's list")
    status, printed = await shell.run(*asked)
    assert status == 1
    assert "sending it again pays twice" in printed
    assert (await shell.desk.clip(order.id)).state == "unknown"
    status, printed = await shell.run(*asked, "--yes")
    assert status == 0, printed
    new = printed.split(" as ")[1].split(";")[0]
    assert (await shell.desk.clip(order.id)).state == "released"
    status, printed = await shell.run(*asked, "--yes")
    assert f" as {new};" in printed
    _, printed = await shell.run("orders", "list", "--state", "queued")
    (line,) = printed.splitlines()[1:]
    assert line.startswith(new)
    _, printed = await shell.run("clips", "show", clip)
    assert printed.count("act resubmit by 0: not on Akool's list") == 1


async def test_what_was_delivered_is_not_ordered_again(shell: Shell) -> None:
    order_id = await shell.desk.ready(member())
    clip = code((await shell.desk.clip(order_id)).id)
    status, printed = await shell.run("clips", "resubmit", clip, "--reason", "x", "--yes")
    assert status == 1
    assert printed.startswith("The clip is ready. Only one in doubt")


async def test_a_vendor_that_does_not_answer_is_said_to(shell: Shell) -> None:
    status, printed = await shell.run("clips", "reconcile")
    assert status == 1
    assert printed.splitlines()[-1].startswith("Akool:")


async def test_a_command_line_that_makes_no_sense_is_explained(shell: Shell) -> None:
    for arguments in (
        ("nonsense",),
        ("clips",),
        ("clips", "release", "zzz"),
        ("clips", "release", "zzz", "--reason", " "),
        ("wallets", "list"),
    ):
        status, printed = await shell.run(*arguments)
        assert status == 2
        assert "usage: bot.py" in printed


async def test_where_no_bot_has_been_nothing_is_made(shell: Shell) -> None:
    elsewhere = replace(shell, folder=shell.folder / "elsewhere")
    elsewhere.folder.mkdir()
    for arguments in (("wallets", "list", "1"), ("orders", "list"), ("clips", "list")):
        status, printed = await elsewhere.run(*arguments)
        assert status == 1
        assert printed.startswith(f"There are no books at {elsewhere.folder / 'bot.db'}.")
    assert list(elsewhere.folder.iterdir()) == []
    (elsewhere.folder / "bot.db").touch()
    status, printed = await elsewhere.run("wallets", "list", "1")
    assert (status, printed[:18]) == (1, "There are no books")


def as_of_an_older_bot() -> Transaction[None]:
    yield "DELETE FROM schema_version WHERE version > 16", ()


def newest_version() -> Transaction[int]:
    rows = yield "SELECT MAX(version) AS newest FROM schema_version", ()
    return int(rows[0]["newest"])


async def test_an_older_bots_books_are_left_as_they_are(shell: Shell) -> None:
    await shell.desk.database.run(as_of_an_older_bot)
    status, printed = await shell.run("wallets", "list", "1")
    assert (status, printed[:35]) == (1, "The database is an older bot's. Sto")
    assert await shell.desk.database.read(newest_version) == 16


@pytest.mark.parametrize(
    "arguments",
    [
        ("wallets", "list", "99999999999999999999999"),
        ("wallets", "list", "-5"),
        ("wallets", "show", "1", "9223372036854775808"),
        ("orders", "list", "--guild", "9" * 5000),
        ("orders", "list", "--limit", "many"),
        ("wallets", "list", "1", "--limit", "0"),
        ("clips", "list", "--limit", "10001"),
        ("orders", "list", "--after", "o!"),
        ("clips", "reconcile", "--bought", "-1"),
    ],
)
def test_a_number_that_nothing_has_is_no_number(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        bot.main(arguments)
    assert stopped.value.code == 2
    assert "is no " in capsys.readouterr().err


async def test_a_wallet_that_nobody_has_is_not_invented(shell: Shell) -> None:
    status, printed = await shell.run("wallets", "show", "1", str(2**63 - 1))
    assert (status, printed[:29]) == (1, "There is no such wallet: memb")


async def test_what_guards_members_does_not_stop_the_operator(shell: Shell) -> None:
    desk = shell.desk
    await desk.allow(0, "month")
    await desk.allow(10, "month", role_id=5)
    order = await shell.doubtful(roles=(5,))
    await desk.store.change_rule(
        desk.doing(member()), Setting.PRIVATE_ROLES, frozenset({5}), desk.now
    )
    await desk.store.change_rule(desk.doing(member()), Setting.CHANNELS, frozenset({77}), desk.now)
    await desk.store.change_rule(desk.doing(member()), Setting.COOLDOWN_S, 3600, desk.now)
    await desk.store.freeze(desk.doing(member()), frozen=True, now=desk.now)
    await desk.store.pause(desk.doing(member()), desk.now)
    clip = code(order.clips[0].id)
    asked = ("clips", "resubmit", clip, "--reason", "not on Akool's list", "--yes")
    status, printed = await shell.run(*asked)
    assert (status, printed.startswith("Ordered again for the member as")) == (0, True), printed
    assert "as soon as its server lets orders go on" in printed
    wallet = await desk.store.wallet(member(), desk.now)
    assert (wallet.held, await desk.house()) == (10, 10)


async def test_a_member_pays_no_more_for_it_than_was_agreed_then(shell: Shell) -> None:
    order = await shell.doubtful(price=4)
    clip = code(order.clips[0].id)
    status, printed = await shell.run("clips", "resubmit", clip, "--reason", "x", "--yes")
    assert status == 0, printed
    wallet = await shell.desk.store.wallet(member(), shell.desk.now)
    assert (wallet.held, wallet.allowance_left) == (4, 96)


async def test_a_refused_resubmit_says_what_the_operator_can_do_and_changes_nothing(
    shell: Shell,
) -> None:
    desk = shell.desk
    await desk.store.change_rule(desk.doing(member()), Setting.POOL_CREDITS, 10, desk.now)
    order = await shell.doubtful()
    await desk.store.change_rule(desk.doing(member()), Setting.POOL_CREDITS, 5, desk.now)
    clip = code(order.clips[0].id)
    status, printed = await shell.run("clips", "resubmit", clip, "--reason", "x", "--yes")
    assert status == 1
    assert printed.startswith("It costs 10 credits, and the server's pool has 5 left.")
    assert printed.endswith("Nothing was changed.\n")
    assert (await desk.clip(order.id)).state == "unknown"
    assert await desk.house() == 0
    _, printed = await shell.run("clips", "show", clip)
    assert "act release" not in printed


async def test_an_order_that_was_not_sent_is_cancelled_once_and_its_member_is_told(
    shell: Shell,
) -> None:
    desk = shell.desk
    # The pool's warning is an act of the same order, and stands beside the operator's.
    await desk.store.change_rule(desk.doing(member()), Setting.POOL_CREDITS, 20, desk.now)
    ordered = await desk.place(member(), clips=2)
    asked = ("orders", "cancel", code(ordered.order_id), "--reason", "Discord is down")
    status, printed = await shell.run(*asked)
    assert (status, printed) == (
        0,
        "2 clips are cancelled; their credits are their member's again.\n",
    )
    assert (await desk.store.wallet(member(), desk.now)).held == 0
    order = await desk.order(ordered.order_id)
    assert failed_altogether(order)
    assert await desk.value("SELECT card_due_at FROM orders") is not None
    status, printed = await shell.run(*asked)
    assert (status, printed[:30]) == (1, "Nothing of that order waits an")
    _, printed = await shell.run("clips", "show", code(order.clips[0].id))
    assert printed.count("act cancel by 0: Discord is down") == 1


async def test_a_list_that_has_no_room_says_what_is_left_and_goes_on(shell: Shell) -> None:
    for user in (7, 8, 9):
        await shell.desk.place(member(user))
    listings: dict[str, tuple[str, ...]] = {
        "orders": (),
        "wallets": ("1",),
        "clips": (),
    }
    for family, which in listings.items():
        _, printed = await shell.run(family, "list", *which, "--limit", "2")
        said = printed.splitlines()
        assert len(said) == 4
        last = said[2].split()[0]
        assert said[3] == f"… and 1 more: --after {last} goes on there."
        _, printed = await shell.run(family, "list", *which, "--after", last)
        assert len(printed.splitlines()) == 2
