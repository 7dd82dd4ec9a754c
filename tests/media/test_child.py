"""What the worker process answers, without a process around it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from media.child import JOBS, serve
from media.errors import EmptyPicture
from media.model import Picture
from media.wire import HEADER, Broke, Done, Raised, Request, pack, unpack
from tests.media.pictures import encode, quarters


def served(*requests: Request) -> list[object]:
    answers = io.BytesIO()
    serve(io.BytesIO(b"".join(pack(request) for request in requests)), answers)
    answers.seek(0)
    found = []
    while header := answers.read(HEADER):
        found.append(unpack(answers.read(int.from_bytes(header, "big"))))
    return found


def request(job: str, *arguments: object) -> Request:
    return Request(job=job, arguments=arguments, seconds=20.0)


def test_it_does_exactly_the_jobs_that_the_worker_hands_out() -> None:
    assert set(JOBS) == {
        "check_picture",
        "check_sound",
        "draw_bars",
        "fit",
        "missing_codecs",
        "poster",
        "probe",
    }


def test_it_answers_each_request_in_turn_until_the_input_ends() -> None:
    good, empty, wrong, unknown = served(
        request("check_picture", encode(quarters(), "PNG")),
        request("check_picture", b""),
        request("probe", 3),
        request("format_disk", Path("/")),
    )

    assert isinstance(good, Done)
    assert isinstance(good.value, Picture)
    assert isinstance(empty, Raised)
    assert isinstance(empty.error, EmptyPicture)
    assert isinstance(wrong, Broke)
    assert "AttributeError" in wrong.trace
    assert isinstance(unknown, Broke)
    assert "KeyError: 'format_disk'" in unknown.trace


def test_an_input_that_breaks_off_ends_it() -> None:
    assert served() == []
    serve(io.BytesIO(b"\0\0\0"), answers := io.BytesIO())
    assert answers.getvalue() == b""


def test_it_takes_nothing_but_requests() -> None:
    with pytest.raises(TypeError, match="read a Done, expected a Request"):
        serve(io.BytesIO(pack(Done(value=1))), io.BytesIO())
