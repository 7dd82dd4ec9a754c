"""`python -m bench`: runs every measurement here, one after another."""

from __future__ import annotations

import runpy
from pathlib import Path


def main() -> None:
    """Run each module beside this one as a program of its own."""
    for path in sorted(Path(__file__).parent.glob("*.py")):
        if not path.stem.startswith("_"):
            print(f"\n== {path.stem} ==", flush=True)
            runpy.run_module(f"bench.{path.stem}", run_name="__main__")


if __name__ == "__main__":
    main()
