"""The papers are true where a machine can tell: links, targets, permissions, commands, licences."""

from __future__ import annotations

import importlib
import re
import subprocess
from functools import cache
from pathlib import Path

import discord
import pytest
from discord import app_commands
from discord.ext import commands

from cogs import EXTENSIONS
from cogs.dynamic import Press

ROOT = Path(__file__).resolve().parent.parent
PERMISSIONS = {
    "View Channels": "view_channel",
    "Send Messages": "send_messages",
    "Send Messages in Threads": "send_messages_in_threads",
    "Attach Files": "attach_files",
    "Read Message History": "read_message_history",
}


def pages() -> list[Path]:
    return sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("sandbox/**/*.md")])


@cache
def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def prose(path: Path) -> str:
    return re.sub(r"^```.*?^```", "", text(path), flags=re.MULTILINE | re.DOTALL)


def anchors(path: Path) -> set[str]:
    """Return the fragments of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", prose(path), re.MULTILINE)
    kept = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in kept}


def links() -> list[tuple[Path, str]]:
    found = [
        (page, link) for page in pages() for link in re.findall(r"\]\(([^)\s]+)\)", prose(page))
    ]
    return [(page, link) for page, link in found if not link.startswith(("http://", "https://"))]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_there_are_links_to_look_at() -> None:
    assert len(links()) > 10


@pytest.mark.parametrize(("page", "link"), links(), ids=lambda value: str(value).rpartition("/")[2])
def test_a_link_within_the_repository_leads_somewhere(page: Path, link: str) -> None:
    target, _, fragment = link.partition("#")
    path = (page.parent / target).resolve() if target else page
    assert path.is_relative_to(ROOT)
    assert path.exists(), f"{name(page)} links to {link}"
    assert not fragment or fragment in anchors(path), f"{name(page)} links to {link}"


def test_every_page_of_the_docs_is_linked_from_somewhere() -> None:
    reached = {(page.parent / link.partition("#")[0]).resolve() for page, link in links()}
    folders = {path for path in reached if path.is_dir()}
    lonely = [page for page in ROOT.glob("docs/**/*.md") if page not in reached | folders]
    assert [name(page) for page in lonely if page.parent not in folders] == []


def test_the_files_that_the_papers_name_exist() -> None:
    top = "|".join(path.name for path in ROOT.iterdir() if path.is_dir())
    named = {
        (name(page), path)
        for page in pages()
        for path in re.findall(rf"`((?:{top})/[\w./-]*)`", text(page))
        if "NNNN" not in path and not path.startswith(("data/", "demo-out/"))
    }
    assert len(named) > 20
    assert {(page, path) for page, path in named if not (ROOT / path).exists()} == set()


def test_the_make_targets_that_the_papers_name_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):.*##", makefile, re.MULTILINE))
    named = {
        (name(page), target)
        for page in pages()
        for target in re.findall(r"(?:`|^)make ([a-z]+)", text(page), re.MULTILINE)
    }
    assert {target for _, target in named} >= {"demo", "sandbox", "test", "check", "run"}
    assert {(page, target) for page, target in named if target not in targets} == set()


def test_make_alone_lists_the_targets() -> None:
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S607
    assert "make demo" in listed
    assert "make test" in listed


def test_the_invite_link_asks_for_exactly_the_permissions_that_the_readme_names() -> None:
    readme = text(ROOT / "README.md")
    links_found = re.findall(r"oauth2/authorize\?\S+", readme)
    assert len(links_found) == 1
    assert "scope=bot+applications.commands" in links_found[0]
    asked = re.search(r"permissions=(\d+)", links_found[0])
    assert asked is not None
    wanted = discord.Permissions(**dict.fromkeys(PERMISSIONS.values(), True))
    assert int(asked[1]) == wanted.value
    *first, last = PERMISSIONS
    assert f"{', '.join(first)} and {last}" in " ".join(readme.split())


def test_every_package_that_the_bot_installs_has_its_licence_named() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = set(re.findall(r"^([a-z0-9-]+)==", lock, re.MULTILINE))
    listed = re.findall(
        r"^\| ([a-z0-9-]+)(?: \(.*?\))? \|", text(ROOT / "docs" / "licences.md"), re.MULTILINE
    )
    assert set(listed) - {"part", "package", "x264", "x265"} == locked


def test_every_decision_has_its_number_and_its_three_parts() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [page.name[:4] for page in decisions] == [
        f"{i:04}" for i in range(1, len(decisions) + 1)
    ]
    for page in decisions:
        assert text(page).startswith(f"# {int(page.name[:4])}. ")
        headings = re.findall(r"^## (.+)$", text(page), re.MULTILINE)
        assert headings == ["Context", "Decision", "Consequences"], name(page)
        assert "Given up: " in text(page), name(page)


def kinds() -> set[type]:
    """Return the classes that the extensions are made of."""
    modules = [importlib.import_module(each) for each in EXTENSIONS]
    return {kind for one in modules for kind in vars(one).values() if isinstance(kind, type)}


def slash_commands() -> dict[str, set[str]]:
    """Return the name of every command with those of its options; a group's with its name."""
    cogs = [kind for kind in kinds() if issubclass(kind, commands.Cog)]
    found = [one for cog in cogs for one in cog.__cog_app_commands__]
    found += [one for group in groups() for one in group.walk_commands()]
    return {
        one.qualified_name: {option.display_name for option in one.parameters}
        for one in found
        if isinstance(one, app_commands.Command)
    }


def groups() -> set[app_commands.Group]:
    """Return the groups of commands that the extensions define."""
    modules = [importlib.import_module(each) for each in EXTENSIONS]
    return {
        one
        for module in modules
        for one in vars(module).values()
        if isinstance(one, app_commands.Group)
    }


def test_every_command_is_described_with_all_of_its_options_and_no_other_is() -> None:
    page = text(ROOT / "docs" / "commands.md")
    described = dict(
        re.findall(r"^##+ /([a-z -]+)$(.*?)(?=^##+ |\Z)", page, re.MULTILINE | re.DOTALL)
    )
    for group in groups():
        described.pop(group.name, None)
    assert {"animate", "credits"} <= set(described) == set(slash_commands())
    for command, options in slash_commands().items():
        rows = re.findall(r"^\| (`.*?`) \|", described[command], re.MULTILINE)
        assert set(re.findall(r"`([a-z_]+)`", " ".join(rows))) == options, command


def test_every_button_is_described() -> None:
    page = text(ROOT / "docs" / "commands.md")
    labels = {
        kind.label.english for kind in kinds() if issubclass(kind, Press) and kind is not Press
    }
    assert labels >= {"Again", "Delete", "Confirm", "Cancel"}
    assert {label for label in labels if f"**{label}**" not in page} == set()
