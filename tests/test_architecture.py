"""The shape of the repository: where things are, who imports whom, what must agree."""

from __future__ import annotations

import ast
import importlib.util
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from dotenv import dotenv_values
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from settings import Settings, variables

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
ADAPTERS_AND_DOMAIN = ("akool", "billing", "cogs", "jobs", "media", "storage", "web")
PACKAGES = (*ADAPTERS_AND_DOMAIN, "sandbox")
TOP_LEVEL = (*sorted(path.stem for path in ROOT.glob("*.py")), *PACKAGES)
LOCKS = ("requirements.lock", "requirements-dev.lock")

SQL = re.compile(
    r"\s*(SELECT\s.*\sFROM\s|INSERT\s+(OR\s+\w+\s+)?INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s"
    r"|(CREATE|ALTER|DROP)\s+(TABLE|INDEX|UNIQUE|VIEW)\s|WITH\s+\w+\s+AS\s*\(|PRAGMA\s|BEGIN\b"
    r"|COMMIT\b|ROLLBACK\b|SAVEPOINT\s)",
    re.DOTALL,
)


def modules() -> list[Path]:
    folders = [ROOT / name for name in (*PACKAGES, "tests", "bench")]
    found = [*ROOT.glob("*.py"), *(path for folder in folders for path in folder.rglob("*.py"))]
    return sorted(found)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def sql_in(path: Path) -> list[str]:
    strings = [node.value for node in ast.walk(tree(path)) if isinstance(node, ast.Constant)]
    return [text for text in strings if isinstance(text, str) and SQL.match(text)]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


# -- names and files ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", TOP_LEVEL)
def test_a_top_level_name_is_ours_and_not_some_package_that_is_installed(name: str) -> None:
    found = importlib.util.find_spec(name)
    assert found is not None
    assert found.origin is not None
    assert Path(found.origin).is_relative_to(ROOT)
    assert ".venv" not in Path(found.origin).relative_to(ROOT).parts


def test_every_module_begins_with_a_docstring_of_its_own() -> None:
    said: dict[str, str] = {}
    for path in modules():
        first = (ast.get_docstring(tree(path)) or "").partition("\n")[0]
        assert first, f"{named(path)} has no docstring"
        assert path.read_text(encoding="utf-8").startswith(('"""', 'r"""', "#!")), named(path)
        assert first not in said, f"{named(path)} says the same as {said[first]}: {first}"
        said[first] = named(path)
    assert len(said) > len(TOP_LEVEL)


def test_no_file_is_longer_than_400_lines() -> None:
    lengths = {named(path): len(path.read_text("utf-8").splitlines()) for path in modules()}
    assert {name: length for name, length in lengths.items() if length > 400} == {}


# -- who imports whom --------------------------------------------------------------------------


def test_the_import_contracts_are_kept() -> None:
    # In a process of its own: the linter switches off every logger that exists.
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    linted = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    assert linted.returncode == 0, linted.stdout


def test_nothing_imports_the_composition_root() -> None:
    importers = [named(path) for path in modules() if "bot" in set(imported(path))]
    assert [name for name in importers if not name.startswith("tests/")] == []


@pytest.mark.parametrize("package", ["akool", "billing", "jobs", "media", "storage", "web"])
def test_only_the_outermost_code_knows_the_settings(package: str) -> None:
    for path in (ROOT / package).rglob("*.py"):
        assert "settings" not in set(imported(path)), named(path)


def test_sql_is_in_storage_alone() -> None:
    outside = [
        path
        for path in modules()
        if path.relative_to(ROOT).parts[0] not in ("storage", "tests", "bench")
    ]
    assert {named(path): sql_in(path) for path in outside if sql_in(path)} == {}
    assert sum(len(sql_in(path)) for path in (ROOT / "storage").rglob("*.py")) > 20


# -- settings ----------------------------------------------------------------------------------


def env_example() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    matches = [re.fullmatch(r"(?:# )?([A-Z_]+)=(.*)", line) for line in lines]
    return {match[1]: match[2] for match in matches if match}


def test_the_example_has_every_variable_with_its_default() -> None:
    assert env_example() == {each.name: each.default for each in variables()}


def test_the_example_says_what_each_variable_means() -> None:
    blocks = (ROOT / ".env.example").read_text(encoding="utf-8").split("\n\n")
    for each in variables():
        line = re.compile(rf"^(# )?{each.name}=", re.MULTILINE)
        block = next(block for block in blocks if line.search(block))
        assert f"# {each.meaning}\n" in block, each.name


def test_the_example_filled_in_is_what_the_defaults_are(tmp_path: Path) -> None:
    needed = {"DISCORD_TOKEN": "token", "AKOOL_API_KEY": "key"}
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    (tmp_path / ".env").write_text(re.sub(r"^# (?=[A-Z_]+=)", "", text, flags=re.MULTILINE))
    filled = {name: value or "" for name, value in dotenv_values(tmp_path / ".env").items()}
    assert Settings.from_env(filled | needed) == Settings.from_env(needed)


def test_the_operators_table_is_the_settings_table() -> None:
    page = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([A-Z_]+)` \| (?:`(.*?)`|none) \| (.*?) \|$", page, re.MULTILINE)
    assert rows == [(each.name, each.default, each.meaning) for each in variables()]


# -- what is installed -------------------------------------------------------------------------


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def locked(name: str) -> list[Requirement]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return [Requirement(line.removesuffix(" \\")) for line in lines if re.match(r"[a-z]", line)]


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_names_no_host(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert re.findall(r"//|\bindex\b|find-links|\w\.(?:org|com|io|net)\b", text) == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_version_has_hashes(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    entries = re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)[1:]
    assert len(entries) == len(locked(name)) > 10
    for entry in entries:
        assert re.match(r"\S+==\S+ ", entry)
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_has_what_the_project_asks_for(name: str) -> None:
    wanted = project()["project"]["dependencies"]
    if name == "requirements-dev.lock":
        wanted = wanted + project()["dependency-groups"]["dev"]
    versions = locked(name)
    for line in wanted:
        asked = Requirement(line)
        pinned = [each for each in versions if each.name == canonicalize_name(asked.name)]
        assert pinned, f"{asked.name} is not in {name}: run `make lock`"
        for each in pinned:
            version = str(each.specifier).removeprefix("==")
            assert asked.specifier.contains(version, prereleases=True), f"{each}: run `make lock`"


def test_the_bot_runs_on_versions_that_are_tested() -> None:
    tested = {(each.name, str(each.specifier)) for each in locked("requirements-dev.lock")}
    assert {(each.name, str(each.specifier)) for each in locked("requirements.lock")} <= tested


def test_the_image_holds_the_bot_and_neither_sandbox_nor_tests() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in lines
    let_in = {line.removeprefix("!") for line in lines if line.startswith("!")}
    assert {"*.py", *ADAPTERS_AND_DOMAIN} <= let_in
    assert not {"sandbox", "tests", "bench", ".env", ".git", "data"} & let_in
    assert {name for name in let_in if not list(ROOT.glob(name))} == set()
