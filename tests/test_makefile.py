"""What `make` does with an environment that is whole, and with one that is not any more."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

_MAKES = {"MAKEFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "MFLAGS"}
"""What a `make` tells those below it, which then print where they are."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a folder with the Makefile, and an environment that was set up once."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "requirements-dev.lock").touch()
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / ".ready").touch()
    return tmp_path


def planned(folder: Path) -> str:
    """Return what `make demo` would run, also where these tests are run by a `make` themselves."""
    asked = ["make", "--dry-run", "demo", f"PYTHON={sys.executable}"]
    own = {name: value for name, value in os.environ.items() if name not in _MAKES}
    told = subprocess.run(  # noqa: S603
        asked, cwd=folder, env=own, capture_output=True, text=True, check=True
    )
    return told.stdout


def test_a_whole_environment_is_used_as_it_is(folder: Path) -> None:
    python = folder / ".venv" / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    assert planned(folder) == ".venv/bin/python -m sandbox demo\n"


def test_one_whose_python_is_gone_is_made_anew(folder: Path) -> None:
    (folder / ".venv" / "bin" / "python").symlink_to("/nowhere/python3.11")
    assert planned(folder).startswith("[ -n ")
    assert "rm -rf .venv" in planned(folder)


def test_one_without_its_packages_is_made_anew(folder: Path) -> None:
    (folder / ".venv" / "bin" / "python").symlink_to(Path(sys.executable).resolve())
    (folder / ".venv" / "pyvenv.cfg").write_text(
        f"home = {Path(sys.executable).resolve().parent}\ninclude-system-site-packages = false\n"
    )
    assert "rm -rf .venv" in planned(folder)


def test_a_package_that_is_missing_is_named_with_what_to_do() -> None:
    without = "import runpy, sys; sys.modules['simcord'] = None; sys.argv = ['sandbox', 'demo']"
    started = f"{without}; runpy.run_module('sandbox', run_name='__main__')"
    told = subprocess.run(  # noqa: S603
        [sys.executable, "-c", started], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert told.returncode == 1
    assert "simcord" in told.stderr
    assert told.stderr.endswith("`make clean demo` sets it up anew.\n")
    assert "Traceback" not in told.stderr
