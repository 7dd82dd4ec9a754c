"""The vendor's documents are read whatever is missing from them, added to them or odd in them."""

from __future__ import annotations

import json

import pytest

from akool import protocol
from akool.errors import AccountBlocked, AkoolError, InDoubt, Refused
from akool.models import BatchAnswer, DeleteAnswer, ItemError, VendorClip, VendorStatus
from akool.protocol import Answer
from tests.akool.orders import AUDIO, BATCH, SINGLE

ONE = protocol.create_one(SINGLE)
MANY = protocol.create_batch(BATCH)
LOOK = protocol.results(["a"])
SOUND = protocol.update_audio(AUDIO)
DELETE = protocol.delete(["a"])
EFFECTS = protocol.effects()
BALANCE = protocol.balance()


def answer(data: object, code: object = 1000, status: int = 200) -> Answer:
    content = {"code": code, "msg": "words", "data": data}
    return Answer(status=status, body=json.dumps(content).encode())


def look(**fields: object) -> VendorClip:
    (clip,) = LOOK.read(answer({"result": [{"_id": "a", **fields}]}))
    return clip


# The response fields of AKOOL.md 3.1, 3.2, 3.3 and 3.5 that are read, in the spellings they may
# come in, and in ones that mean nothing.
FIELDS: list[tuple[str, str, list[tuple[object, object]], list[object], object]] = [
    (
        "status",
        "status",
        [
            (1, VendorStatus.QUEUED),
            (2, VendorStatus.PROCESSING),
            (3, VendorStatus.COMPLETED),
            (4, VendorStatus.FAILED),
            ("3", VendorStatus.COMPLETED),
            (3.0, VendorStatus.COMPLETED),
        ],
        [None, 0, 5, -1, 3.5, "done", True, [], {}],
        VendorStatus.UNKNOWN,
    ),
    (
        "video_url",
        "video_url",
        [("https://cdn.invalid/a.mp4?s=%2F", "https://cdn.invalid/a.mp4?s=%2F"),
         ("http://127.0.0.1:1/a", "http://127.0.0.1:1/a"),
         (" https://cdn.invalid/a ", "https://cdn.invalid/a")],
        [None, "", 7, [], "file:///etc/passwd", "ftp://a/b", "https://", "a.mp4",
         "https://a/b c", "https://a/\nb", "https://a/" + "x" * 5000],
        None,
    ),
    (
        "deduction_credit",
        "deduction_credit",
        [(0, 0), (5, 5), ("5", 5), (4.2, 5), ("4.2", 5), (5.0, 5)],
        [None, -5, "five", True, [], {}, 10**30, "9" * 60, "1e999999999"],
        None,
    ),
    (
        "create_time",
        "created_at",
        [(1754362985482, 1754362985482), ("1754362985482", 1754362985482)],
        [None, 1.5, "yesterday", "2025-08-05T03:03:05Z", {}, 10**20],
        None,
    ),
    (
        "update_time",
        "updated_at",
        [(1754374394023, 1754374394023), (1754374394023.0, 1754374394023)],
        [None, "", []],
        None,
    ),
    (
        "video_duration",
        "duration",
        [(5.063, 5.063), ("5.063", 5.063), (5, 5.0)],
        [None, "long", {}, False],
        None,
    ),
    ("resolution", "resolution", [("4k", "4k"), (720, "720")], [None, [], True], ""),
    ("model_name", "model", [("m/1", "m/1")], [None, {}], ""),
    ("batch_id", "batch_id", [("1754362985482_101400", "1754362985482_101400"), (7, "7")],
     [None, []], ""),
    ("batch_count", "batch_count", [(3, 3), ("3", 3)], [None, "three", 2.5], None),
    ("pre_video_id", "pre_video_id", [("6891a07f", "6891a07f")], [None, "", "a,b", {}], None),
    (
        "only_add_audio",
        "only_add_audio",
        [(True, True), (1, True), ("true", True), (False, False), ("0", False)],
        [None, "perhaps", 2, [], 1.0],
        False,
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("wire", "name", "given", "expected"),
    [
        pytest.param(wire, name, given, expected, id=f"{wire}={given!r:.40}")
        for wire, name, good, odd, absent in FIELDS
        for given, expected in [*good, *((value, absent) for value in odd)]
    ],
)
def test_a_field_is_read_in_every_spelling_or_counts_as_absent(
    wire: str, name: str, given: object, expected: object
) -> None:
    assert getattr(look(**{wire: given}), name) == expected


def test_a_document_with_nothing_but_its_id_is_a_clip() -> None:
    (clip,) = LOOK.read(answer({"result": [{"_id": "a"}]}))
    assert clip == VendorClip(id="a", status=VendorStatus.UNKNOWN)


def test_unknown_fields_are_kept_but_do_not_matter() -> None:
    assert look(sub_type=1501, cover_url=[], uid="x") == look()
    assert look(sub_type=1501).raw["sub_type"] == 1501


@pytest.mark.parametrize(
    "unread",
    ["uid", "team_id", "webhookUrl", "file_name", "effect_name", "image_url", "prompt",
     "negative_prompt", "extend_prompt", "last_image_url", "audio_type", "audio_url",
     "effect_code", "sub_type", "cover_url"],
)  # fmt: skip
@pytest.mark.parametrize("value", [None, 7, "x", [], {"a": 1}])
def test_a_field_that_nobody_needs_may_hold_anything(unread: str, value: object) -> None:
    assert look(**{unread: value}) == look()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"failed_reason": "too dark"}, "too dark"),
        ({"msg": "no face"}, "no face"),
        ({"error": {"deep": 1}, "fail_msg": "flat"}, "flat"),
        ({"error_message": "https://cdn.invalid/a.png"}, "[link]"),
        ({}, ""),
    ],
)
def test_a_failed_clip_tells_the_reason_it_was_given(fields: dict[str, object], words: str) -> None:
    assert look(status=4, **fields).failure == words
    assert look(status=3, **fields).failure == ""


