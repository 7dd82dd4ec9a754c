"""The lists of threats and troubles name tests that are there, and the container is as they say."""

from __future__ import annotations

import ast
import itertools
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("security.md", "trouble.md")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def rows(page: str) -> list[str]:
    """List a page's rows of tables, without their heads."""
    lines = (ROOT / "docs" / page).read_text(encoding="utf-8").splitlines()
    return [
        line
        for before, line in itertools.pairwise(lines)
        if line.startswith("| ") and before.startswith("|")
    ]


@cache
def named_in(path: str) -> frozenset[str]:
    """Return the names of a file's tests."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, kinds))


@pytest.mark.parametrize("page", PAGES)
def test_every_row_has_a_test_that_is_there(page: str) -> None:
    found = rows(page)
    assert len(found) > 20
    for row in found:
        named = NAMED.findall(row)
        assert named, f"no test stands in {row[:80]}"
        for path, name in named:
            assert name in named_in(path), f"{path} has no {name}"


def parsed_compose() -> dict[str, Any]:
    """Read the service of the compose file; its lists and plain words are all we look at."""
    lines = (ROOT / "compose.yaml").read_text(encoding="utf-8").splitlines()
    service: dict[str, Any] = {}
    key = ""
    for line in lines[lines.index("  bot:") + 1 :]:
        if not line.startswith("    "):
            break
        if match := re.fullmatch(r"    (\w+):\s*(.*)", line):
            key = match[1]
            service[key] = match[2] or []
        elif match := re.fullmatch(r"      - (.*)", line):
            service[key] = [*service[key], match[1]]
    return service


def test_the_container_has_neither_root_nor_a_file_system_to_write_to() -> None:
    service = parsed_compose()
    assert service["read_only"] == "true"
    assert service["tmpfs"] == ["/tmp"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["volumes"] == ["data:/app/data"]
    assert all(port.strip('"').startswith("127.0.0.1:") for port in service["ports"])
    image = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    users = re.findall(r"^USER (\S+)$", image, re.MULTILINE)
    assert users[-1:] == ["10001:10001"]
    assert image.index("USER 10001") < image.index("ENTRYPOINT")
    assert "COPY --chown" not in image
