"""Checks recorded requests against Discord's own OpenAPI description of its REST API."""

from __future__ import annotations

import copy
import json
import os
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jsonschema.exceptions import ValidationError

REPOSITORY: Final = Path(__file__).resolve().parent.parent
BESIDE: Final = REPOSITORY.parent / "shared" / "discord" / "openapi.json"

# Fields that discord.py 2.7.1 sends although the description does not have them there.
_EXTRA: Final = {"commands": frozenset({"nsfw"}), "messages": frozenset({"tts"})}
_EXTRA_OF_KEPT_FILES: Final = frozenset(
    {"content_type", "height", "proxy_url", "size", "spoiler", "url", "width"}
)


class Request(Protocol):
    """What is checked of a request; `path` is without `/api/v10`."""

    @property
    def method(self) -> str:
        """GET, POST and so on."""

    @property
    def path(self) -> str:
        """The path, ids and all."""

    @property
    def query(self) -> Mapping[str, str]:
        """The query."""

    @property
    def payload(self) -> Any:  # noqa: ANN401 - any JSON
        """The body, unwrapped from `payload_json` (tolerance T1)."""


def description_path() -> Path | None:
    """Return where the description is: `$DISCORD_OPENAPI`, or beside the repository."""
    named = os.environ.get("DISCORD_OPENAPI")
    path = Path(named) if named else BESIDE
    return path if path.is_file() else None


needs_description = pytest.mark.skipif(
    description_path() is None,
    reason="Discord's openapi.json is not here: set DISCORD_OPENAPI to a copy of it",
)


def findings(requests: Iterable[Request]) -> list[str]:
    """Return one line for each request that Discord's description does not allow.

    Raises:
        FileNotFoundError: the description is not here; see `needs_description`.

    """
    path = description_path()
    if path is None:
        raise FileNotFoundError("Discord's openapi.json is not here")
    description = _description(path)
    return [line for request in requests for line in description.findings(request)]


@cache
def _description(path: Path) -> Description:
    return Description(json.loads(path.read_text(encoding="utf-8")))


class Description:
    """The description, relaxed where Discord itself is (T2 to T4) and strict about field names."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = _relaxed(document)
        self._operations = [
            (_pattern(path), method.upper(), operation)
            for path, methods in self._document["paths"].items()
            for method, operation in methods.items()
            if method in ("get", "post", "put", "patch", "delete")
        ]

    def findings(self, request: Request) -> list[str]:
        """Return what is wrong with one request."""
        operation = self._operation(request.method, request.path)
        where = f"{request.method} {re.sub(r'[0-9]{15,}', '…', request.path)}"
        if operation is None:
            return [f"{where}: Discord describes no such route"]
        found = [
            *self._query_findings(operation, request),
            *self._body_findings(operation, request),
        ]
        return [f"{where}: {line}" for line in found]

    def _operation(self, method: str, path: str) -> dict[str, Any] | None:
        fitting = [
            (pattern.pattern.count("[^/]+"), operation)
            for pattern, verb, operation in self._operations
            if verb == method and pattern.fullmatch(path)
        ]
        # The most literal one: `/messages/@original` also fits `/messages/{message_id}`.
        return min(fitting, key=lambda each: each[0])[1] if fitting else None

    def _query_findings(self, operation: dict[str, Any], request: Request) -> Iterable[str]:
        known = {each["name"] for each in operation.get("parameters", []) if each["in"] == "query"}
        for name in request.query:
            if name not in known:
                yield f"unknown query parameter '{name}'"

    def _body_findings(self, operation: dict[str, Any], request: Request) -> Iterable[str]:
        content = operation.get("requestBody", {}).get("content", {})
        schema = (content.get("application/json") or content.get("multipart/form-data") or {}).get(
            "schema"
        )
        if schema is None:
            if request.payload is not None:
                yield "a body where Discord expects none"
            return
        body = _without_known_extras(request)
        whole = {**schema, "components": self._document["components"]}
        error = best_match(Draft202012Validator(whole).iter_errors({} if body is None else body))
        if error is not None:
            yield _explain(error)


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(path)))


def _without_known_extras(request: Request) -> Any:  # noqa: ANN401 - any JSON
    extra = next((names for part, names in _EXTRA.items() if f"/{part}" in request.path), None)
    edits = request.method in ("PATCH", "PUT")
    if extra is None or not edits:
        return request.payload
    body = copy.deepcopy(request.payload)
    for each in body if isinstance(body, list) else [body]:
        if isinstance(each, dict):
            _drop(each, extra)
            for file in each.get("attachments") or []:
                _drop(file, _EXTRA_OF_KEPT_FILES)
    return body


def _drop(entry: dict[str, Any], names: frozenset[str]) -> None:
    for name in names:
        entry.pop(name, None)


def _explain(error: ValidationError) -> str:
    place = ".".join(str(step) for step in error.absolute_path) or "body"
    return f"{place}: {error.message[:300]}"


def _relaxed(node: Any) -> Any:  # noqa: ANN401 - any JSON
    """Copy the description with its tolerances in it.

    T2: snowflakes may be integers. T3: integers may be numeric strings, as the description's
    README says. T4: `oneOf` is read as `anyOf`, for its alternatives overlap. Objects may have no
    field that is not described.
    """
    if isinstance(node, list):
        return [_relaxed(each) for each in node]
    if not isinstance(node, dict):
        return node
    relaxed = {("anyOf" if key == "oneOf" else key): _relaxed(item) for key, item in node.items()}
    if relaxed.get("format") == "snowflake":
        relaxed["type"] = _widened(relaxed["type"], "integer")
    elif _is_type(relaxed, "integer") and "anyOf" not in relaxed and "enum" not in relaxed:
        numeric = {"type": "string", "pattern": r"^-?\d+$"}
        return {"anyOf": [relaxed, numeric]}
    if _is_type(relaxed, "object") and "properties" in relaxed:
        relaxed.setdefault("additionalProperties", False)
    return relaxed


def _is_type(node: Mapping[str, Any], name: str) -> bool:
    kind = node.get("type")
    return kind == name or (isinstance(kind, list) and name in kind)


def _widened(kind: str | list[str], more: str) -> list[str]:
    return [*([kind] if isinstance(kind, str) else kind), more]