def test_neither_link_nor_reason_nor_document_shows_in_a_clips_repr() -> None:
    clip = look(status=4, video_url="https://cdn.invalid/a.mp4", msg="why", prompt="a cat")
    assert "cdn" not in repr(clip)
    assert "why" not in repr(clip)
    assert "cat" not in repr(clip)


@pytest.mark.parametrize(
    ("data", "ids"),
    [
        (None, []),
        ({}, []),
        ({"result": None}, []),
        ({"result": []}, []),
        ({"result": [None, 7, "a", [], {}, {"_id": None}]}, []),
        ({"result": {"_id": "a"}}, ["a"]),
        ([{"_id": "a"}], ["a"]),
        ({"result": [{"_id": "b"}, {"_id": "a"}]}, ["b", "a"]),
        ({"result": [{"_id": "a"}, {"_id": "a"}, {"_id": 7}]}, ["a", "7"]),
    ],
)
def test_results_are_what_has_an_id(data: object, ids: list[str]) -> None:
    assert [clip.id for clip in LOOK.read(answer(data))] == ids


# --- creates --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "answered"),
    [
        ({"successList": [{"_id": "a"}]}, (("a",), ())),
        ({"successList": [{"_id": "a"}, {"_id": "a"}], "errorList": None}, (("a",), ())),
        ({"successList": {"_id": "a"}, "errorList": "no"}, (("a",), (ItemError(message="no"),))),
        ({"_id": "a"}, (("a",), ())),
        ([{"_id": "a"}, {"_id": "b"}], (("a", "b"), ())),
        ({"successList": [], "errorList": ["no", "no"]}, ((), (ItemError(message="no"),) * 2)),
        ({"errorList": [1006]}, ((), (ItemError(message="1006"),))),
        ({"errorList": [{"code": "1003"}]}, ((), (ItemError(code=1003),))),
        ({"errorList": [{"_id": "a", "msg": "no"}]}, ((), (ItemError(message="no", id="a"),))),
        (
            {"errorList": [{"error": {"code": 1006, "message": "no"}}]},
            ((), (ItemError(code=1006, message="no"),)),
        ),
        ({"errorList": {"msg": "no"}}, ((), (ItemError(message="no"),))),
        ({"errorList": [{"odd": 1}, ["x"]]}, ((), (ItemError(), ItemError()))),
    ],
)
def test_a_batch_answer_of_any_shape_is_read(
    data: object, answered: tuple[tuple[str, ...], tuple[ItemError, ...]]
) -> None:
    found = MANY.read(answer(data))
    assert (tuple(clip.id for clip in found.created), found.refused) == answered


