"""A container such as the compose file asks for, made by bubblewrap: no engine, no image."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from sandbox.bot_process import ROOT

UID: Final = 10001
"""As in the Dockerfile."""

APP: Final = Path("/app")
DATA: Final = APP / "data"
_SYSTEM: Final = ("/bin", "/sbin", "/lib", "/lib64")


def copied(folder: Path) -> Path:
    """Copy what `.dockerignore` lets through, and nothing else."""
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    skipped = shutil.ignore_patterns("__pycache__", "*.pyc")
    for line in lines:
        if not line.startswith("!"):
            continue
        for path in ROOT.glob(line.removeprefix("!")):
            target = folder / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            if path.is_dir():
                shutil.copytree(path, target, ignore=skipped)
            else:
                shutil.copy2(path, target)
    (folder / "data").mkdir()
    return folder


def container(app: Path, data: Path) -> tuple[str, ...]:
    """Return the command that runs another one with `app` as /app, all of it read-only.

    Only `data` and a /tmp in memory can be written. It runs without root and capabilities, with
    this machine's network and Python.
    """
    as_root = os.geteuid() == 0
    if as_root:
        os.chown(data, UID, UID)
    return (
        "bwrap",
        *("--ro-bind", "/usr", "/usr", "--ro-bind", "/etc", "/etc"),
        *(word for path in _SYSTEM for word in _system(Path(path))),
        *("--dev", "/dev", "--perms", "1777", "--tmpfs", "/dev/shm"),
        *("--proc", "/proc", "--perms", "1777", "--tmpfs", "/tmp"),
        *(word for path in _pythons() for word in _bound(path)),
        *("--ro-bind", str(app), str(APP), "--bind", str(data), str(DATA)),
        *("--remount-ro", "/", "--chdir", str(APP), "--setenv", "HOME", str(APP)),
        *("--setenv", "PYTHONDONTWRITEBYTECODE", "1", "--die-with-parent"),
        *(_dropped() if as_root else ("--unshare-user", "--uid", str(UID), "--cap-drop", "ALL")),
    )


def _system(path: Path) -> tuple[str, ...]:
    """Have a folder of the system as it is here: a link into /usr, or one of its own."""
    if path.is_symlink():
        return ("--symlink", str(path.readlink()), str(path))
    return ("--ro-bind", str(path), str(path)) if path.exists() else ()


def _pythons() -> list[Path]:
    """Return the folders of this Python that the system's do not hold already."""
    return [path for path in (Path(sys.prefix), Path(sys.base_prefix)) if path.parts[1] != "usr"]


def _bound(path: Path) -> tuple[str, ...]:
    """Show a folder at its own place; what it lies in would else be for root alone."""
    above = [str(one) for one in reversed(path.parents) if one != Path("/")]
    made = (word for one in above for word in ("--perms", "0755", "--dir", one))
    return (*made, "--ro-bind", str(path), str(path))


def _dropped() -> tuple[str, ...]:
    ids = (f"--reuid={UID}", f"--regid={UID}", "--clear-groups")
    return ("setpriv", *ids, "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs")


def why_not(folder: Path) -> str:
    """Say why no container can be made here; empty where one can."""
    missing = [name for name in ("bwrap", "setpriv") if shutil.which(name) is None]
    if missing:
        return f"{' and '.join(missing)} is not installed"
    app, data = copied(folder / "trial"), folder / "trial-data"
    data.mkdir()
    command = (*container(app, data), sys.executable, "-c", "")
    tried = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return f"bwrap can't make one here: {tried.stderr.strip()}" if tried.returncode else ""
