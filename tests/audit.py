"""The recorded answer of pip-audit; `make audit` asks anew, and records an answer that is whole.

pip-audit says "No known vulnerabilities found" also where it could ask about nothing: packages
that it left out count as faults here.
"""

from __future__ import annotations

import json
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT: Final = Path(__file__).resolve().parent.parent
RECORD: Final = ROOT / "docs" / "audit.json"


def locked() -> dict[str, str]:
    """Return the version of every package that the bot is installed with."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==([^\s;]+)", lock, re.MULTILINE))


def not_asked(answer: Mapping[str, Any], versions: Mapping[str, str]) -> Iterator[str]:
    """Say which packages an answer says nothing about, in the version that counts."""
    asked = {one["name"]: one for one in answer["dependencies"]}
    for name, version in versions.items():
        one = asked.get(name, {"skip_reason": "it is not in the answer"})
        if "skip_reason" in one:
            yield f"{name} {version} was not looked up: {one['skip_reason']}"
        elif one["version"] != version:
            yield f"{name} {version} was not looked up, but {one['version']}"


def holes(answer: Mapping[str, Any]) -> Iterator[str]:
    """Say which packages have known holes."""
    for one in answer["dependencies"]:
        for hole in one.get("vulns", ()):
            yield f"{one['name']} {one['version']}: {hole['id']}, mended in {hole['fix_versions']}"


def main() -> int:
    """Read an answer in JSON from standard input; return 0 when it is whole and without holes."""
    answer = json.load(sys.stdin)
    missing = list(not_asked(answer, locked()))
    if missing:
        said = "Nothing is recorded, because not every package could be looked up:"
    else:
        day = datetime.now(UTC).date().isoformat()
        text = json.dumps({"asked": day, "dependencies": answer["dependencies"]}, indent=1)
        RECORD.write_text(text + "\n", encoding="utf-8")
        said = f"{len(answer['dependencies'])} packages looked up; see {RECORD.name}."
    found = [*missing, *holes(answer)]
    sys.stdout.write("\n".join([said, *found, ""]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