@pytest.mark.parametrize(("code", "status"), [(1006, 200), (1015, 200), (None, 200), (1000, 502)])
def test_an_id_counts_as_made_whatever_stands_beside_it(code: object, status: int) -> None:
    assert ONE.read(answer({"_id": "a"}, code, status)).id == "a"
    assert SOUND.read(answer({"_id": "a"}, code, status)).id == "a"
    found = MANY.read(answer({"successList": [{"_id": "a"}], "errorList": ["no"]}, code, status))
    assert found == BatchAnswer(
        created=(VendorClip(id="a", status=VendorStatus.UNKNOWN),),
        refused=(ItemError(message="no"),),
    )


def test_a_refused_batch_is_an_error_even_with_a_list_of_refusals() -> None:
    with pytest.raises(AccountBlocked):
        MANY.read(answer({"successList": [], "errorList": ["no credit"]}, 1006))


def test_new_sound_never_takes_the_old_clip_for_the_new_one() -> None:
    with pytest.raises(InDoubt):
        SOUND.read(answer({"_id": AUDIO.video_id}))
    with pytest.raises(Refused):
        SOUND.read(answer({"_id": AUDIO.video_id}, 1010))


# --- the rest -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "gone", "kept"),
    [
        (None, (), ()),
        ({"successIds": None, "noPermissionItems": None}, (), ()),
        ({"successIds": ["a", "a", 7, None, "b,c"]}, ("a", "7"), ()),
        ({"successIds": "a"}, ("a",), ()),
        (
            {"noPermissionItems": [{"_id": "a"}, "b"]},
            (),
            (ItemError(id="a"), ItemError(message="b")),
        ),
    ],
)
def test_a_deletion_tells_what_is_gone_and_what_was_kept(
    data: object, gone: tuple[str, ...], kept: tuple[ItemError, ...]
) -> None:
    assert DELETE.read(answer(data)) == DeleteAnswer(deleted=gone, kept=kept)


def test_an_effect_without_a_code_is_left_out_and_one_without_a_name_is_called_by_its_code() -> (
    None
):
    listed = [{"effect_code": "b", "logo": "none", "video_url": 3}, {"name": "A"}, None, "x"]
    (effect,) = EFFECTS.read(answer({"result": listed}))
    assert (effect.code, effect.name, effect.logo_url, effect.video_url) == ("b", "b", None, None)
    assert EFFECTS.read(answer(None)) == ()


@pytest.mark.parametrize(
    ("credit", "left"), [(123, 123), ("123", 123), (99.9, 99), (-0.5, -1), (0, 0)]
)
def test_a_balance_is_rounded_down(credit: object, left: int) -> None:
    assert BALANCE.read(answer({"credit": credit})).credits == left


def test_item_errors_hide_the_vendors_words_in_their_repr() -> None:
    (item,) = MANY.read(answer({"errorList": [{"msg": "your prompt: cat"}]})).refused
    assert item.message == "your prompt: cat"
    assert "cat" not in repr(item)


def test_errors_hide_the_vendors_words_in_their_text() -> None:
    with pytest.raises(AkoolError) as caught:
        ONE.read(answer(None, 1003))
    assert "words" not in str(caught.value)
    assert "words" not in repr(caught.value)
    assert "words" not in repr(caught.value.evidence)
    assert caught.value.vendor_message == "words"
