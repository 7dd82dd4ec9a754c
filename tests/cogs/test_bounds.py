"""In no language is a label, hint, title or description longer than Discord allows."""

from __future__ import annotations

import ast
import importlib
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any, Final

import pytest

import cogs
from cogs import EXTENSIONS, forms, use_forms
from cogs.dynamic import Press
from cogs.language import ENGLISH, LOCALES, Counted, Phrase, speaking
from jobs.asking import Animate, Upload
from jobs.catalogue import Catalogue, Effect
from jobs.effects import Effected
from jobs.forms import MOST_PICTURES, Form, FormKind
from jobs.model import Picture, Track
from tests.cogs.scenes import SEEDANCE
from tests.fakes import START

if TYPE_CHECKING:
    from collections.abc import Iterator

    import discord

    from tests.cogs.scenes import Scene

EVERY_LANGUAGE: Final = (ENGLISH, *LOCALES)

# Discord's reference, "Application Command Structure", "Component Reference", "Modal".
DESCRIPTION, CHOICE, BUTTON, PLACEHOLDER, TITLE, LABEL, HINT, OPTION = (
    100, 100, 80, 150, 45, 45, 100, 100,
)  # fmt: skip
COMMAND: Final = 8000
"""Characters of a command with all its options, in its longest language."""

BOUNDS: Final = {
    ("Button", "label"): BUTTON,
    ("Choice", "name"): CHOICE,
    ("Label", "description"): HINT,
    ("Label", "text"): LABEL,
    ("Modal", "title"): TITLE,
    ("Select", "placeholder"): PLACEHOLDER,
    ("SelectOption", "description"): OPTION,
    ("SelectOption", "label"): OPTION,
    ("TextInput", "label"): LABEL,
    ("TextInput", "placeholder"): 100,
    ("UserSelect", "placeholder"): PLACEHOLDER,
    ("ChannelSelect", "placeholder"): PLACEHOLDER,
    ("RoleSelect", "placeholder"): PLACEHOLDER,
}


# --- commands -----------------------------------------------------------------------------------


def registered(scene: Scene) -> list[dict[str, Any]]:
    """Return what the commands were registered with."""
    sent = [one for one in scene.env.http_requests if one.path.endswith("/commands")]
    commands = sent[-1].json
    assert isinstance(commands, list)
    return commands


def parts(of: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a command or option and all that is inside it."""
    yield of
    for inner in of.get("options") or ():
        yield from parts(inner)


async def test_descriptions_fit_and_are_sent_in_every_language(scene: Scene) -> None:
    found = [part for command in registered(scene) for part in parts(command)]
    for part in found:
        said = part.get("description_localizations") or {}
        for text in (part.get("description") or "", *said.values()):
            assert len(text) <= DESCRIPTION, text
        for choice in part.get("choices") or ():
            for text in (choice["name"], *(choice.get("name_localizations") or {}).values()):
                assert len(text) <= CHOICE, text
    untold = [
        part["name"]
        for part in found
        if part.get("description")
        and set(part.get("description_localizations") or ()) < set(LOCALES)
    ]
    assert untold == []


async def test_names_are_english_everywhere(scene: Scene) -> None:
    for command in registered(scene):
        for part in parts(command):
            assert not part.get("name_localizations"), part["name"]


async def test_a_command_is_not_too_large_in_its_longest_language(scene: Scene) -> None:
    for command in registered(scene):
        assert sum(map(longest, parts(command))) <= COMMAND, command["name"]


def longest(part: dict[str, Any]) -> int:
    said = (part.get("description_localizations") or {}).values()
    size = len(part["name"]) + max(map(len, (part.get("description") or "", *said)))
    for choice in part.get("choices") or ():
        names = (choice["name"], *(choice.get("name_localizations") or {}).values())
        size += max(map(len, names)) + len(str(choice["value"]))
    return size


# --- buttons, lists and forms ---------------------------------------------------------------------


@pytest.mark.parametrize("locale", EVERY_LANGUAGE)
def test_buttons_fit(locale: str) -> None:
    modules = [importlib.import_module(each) for each in EXTENSIONS]
    kinds = {
        kind
        for one in modules
        for kind in vars(one).values()
        if isinstance(kind, type) and issubclass(kind, Press) and kind is not Press
    }
    with speaking(locale):
        said = [kind.label() for kind in kinds]
    assert len(said) > 5
    assert [text for text in said if len(text) > BUTTON] == []


@cache
def shown() -> tuple[tuple[str, Phrase | Counted, int], ...]:
    """Return the phrases that are handed to components by name, with their bounds."""
    found = []
    for path in sorted(Path(cogs.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            kind = ast.unparse(node.func).rpartition(".")[2].partition("[")[0]
            for keyword in node.keywords:
                bound = BOUNDS.get((kind, keyword.arg or ""))
                named = re.fullmatch(
                    r"(\w*words)\.([A-Z_]+)(\(.*\)|\.english)", ast.unparse(keyword.value)
                )
                if bound is not None and named is not None:
                    phrase = getattr(importlib.import_module(f"cogs.{named[1]}"), named[2])
                    found.append((f"{path.name}: {named[0]}", phrase, bound))
    return tuple(found)


@pytest.mark.parametrize("locale", EVERY_LANGUAGE)
def test_what_is_handed_to_components_fits(locale: str) -> None:
    assert len(shown()) >= 5
    with speaking(locale):
        for where, phrase, bound in shown():
            said = phrase(10) if isinstance(phrase, Counted) else phrase(**filled(phrase))
            assert len(said) <= bound, f"{locale}: {where}: {said}"


def filled(phrase: Phrase) -> dict[str, object]:
    return {name: 10 for _, name, _, _ in Formatter().parse(phrase.english) if name}


def a_form(kind: FormKind, pictures: int = 0, uploads: int = 0) -> Form:
    return Form(
        id=1,
        kind=kind,
        guild_id=1,
        user_id=2,
        asked=Animate(prompt="steam rises"),
        pictures=tuple(Picture(key=f"{number}.png") for number in range(pictures)),
        uploads=tuple(Upload(link="x", name="x", size=1) for _ in range(uploads)),
        created_at=START,
    )


def every_form() -> Iterator[discord.ui.Modal]:
    catalogue = Catalogue()
    catalogue.replace_effects((Effect(code="squish_1", name="Squish"),), START)
    asked = Effected(effect="squish_1", resolution="720p", seconds=5, sound=True)
    kept = replace(
        a_form(FormKind.EDIT, pictures=1),
        asked=asked,
        track=Track(key="a.mp3", link="x", bytes=1, seconds=1),
    )
    yield forms._modal(kept, catalogue)
    yield forms._modal(a_form(FormKind.BATCH), catalogue)
    yield forms._modal(a_form(FormKind.BATCH, pictures=MOST_PICTURES), catalogue)
    yield forms._modal(a_form(FormKind.MENU, uploads=MOST_PICTURES), catalogue)
    yield forms._modal(a_form(FormKind.EDIT, pictures=1), catalogue)
    yield use_forms.model_form(SEEDANCE)
    yield use_forms.effect_form(Effect(code="squish_1", name="Squish"))


@pytest.mark.parametrize("locale", EVERY_LANGUAGE)
async def test_forms_fit(locale: str) -> None:
    with speaking(locale):
        drawn = [form.to_dict() for form in every_form()]
    for form in drawn:
        assert len(form["title"]) <= TITLE
        for field in form["components"]:
            assert len(field["label"]) <= LABEL, field
            assert len(field.get("description") or "") <= HINT, field
            for option in field["component"].get("options") or ():
                assert len(option["label"]) <= OPTION, option
