"""Run a container's command and hand SIGTERM on to what runs in it, as an engine does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path


def children_of(pid: int) -> list[int]:
    """List a process's children; Linux says it under each of its threads."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text().split()]


def main() -> int:
    """Return the exit code of the command."""
    with subprocess.Popen(sys.argv[1:]) as process:  # noqa: S603

        def forward(number: int, _: object) -> None:
            for child in children_of(process.pid):
                os.kill(child, number)

        signal.signal(signal.SIGTERM, forward)
        return process.wait()


if __name__ == "__main__":
    sys.exit(main())
