"""The worker from the outside: jobs, crashes, timeouts, and the end."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from media.codecs import _encodes
from media.errors import (
    EmptyPicture,
    JobTimedOut,
    NotAVideo,
    UnsupportedFormat,
    WorkerClosed,
    WorkerCrashed,
)
from media.picture import check_picture
from media.process import WorkerProcess
from media.wire import Request
from media.worker import JobSeconds, MediaWorker
from tests.media.clips import Clip
from tests.media.pictures import encode, heic, noise, quarters

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from pytest import TempPathFactory  # noqa: PT013 - a type

ROOT = Path(__file__).resolve().parents[2]
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc, or needs pidfd")
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
PNG = encode(quarters(), "PNG")


@pytest.fixture(scope="module")
def clip(tmp_path_factory: TempPathFactory) -> Path:
    """Make a clip with sound."""
    return Clip(sound="aac").encode(tmp_path_factory.mktemp("clips") / "17.mp4")


@pytest.fixture
async def worker() -> AsyncIterator[MediaWorker]:
    """Open a worker, and close it after the test."""
    async with MediaWorker() as opened:
        yield opened


async def stopped(worker: MediaWorker, clip: Path) -> int:
    """Have the fitting process up and halt it, so that its next job hangs; return its number."""
    await worker.fit(clip, clip, 10_000_000)
    (pid,) = worker.pids
    os.kill(pid, signal.SIGSTOP)
    return pid


# --- jobs ---


async def test_every_job_is_done_in_another_process(
    worker: MediaWorker, clip: Path, tmp_path: Path
) -> None:
    picture = await worker.check_picture(PNG)
    info = await worker.probe(clip)
    still = await worker.poster(clip)
    fitted = await worker.fit(clip, tmp_path / "out.mp4", 10_000_000)

    assert picture == check_picture(PNG)
    assert (info.width, info.audio_codec) == (128, "aac")
    assert still[8:12] == b"WEBP"
    assert (fitted.path, fitted.shrunk) == (clip, False)
    assert len(set(worker.pids) - {os.getpid()}) == 2


async def test_a_missing_codec_would_be_named(worker: MediaWorker) -> None:
    assert await worker.missing_codecs() == ()
    assert _encodes("aac")
    assert not _encodes("no such codec")


async def test_errors_come_back_with_their_data(worker: MediaWorker, tmp_path: Path) -> None:
    with pytest.raises(EmptyPicture):
        await worker.check_picture(b"")
    with pytest.raises(UnsupportedFormat) as refused:
        await worker.check_picture(heic())
    assert refused.value.format == "heic"
    pids = worker.pids
    with pytest.raises(NotAVideo, match="gone"):
        await worker.poster(tmp_path / "gone.mp4")
    assert worker.pids == pids, "a refusal is no reason for a new process"


async def test_a_picture_of_many_megabytes_comes_through(worker: MediaWorker) -> None:
    data = encode(noise(1600, 1500), "PNG", compress_level=0)
    assert len(data) > 7_000_000

    assert (await worker.check_picture(data)).data == data


async def test_jobs_wait_for_one_another_in_their_lane(worker: MediaWorker, clip: Path) -> None:
    infos = await asyncio.gather(*(worker.probe(clip) for _ in range(5)))

    assert infos == [infos[0]] * 5
    assert len(worker.pids) == 1


@POSIX
async def test_a_picture_does_not_wait_for_a_fit(worker: MediaWorker, clip: Path) -> None:
    pid = await stopped(worker, clip)
    fit = asyncio.create_task(worker.fit(clip, clip, 10_000_000))

    assert (await worker.check_picture(PNG)).width == 96
    assert not fit.done()

    os.kill(pid, signal.SIGCONT)
    assert not (await fit).shrunk


# --- the life of the process ---


async def test_no_process_is_up_before_the_first_job(worker: MediaWorker) -> None:
    assert worker.pids == ()


async def test_a_process_serves_many_jobs_and_is_renewed_after_a_number(clip: Path) -> None:
    seen: list[int] = []
    async with MediaWorker(jobs_per_process=2) as worker:
        for _ in range(5):
            await worker.probe(clip)
            seen.extend(worker.pids)

    assert seen[0] == seen[1] != seen[2] == seen[3] != seen[4]


async def test_a_job_that_takes_too_long_is_killed_and_the_next_one_is_done(clip: Path) -> None:
    async with MediaWorker(seconds=JobSeconds(probe=0.0)) as worker:
        with pytest.raises(JobTimedOut) as late:
            await worker.probe(clip)
        assert (late.value.job, late.value.seconds) == ("probe", 0.0)
        assert worker.pids == ()
        assert (await worker.check_picture(PNG)).width == 96


@POSIX
async def test_a_hanging_job_is_killed_after_its_time(clip: Path) -> None:
    process = WorkerProcess(jobs=9)
    request = Request(job="probe", arguments=(clip,), seconds=20.0)
    await process.ask(request)
    pid = process.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)

    with pytest.raises(JobTimedOut):
        await process.ask(Request(job="probe", arguments=(clip,), seconds=0.05))

    assert process.pid is None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    await process.ask(request)
    await process.stop()


@POSIX
async def test_a_process_that_dies_under_a_job_is_told_and_replaced(
    worker: MediaWorker, clip: Path
) -> None:
    pid = await stopped(worker, clip)
    job = asyncio.create_task(worker.fit(clip, clip, 10_000_000))
    await asyncio.sleep(0)

    os.kill(pid, signal.SIGKILL)

    with pytest.raises(WorkerCrashed, match="exit status -9") as crashed:
        await job
    assert crashed.value.job == "fit"
    assert not (await worker.fit(clip, clip, 10_000_000)).shrunk
    assert pid not in worker.pids


@POSIX
async def test_a_process_that_died_at_rest_costs_no_job(clip: Path) -> None:
    process = WorkerProcess(jobs=9)
    request = Request(job="probe", arguments=(clip,), seconds=20.0)
    await process.ask(request)
    assert process._process is not None
    process.kill()
    await process._process.wait()

    await process.ask(request)

    await process.stop()


@POSIX
async def test_a_cancelled_job_frees_its_lane(worker: MediaWorker, clip: Path) -> None:
    pid = await stopped(worker, clip)
    job = asyncio.create_task(worker.fit(clip, clip, 10_000_000))
    await asyncio.sleep(0)

    job.cancel()

    with pytest.raises(asyncio.CancelledError):
        await job
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert not (await worker.fit(clip, clip, 10_000_000)).shrunk


async def test_a_job_that_fails_without_a_known_reason_is_logged_with_its_trace(
    worker: MediaWorker, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(WorkerCrashed, match="AttributeError") as crashed:
        await worker.probe("no path at all")  # type: ignore[arg-type]

    assert crashed.value.job == "probe"
    assert "Traceback" in caplog.text
    assert (await worker.check_picture(PNG)).width == 96


@POSIX
async def test_closing_ends_running_and_waiting_jobs_and_takes_no_more(clip: Path) -> None:
    worker = MediaWorker()
    pid = await stopped(worker, clip)
    jobs = [asyncio.create_task(worker.fit(clip, clip, 10_000_000)) for _ in range(2)]
    await asyncio.sleep(0)

    await worker.close()
    await worker.close()

    for job in jobs:
        with pytest.raises(WorkerClosed, match="fit"):
            await job
    with pytest.raises(WorkerClosed):
        await worker.probe(clip)
    assert worker.pids == ()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


# --- what the process is like ---


@POSIX
async def test_signals_to_the_whole_group_leave_the_ending_to_the_bot(
    worker: MediaWorker, clip: Path
) -> None:
    await worker.probe(clip)
    (pid,) = worker.pids

    os.kill(pid, signal.SIGINT)
    os.kill(pid, signal.SIGTERM)

    await worker.probe(clip)
    assert worker.pids == (pid,)


@LINUX
async def test_the_process_gives_way_is_bounded_and_knows_no_secrets(
    worker: MediaWorker, clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "a secret of the bot")
    await worker.probe(clip)
    (pid,) = worker.pids

    assert os.getpriority(os.PRIO_PROCESS, pid) >= 10
    assert b"Max address space         %d" % (4 * 1024**3) in about(pid, "limits")
    assert b"a secret of the bot" not in about(pid, "environ")


def about(pid: int, what: str) -> bytes:
    return Path(f"/proc/{pid}/{what}").read_bytes()


def in_another_python(code: str) -> str:
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout


def test_the_bot_itself_loads_no_decoder() -> None:
    code = "import media.library, media.store, media.worker, sys; print(*sys.modules)"

    loaded = set(in_another_python(code).split())

    assert {"media.library", "media.worker"} <= loaded
    assert not {"av", "PIL", "numpy"} & loaded


def test_the_process_loads_nothing_of_the_bot() -> None:
    loaded = set(in_another_python("import media.child, sys; print(*sys.modules)").split())

    assert {"av", "PIL"} <= loaded
    assert not {"bot", "cogs", "discord", "aiohttp", "jobs", "numpy", "storage"} & loaded


BOT = """
import asyncio, sys
from pathlib import Path
from media.worker import MediaWorker

async def main():
    async with MediaWorker() as worker:
        await worker.probe(Path(sys.argv[1]))
        print(*worker.pids, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


@LINUX
def test_when_the_bot_is_killed_its_worker_ends_too(clip: Path) -> None:
    with subprocess.Popen(  # noqa: S603 - our own code
        [sys.executable, "-c", BOT, str(clip)], cwd=ROOT, stdout=subprocess.PIPE
    ) as bot:
        assert bot.stdout is not None
        watch = os.pidfd_open(int(bot.stdout.readline()))
        bot.kill()
    try:
        ended, _, _ = select.select([watch], [], [], 20)
    finally:
        os.close(watch)
    assert ended
