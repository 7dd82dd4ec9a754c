"""The vendor's list of models is read whatever its entries look like (AKOOL.md 4)."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from akool import protocol
from akool.protocol import Answer

MODELS = protocol.models()


def answer(data: object) -> Answer:
    return Answer(status=200, body=json.dumps({"code": 1000, "data": data}).encode())


def model_row(**fields: object) -> dict[str, object]:
    return {"value": "m", "type": 1501, **fields}


@pytest.mark.parametrize(
    ("data", "values"),
    [
        (None, []),
        ({}, []),
        ([], []),
        ("none", []),
        ([None, 7, {}, {"label": "nameless"}], []),
        ({"result": [{"value": "m"}]}, ["m"]),
        ({"list": [{"value": "m"}]}, ["m"]),
        ([model_row(type=1502), model_row(type="1501", value="n")], ["n"]),
        ([model_row(), model_row(label="again")], ["m"]),
        (
            [model_row(value="a"), model_row(value="b", sort=2), model_row(value="c", sort="10")],
            ["c", "b", "a"],
        ),
        ([model_row(value="a", sort=1), model_row(value="b", sort=1)], ["a", "b"]),
    ],
)
def test_models_are_those_of_our_type_highest_sort_first(data: object, values: list[str]) -> None:
    assert [model.value for model in MODELS.read(answer(data))] == values


# AKOOL.md 4, row by row.
MODEL_FIELDS: list[tuple[str, str, list[tuple[object, object]]]] = [
    ("sort", "sort", [(3, Decimal(3)), ("3", Decimal(3)), ("x", None)]),
    ("group", "group", [("g", "g"), (None, "")]),
    ("provider", "provider", [("akool", "akool"), ([], "")]),
    ("label", "label", [("Akool Basic", "Akool Basic"), (None, "m"), (7, "7")]),
    ("name", "label", [("Named", "Named"), (None, "m")]),
    ("description", "description", [("long", "long"), (None, "")]),
    ("isPro", "pro", [(True, True), ("true", True), (0, False), (None, False)]),
    ("requiresPay", "requires_pay", [(True, True), (False, False), ("x", False)]),
    ("durationList", "durations",
     [([5, 10], (5, 10)), (["5", 10.0, 5], (5, 10)), (5, (5,)), (None, ()), ([0, -5, "x"], ())]),
    ("supportedLastFrame", "last_frame", [(True, True), (1, True), (None, False)]),
    ("supportedExtendPrompt", "extend_prompt", [(True, True), ({}, False)]),
    ("maxImageCount", "most_images", [(1, 1), (None, None), (0, None)]),
    ("maxCount", "most_clips", [(4, 4), ("4", 4), (-1, None), ("all", None)]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("wire", "name", "given", "expected"),
    [
        pytest.param(wire, name, given, expected, id=f"{wire}={given!r:.40}")
        for wire, name, cases in MODEL_FIELDS
        for given, expected in cases
    ],
)
def test_a_field_of_a_model_is_read_in_every_spelling(
    wire: str, name: str, given: object, expected: object
) -> None:
    (model,) = MODELS.read(answer([model_row(**{wire: given})]))
    assert getattr(model, name) == expected


@pytest.mark.parametrize(
    ("given", "multiplier"),
    [
        ({"required": False, "type": True, "default": False, "extra_credit_multiplier": 2}, "2"),
        ({"extra_credit_multiplier": "1.25"}, "1.25"),
        ({"extra_credit_multiplier": -1}, None),
        ({"required": False}, None),
        (True, None),
        (1, None),
    ],
)
def test_a_model_makes_sound_when_its_entry_says_something(
    given: object, multiplier: str | None
) -> None:
    (model,) = MODELS.read(answer([model_row(generate_audio=given)]))
    assert model.audio is not None
    assert model.audio.multiplier == (None if multiplier is None else Decimal(multiplier))


def test_sound_that_is_required_or_on_by_default_is_told() -> None:
    entry = {"required": True, "default": "true"}
    (model,) = MODELS.read(answer([model_row(generate_audio=entry)]))
    assert model.audio is not None
    assert (model.audio.required, model.audio.default) == (True, True)


@pytest.mark.parametrize("given", [None, False, 0, "", {}, []])
def test_a_model_without_a_word_on_sound_makes_none(given: object) -> None:
    (model,) = MODELS.read(answer([model_row(generate_audio=given)]))
    assert model.audio is None


def test_resolutions_are_read_whatever_their_shape_and_keep_their_spelling() -> None:
    listed = [
        {"value": "1080P", "label": "HD", "unit_credit": "4.5", "durationList": [5]},
        "768P",
        {"value": "720p", "unit_credit": None, "width": "wide"},
        {"value": "720p"},
        {"label": "none"},
        None,
    ]
    (model,) = MODELS.read(answer([model_row(resolutionList=listed)]))
    assert [(one.value, one.label, one.unit_credit) for one in model.resolutions] == [
        ("1080P", "HD", Decimal("4.5")),
        ("768P", "768P", None),
        ("720p", "720p", None),
    ]
    assert model.resolutions[0].durations == (5,)
