"""The media store on a real disk, also a full one, also when the bot is killed."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.disk import new_part, room_for, settle, write_whole
from media.errors import BadName
from media.picture import check_picture
from media.store import MediaStore, Shelf
from tests.fake_clock import START, FakeClock
from tests.media.pictures import encode, quarters

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
DAY = 24 * 60 * 60 * 1000
PICTURE = check_picture(encode(quarters(), "PNG"))
KEY = f"{PICTURE.sha256}.png"
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="no limits on file sizes there")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def store(tmp_path: Path, clock: FakeClock) -> MediaStore:
    return MediaStore(tmp_path / "media", clock)


def files(folder: Path) -> list[str]:
    return sorted(str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file())


async def put_clip(store: MediaStore, clip_id: int, data: bytes = b"video") -> Path:
    target = store.clip_path(clip_id)
    part = await store.new_part(target)
    part.write_bytes(data)
    await store.settle(part, target)
    return target


# --- pictures ---


async def test_a_picture_is_kept_by_its_content_once(store: MediaStore, tmp_path: Path) -> None:
    first = await store.put_picture(PICTURE)
    second = await store.put_picture(PICTURE)

    assert first == second == KEY
    assert files(tmp_path) == [f"media/pictures/{KEY[:2]}/{KEY}"]
    path = store.picture_path(KEY)
    assert path is not None
    assert path.read_bytes() == PICTURE.data


async def test_a_jpeg_has_a_key_of_its_own(store: MediaStore) -> None:
    photo = check_picture(encode(quarters(), "JPEG"))

    assert await store.put_picture(photo) == f"{photo.sha256}.jpeg"


async def test_a_picture_that_is_gone_has_no_path(store: MediaStore) -> None:
    assert store.picture_path(KEY) is None
    await store.put_picture(PICTURE)
    await store.drop_picture(KEY)
    await store.drop_picture(KEY)
    assert store.picture_path(KEY) is None


# --- videos ---


async def test_a_video_appears_when_it_is_settled(store: MediaStore) -> None:
    target = store.clip_path(4217)
    part = await store.new_part(target)
    part.write_bytes(b"half of it")
    assert not target.exists()

    await store.settle(part, target)

    assert target.read_bytes() == b"half of it"
    assert target.parts[-3:] == ("clips", "17", "4217.mp4")
    assert not part.exists()


async def test_a_discarded_part_is_gone_and_a_settled_file_stays(store: MediaStore) -> None:
    target = await put_clip(store, 17)
    part = await store.new_part(target)

    await store.discard(part)
    await store.discard(part)

    assert files(target.parent) == ["17.mp4"]


async def test_dropping_a_clip_drops_all_that_was_made_of_it_and_nothing_else(
    store: MediaStore, tmp_path: Path
) -> None:
    for clip_id in (1, 101, 11):
        await put_clip(store, clip_id)
        await store.put_poster(clip_id, b"still")
        for limit in (10, 25):
            write_whole(store.fitted_path(clip_id, limit), b"small", START)

    await store.drop_clip(1)
    await store.drop_clip(1)

    left = files(tmp_path / "media")
    assert len(left) == 8
    assert not [name for name in left if Path(name).stem.split("-")[0] == "1"]


async def test_a_newer_poster_replaces_the_older(store: MediaStore) -> None:
    await store.put_poster(17, b"old")
    path = await store.put_poster(17, b"new")

    assert path == store.poster_path(17)
    assert path.read_bytes() == b"new"


def test_a_file_name_leads_back_to_its_clip(store: MediaStore) -> None:
    assert store.clip_of(store.clip_path(4217).name) == 4217


# --- names ---


@pytest.mark.parametrize("name", ["", "17", "17.mp4\n", "0.mp4", "017.mp4", "-1.mp4", "../17.mp4"])
def test_a_name_that_was_never_given_out_is_refused(store: MediaStore, name: str) -> None:
    with pytest.raises(BadName):
        store.clip_of(name)
    with pytest.raises(BadName) as refused:
        store.picture_path(name)
    assert refused.value.name == name


@pytest.mark.parametrize("clip_id", [0, -1, -17])
def test_an_id_that_no_clip_has_is_refused(store: MediaStore, clip_id: int) -> None:
    for path in (store.clip_path, store.poster_path, lambda one: store.fitted_path(one, 10)):
        with pytest.raises(BadName):
            path(clip_id)


@given(
    name=st.one_of(
        st.text(),
        st.from_regex(r"[0-9a-f./\\]*\.(png|jpeg|mp4)"),
        st.sampled_from(["../" * 9 + "etc/passwd", "/etc/passwd", KEY + "/..", "..", KEY.upper()]),
    )
)
def test_no_name_leads_out_of_the_store(name: str) -> None:
    store = MediaStore(Path("/nowhere/media"), FakeClock())
    try:
        path = store._picture(name)
    except BadName:
        return
    assert path.parent.parent == Path("/nowhere/media/pictures")
    assert ".." not in path.parts


# --- keeping house ---


async def test_what_was_not_used_for_long_is_listed(store: MediaStore, clock: FakeClock) -> None:
    await store.put_picture(PICTURE)
    old = await put_clip(store, 1, b"1234567")
    clock.advance(3 * DAY / 1000)
    await put_clip(store, 2)
    await store.put_picture(PICTURE)  # used again
    await store.new_part(store.clip_path(3))

    (stale,) = await store.unused_since(clock.now() - DAY)

    assert (stale.shelf, stale.path, stale.size) == (Shelf.CLIPS, old, 7)
    assert stale.used_at == START
    assert await store.unused_since(START) == ()
    assert await store.drop(stale)
    assert not await store.drop(stale)
    assert await store.unused_since(clock.now() - DAY) == ()


async def test_a_listed_file_that_is_used_after_all_is_not_dropped(
    store: MediaStore, clock: FakeClock
) -> None:
    await store.put_picture(PICTURE)
    clock.advance(3 * DAY / 1000)
    (stale,) = await store.unused_since(clock.now() - DAY)

    assert store.picture_path(KEY) is not None

    assert not await store.drop(stale)
    assert await store.unused_since(clock.now() - DAY) == ()


async def test_touching_tells_whether_the_file_is_there(
    store: MediaStore, clock: FakeClock
) -> None:
    path = await put_clip(store, 1)
    clock.advance(60)

    assert await store.touch(path)
    assert path.stat().st_mtime_ns == clock.now() * 1_000_000
    assert not await store.touch(store.clip_path(2))


async def test_parts_of_a_day_ago_are_dropped_and_those_at_work_are_not(
    store: MediaStore, clock: FakeClock
) -> None:
    target = await put_clip(store, 1)
    left = await store.new_part(target)
    os.utime(left, ns=((START - 2 * DAY) * 1_000_000,) * 2)
    working = await store.new_part(target)
    os.utime(working, ns=((START - DAY // 2) * 1_000_000,) * 2)

    assert await store.drop_parts() == 1

    assert not left.exists()
    assert working.exists()
    assert target.exists()


# --- the disk ---


@POSIX
def test_nobody_else_may_read_what_members_made(tmp_path: Path) -> None:
    target = tmp_path / "media" / "clips" / "17.mp4"
    write_whole(target, b"video", START)

    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert stat.S_IMODE(target.parent.stat().st_mode) == 0o700


def test_other_faults_of_the_disk_are_not_called_full(tmp_path: Path) -> None:
    with pytest.raises(PermissionError), room_for("17.mp4"):
        raise PermissionError(13, "Permission denied")
    (tmp_path / "clips").write_bytes(b"a file where a folder should be")
    with pytest.raises(FileExistsError):
        new_part(tmp_path / "clips" / "17" / "17.mp4")


def test_a_part_that_is_gone_is_not_settled(tmp_path: Path) -> None:
    part = new_part(tmp_path / "17.mp4")
    part.unlink()

    with pytest.raises(FileNotFoundError):
        settle(part, tmp_path / "17.mp4", START)
    assert files(tmp_path) == []


WRITE = """
import resource, signal, sys
from pathlib import Path
from media.disk import write_whole
from media.errors import StoreFull
if sys.argv[2] == "die":
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    write_whole(Path(sys.argv[1]), b"x" * 1_000_000, 1_795_176_000_000)
except StoreFull as error:
    print(error)
