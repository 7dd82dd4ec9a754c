"""The media library, with real files and a real worker process."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from jobs.errors import BadPicture, PictureFault, StorageDown
from jobs.ports import FetchGone, FetchLater, VideoTooLarge, VideoUnusable
from media.errors import StoreFull, WorkerClosed
from media.library import MediaLibrary
from media.store import MediaStore
from media.video import probe
from media.worker import JobSeconds, MediaWorker
from tests.fake_clock import FakeClock
from tests.media.clips import Clip, grain
from tests.media.pictures import encode, heic, moving, png, quarters

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    from pytest import TempPathFactory  # noqa: PT013 - a type

    from jobs.ports import Library

pytestmark = pytest.mark.asyncio(loop_scope="module")
MONTH = 30 * 24 * 60 * 60 * 1000


@pytest.fixture(scope="module")
def video(tmp_path_factory: TempPathFactory) -> bytes:
    """Make half a second of noise with sound, some 500 kB."""
    clip = Clip(width=320, height=180, draw=grain, sound="aac", crf=20)
    return clip.encode(tmp_path_factory.mktemp("clips") / "vendor.mp4").read_bytes()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def store(tmp_path: Path, clock: FakeClock) -> MediaStore:
    return MediaStore(tmp_path / "media", clock)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def worker() -> AsyncIterator[MediaWorker]:
    """Open a real worker; one for all, since its processes take a while to start."""
    async with MediaWorker() as opened:
        yield opened


@pytest.fixture
def library(store: MediaStore, worker: MediaWorker) -> MediaLibrary:
    return MediaLibrary(store, worker)


def bringing(data: bytes, then: Exception | None = None) -> Callable[[Path], Awaitable[None]]:
    """Return a fetch that writes these bytes, and then perhaps fails."""

    def write(target: Path) -> None:
        target.write_bytes(data)

    async def fetch(target: Path) -> None:
        write(target)
        if then is not None:
            raise then

    return fetch


async def never(target: Path) -> None:
    raise AssertionError(f"nothing should be fetched into {target}")


def files(folder: Path) -> list[str]:
    return sorted(str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file())


async def test_it_fits_what_the_engine_asks_for(library: MediaLibrary) -> None:
    asked: Library = library

    assert asked.picture_path("anything") is None


# --- pictures ---


async def test_a_picture_is_checked_kept_and_found_again(library: MediaLibrary) -> None:
    data = encode(quarters(), "PNG")

    kept = await library.keep_picture(data)

    assert (kept.width, kept.height, kept.bytes) == (96, 64, len(data))
    assert not kept.converted
    assert not kept.first_frame_only
    path = library.picture_path(kept.key)
    assert path is not None
    assert path.read_bytes() == data
    assert await library.keep_picture(data) == kept


async def test_a_moving_picture_is_kept_still_and_that_is_said(library: MediaLibrary) -> None:
    kept = await library.keep_picture(moving("GIF"))

    assert kept.converted
    assert kept.first_frame_only


@pytest.mark.parametrize(
    ("data", "fault", "found", "limit"),
    [
        (b"", PictureFault.EMPTY, "", 0),
        (b"hello", PictureFault.NOT_A_PICTURE, "", 0),
        (heic(), PictureFault.UNSUPPORTED, "heic", 0),
        (encode(quarters(), "PNG")[:200], PictureFault.DAMAGED, "png", 0),
        (bytes(21 * 1024 * 1024), PictureFault.TOO_MANY_BYTES, "", 20 * 1024 * 1024),
        (png(20_000, 20_000, 1, 0, bytes(2_500)), PictureFault.TOO_LARGE, "", 40_000_000),
        (png(8_001, 40, 1, 0, bytes(1_001)), PictureFault.TOO_LARGE, "", 8_000),
        (png(8, 400, 1, 0, bytes(1)), PictureFault.TOO_SMALL, "", 32),
    ],
    ids=["empty", "words", "heic", "cut", "bytes", "pixels", "long", "small"],
)
async def test_a_bad_picture_is_refused_in_the_words_of_an_order(
    library: MediaLibrary, data: bytes, fault: PictureFault, found: str, limit: int
) -> None:
    with pytest.raises(BadPicture) as refused:
        await library.keep_picture(data)
    assert (refused.value.fault, refused.value.found, refused.value.limit) == (fault, found, limit)


async def test_a_picture_that_holds_up_the_worker_is_refused_as_damaged(store: MediaStore) -> None:
    async with MediaWorker(seconds=JobSeconds(check_picture=0.0)) as hasty:
        with pytest.raises(BadPicture) as refused:
            await MediaLibrary(store, hasty).keep_picture(encode(quarters(), "PNG"))
    assert refused.value.fault is PictureFault.DAMAGED


async def test_a_bot_that_is_closing_takes_no_picture(store: MediaStore) -> None:
    closed = MediaWorker()
    await closed.close()

    with pytest.raises(StorageDown):
        await MediaLibrary(store, closed).keep_picture(encode(quarters(), "PNG"))


# --- videos ---


async def test_a_video_is_fetched_once_probed_and_kept(
    library: MediaLibrary, store: MediaStore, video: bytes
) -> None:
    kept = await library.keep_video(17, bringing(video))

    assert (kept.file, kept.bytes) == ("17.mp4", len(video))
    assert (kept.width, kept.height) == (320, 180)
    assert kept.seconds == pytest.approx(0.5)
    assert store.clip_path(17).read_bytes() == video
    assert await library.keep_video(17, never) == kept


async def test_a_kept_video_that_the_disk_has_spoilt_is_fetched_again(
    library: MediaLibrary, store: MediaStore, video: bytes
) -> None:
    await library.keep_video(17, bringing(video))
    store.clip_path(17).write_bytes(video[:1000])

    assert (await library.keep_video(17, bringing(video))).bytes == len(video)


@pytest.mark.parametrize("part", [0.0, 0.5])
async def test_a_fetched_file_that_is_no_whole_video_is_not_kept(
    library: MediaLibrary, tmp_path: Path, video: bytes, part: float
) -> None:
    cut = video[: int(len(video) * part)]

    with pytest.raises(VideoUnusable, match="clip 17"):
        await library.keep_video(17, bringing(cut))
    assert files(tmp_path) == []


async def test_what_the_fetch_raises_comes_through_and_leaves_nothing(
    library: MediaLibrary, tmp_path: Path
) -> None:
    with pytest.raises(FetchGone):
        await library.keep_video(17, bringing(b"half", FetchGone("expired")))
    assert files(tmp_path) == []


async def test_a_full_disk_puts_a_fetch_off(library: MediaLibrary, tmp_path: Path) -> None:
    full = OSError(28, "No space left on device")

    with pytest.raises(FetchLater) as later:
        await library.keep_video(17, bringing(b"half", full))
    assert isinstance(later.value.__cause__, StoreFull)
    assert files(tmp_path) == []


async def test_a_worker_that_fails_puts_a_fetch_off(store: MediaStore, video: bytes) -> None:
    async with MediaWorker(seconds=JobSeconds(probe=0.0)) as hasty:
        with pytest.raises(FetchLater):
            await MediaLibrary(store, hasty).keep_video(17, bringing(video))


async def test_a_video_is_handed_out_at_a_size_that_fits_and_made_smaller_once(
    library: MediaLibrary, store: MediaStore, video: bytes
) -> None:
    kept = await library.keep_video(17, bringing(video))

    whole = await library.fitted(kept.file, 10_000_000)
    small = await library.fitted(kept.file, 200_000)
    made_at = small.path.stat().st_ino
    again = await library.fitted(kept.file, 200_000)

    assert (whole.path, whole.shrunk, whole.bytes) == (store.clip_path(17), False, kept.bytes)
    assert small == again
    assert again.path.stat().st_ino == made_at
    assert (small.shrunk, small.height) == (True, 180)
    assert small.bytes == small.path.stat().st_size <= 200_000


async def test_a_copy_that_a_power_cut_left_empty_is_made_again(
    library: MediaLibrary, video: bytes
) -> None:
    kept = await library.keep_video(17, bringing(video))
    small = await library.fitted(kept.file, 200_000)
    small.path.write_bytes(b"")

    again = await library.fitted(kept.file, 200_000)

    assert probe(again.path).seconds == pytest.approx(0.5)


async def test_a_video_that_can_not_be_made_small_enough_is_too_large(
    library: MediaLibrary, video: bytes
) -> None:
    kept = await library.keep_video(17, bringing(video))

    with pytest.raises(VideoTooLarge, match=r"17\.mp4"):
        await library.fitted(kept.file, 20_000)


async def test_a_fit_that_takes_too_long_is_too_large(store: MediaStore, video: bytes) -> None:
    async with MediaWorker(seconds=JobSeconds(fit=0.0)) as hasty:
        library = MediaLibrary(store, hasty)
        kept = await library.keep_video(17, bringing(video))
        with pytest.raises(VideoTooLarge):
            await library.fitted(kept.file, 200_000)


async def test_a_bot_that_is_closing_does_not_call_a_video_too_large(
    store: MediaStore, video: bytes
) -> None:
    async with MediaWorker() as closing:
        kept = await MediaLibrary(store, closing).keep_video(17, bringing(video))
    with pytest.raises(WorkerClosed):
        await MediaLibrary(store, closing).fitted(kept.file, 200_000)


@pytest.mark.parametrize("file", ["18.mp4", "", "../17.mp4", "nonsense"])
async def test_a_video_that_is_not_there_is_unusable(library: MediaLibrary, file: str) -> None:
    with pytest.raises(VideoUnusable):
        await library.fitted(file, 10_000_000)
    await library.drop_video(file)


async def test_a_dropped_video_is_gone_with_its_copies(
    library: MediaLibrary, tmp_path: Path, video: bytes
) -> None:
    kept = await library.keep_video(17, bringing(video))
    await library.fitted(kept.file, 200_000)

    await library.drop_video(kept.file)
    await library.drop_video(kept.file)

    assert files(tmp_path) == []


async def test_a_sweep_takes_what_nobody_used_and_leaves_the_rest(
    library: MediaLibrary, store: MediaStore, clock: FakeClock, video: bytes
) -> None:
    picture = await library.keep_picture(encode(quarters(), "PNG"))
    for clip_id in (1, 2):
        await library.keep_video(clip_id, bringing(video))
    await library.fitted("1.mp4", 200_000)
    clock.advance(2 * MONTH / 1000)
    await library.fitted("2.mp4", 10_000_000)

    assert await library.sweep(clock.now() - MONTH) == 3

    assert library.picture_path(picture.key) is None
    assert not store.clip_path(1).exists()
    assert not store.fitted_path(1, 200_000).exists()
    assert store.clip_path(2).exists()
    assert await library.sweep(clock.now() - MONTH) == 0


async def test_a_store_that_was_deleted_under_the_bot_is_begun_anew(
    library: MediaLibrary, store: MediaStore, tmp_path: Path, video: bytes
) -> None:
    before = await library.keep_video(7, bringing(video))
    kept = await library.keep_picture(encode(quarters(), "PNG"))
    shutil.rmtree(tmp_path / "media")
    assert library.picture_path(kept.key) is None
    with pytest.raises(VideoUnusable):
        await library.fitted(before.file, 10_000_000)
    assert await library.poster(before.file) is None
    await library.drop_video(before.file)
    assert await library.sweep(0) == 0
    assert (await library.keep_picture(encode(quarters(), "PNG"))).key == kept.key
    assert await library.keep_video(7, bringing(video)) == before
    assert library.picture_path(kept.key) is not None


async def test_a_still_is_made_once_and_is_no_use_of_the_video(
    library: MediaLibrary, store: MediaStore, clock: FakeClock, video: bytes
) -> None:
    kept = await library.keep_video(17, bringing(video))
    still = await library.poster(kept.file)
    assert still is not None
    assert still.read_bytes()[8:12] == b"WEBP"
    still.write_bytes(b"made before")
    clock.advance(MONTH / 1000)
    assert await library.poster(kept.file) == still
    assert still.read_bytes() == b"made before"
    old = await store.unused_since(clock.now())
    assert [one.path for one in old] == [store.clip_path(17)]


@pytest.mark.parametrize("file", ["17.mp4", "../17.mp4", ""])
async def test_a_video_that_is_not_there_has_no_still(library: MediaLibrary, file: str) -> None:
    assert await library.poster(file) is None


async def test_what_is_no_video_has_no_still(library: MediaLibrary, store: MediaStore) -> None:
    path = store.clip_path(17)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"not a video")
    assert await library.poster("17.mp4") is None
