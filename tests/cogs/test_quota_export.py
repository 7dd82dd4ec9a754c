"""Moderators take a server's books with them as CSV, however large, and free of formulas."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from jobs.ids import code
from tests.cogs.deskhands import elsewhere, let_in, quota
from tests.cogs.looking_back import failed, moderator
from tests.cogs.scenes import Scene, reply

if TYPE_CHECKING:
    import pytest
    from simcord import InteractionResult

DAY = 24 * 3600


async def files(result: InteractionResult) -> dict[str, bytes]:
    """Return the files of the answer and what followed it, by their names."""
    answers = [reply(result), *result.followups]
    assert all(one.ephemeral for one in answers)
    found = {}
    for answer in answers:
        for one in answer.attachments:
            found[one.filename] = await one.read()
    return found


def table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


async def test_wallets_and_entries_of_the_last_days_come_as_files(scene: Scene) -> None:
    ida = let_in(scene)
    await quota(scene, "grant", ida, member=scene.bob, credits=7, reason="long ago")
    scene.clock.advance(40 * DAY)
    await quota(
        scene, "grant", ida, member=scene.alice, credits=50, reason="=SUM(A1:A9)", expires="12h"
    )
    end = datetime.fromtimestamp(scene.clock.now() / 1000 + 12 * 3600, UTC)
    scene.clock.advance(1)
    order = await failed(scene, await scene.ordered())
    result = await quota(scene, "export", ida)
    found = await files(result)
    assert list(found) == ["wallets.csv", "entries.csv"]
    wallets = table(found["wallets.csv"])
    assert {one["member"]: one["granted"] for one in wallets} == {
        str(scene.alice.id): "50",
        str(scene.bob.id): "7",
    }
    entries = table(found["entries.csv"])
    assert [one["kind"] for one in entries] == ["grant", "hold", "release"]
    assert entries[0]["reason"] == "'=SUM(A1:A9)"
    assert entries[0]["actor"] == str(ida.id)
    assert [one["expires"] for one in entries] == [end.isoformat(timespec="milliseconds"), "", ""]
    assert {one["order"] for one in entries[1:]} == {code(order.id)}
    everything = await files(await quota(scene, "export", ida, days=41))
    assert len(table(everything["entries.csv"])) == 4


async def test_another_servers_books_stay_there(scene: Scene) -> None:
    there, mona = elsewhere(scene), moderator(scene)
    await quota(scene, "grant", mona, member=scene.alice, credits=50)
    found = await files(await there.otto.slash(there.hall, "quota export"))
    assert table(found["wallets.csv"]) == table(found["entries.csv"]) == []


async def test_what_is_too_large_comes_zipped_and_in_parts(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    mona = moderator(scene)
    await scene.store._database.run(_much, scene.guild.id, scene.clock.now())
    monkeypatch.setattr("cogs.quota_export.upload_limit", lambda _: 100_000)
    monkeypatch.setattr("jobs.exporting.PAGE", 300)
    result = await quota(scene, "export", mona)
    found = await files(result)
    assert all(name.endswith(".zip") for name in found)
    keys = []
    for name, data in found.items():
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            (member,) = archive.namelist()
            if name.startswith("entries"):
                keys += [one["key"] for one in table(archive.read(member))]
    assert keys == sorted(keys)
    assert len(keys) == len(set(keys)) == 2000


def _much(guild_id: int, now: int) -> Any:  # noqa: ANN401 - a transaction
    for number in range(2000):
        yield (
            """INSERT INTO entries (key, at, kind, guild_id, user_id, grants, held, charged,
                 allowance, pool, ceiling, house, day_key, week_key, month_key, house_day, reason)
               VALUES ($1, $2, 'hold', $3, 7, 0, 0, 0, 0, 0, 0, 0, '', '', '', '', $4)""",
            (f"k{number:05}", now - 1, guild_id, "why not " * 5),
        )