"""


def write_into(target: Path, how: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", WRITE, str(target), how],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@POSIX
@pytest.mark.parametrize("before", [None, b"what was there"])
def test_a_full_disk_is_told_and_leaves_what_was_there(
    tmp_path: Path, before: bytes | None
) -> None:
    target = tmp_path / "17.mp4"
    if before is not None:
        target.write_bytes(before)

    done = write_into(target, "tell")

    assert done.stdout == "no room left on the disk for 17.mp4\n"
    assert files(tmp_path) == ([] if before is None else ["17.mp4"])
    assert before is None or target.read_bytes() == before


@POSIX
@pytest.mark.parametrize("before", [None, b"what was there"])
def test_a_process_killed_in_the_middle_of_a_write_leaves_no_half_file(
    tmp_path: Path, before: bytes | None
) -> None:
    store = MediaStore(tmp_path, FakeClock(START + 10**12))
    target = store.clip_path(17)
    if before is not None:
        write_whole(target, before, START)

    done = write_into(target, "die")

    assert done.returncode == -signal.SIGXFSZ
    (part,) = parts(tmp_path)
    assert part.stat().st_size == 100_000, "it was killed in the middle"
    assert target.exists() is (before is not None)
    assert before is None or target.read_bytes() == before


def parts(folder: Path) -> Iterator[Path]:
    return folder.rglob("*.part")


FETCH = """
import asyncio, sys
from pathlib import Path
from media.store import MediaStore

class Clock:
    def now(self):
        return 1_795_176_000_000

async def main():
    store = MediaStore(Path(sys.argv[1]), Clock())
    part = await store.new_part(store.clip_path(17))
    with part.open("wb", buffering=0) as file:
        file.write(b"the first half")
        print("half", flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_a_bot_killed_in_the_middle_of_a_download_leaves_a_part_to_be_swept(
    tmp_path: Path,
) -> None:
    with subprocess.Popen(  # noqa: S603, ASYNC220 - our own code
        [sys.executable, "-c", FETCH, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE
    ) as bot:
        assert bot.stdout is not None
        assert bot.stdout.readline() == b"half\n"
        bot.kill()
    store = MediaStore(tmp_path, FakeClock(START + 10**12))

    assert not store.clip_path(17).exists()
    assert await store.unused_since(START + 10**12) == ()
    assert await store.drop_parts() == 1
    assert files(tmp_path) == []
