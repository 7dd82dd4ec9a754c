"""Brings a database's schema up to date, one numbered file and one transaction at a time."""

from __future__ import annotations

import asyncio
import logging
import re
import sqlite3
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, assert_never

from storage.database import (
    Database,
    Dialect,
    MigrationRefused,
    SchemaTooNew,
    Statement,
    Transaction,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

logger = logging.getLogger(__name__)

_FILE_NAME: Final = re.compile(r"(?P<version>\d{4})_(?P<name>[a-z0-9_]+)\.sql")

# Two processes that migrate one PostgreSQL database take turns on this number; any will do.
_POSTGRES_LOCK: Final = 6_418_720_259

# Quotes and comments match first, so that words inside them stay as they are.
_WORD: Final = re.compile(
    r"""'(?:[^']|'')*' | "(?:[^"]|"")*" | --[^\n]* | /\*.*?\*/ | \b[A-Z]+\b""",
    re.VERBOSE | re.DOTALL,
)
_SQLITE_WORDS: Final = {"BIGINT": "INTEGER", "/*strict*/": "STRICT"}

_SCHEMA_VERSION: Final = """
    CREATE TABLE IF NOT EXISTS schema_version (
        version BIGINT NOT NULL PRIMARY KEY,
        name TEXT NOT NULL,
        applied_at BIGINT NOT NULL
    ) /*strict*/
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One file, `NNNN_name.sql`: its number, its name and its statements in order."""

    version: int
    name: str
    statements: tuple[str, ...]


def load(folder: Path) -> tuple[Migration, ...]:
    """Read a folder's migrations, in the order of their numbers.

    Numbers may be missing: a file with a smaller number may come later than its neighbours, and
    is then still applied. Raises `MigrationRefused` when there are none, a number is taken twice,
    or a file is badly named or ends inside a statement.
    """
    migrations = tuple(_parse(path) for path in sorted(folder.glob("*.sql")))
    if not migrations:
        raise MigrationRefused(f"no migrations in {folder}: expected 0001_name.sql and so on")
    for before, migration in pairwise(migrations):
        if migration.version == before.version:
            raise MigrationRefused(
                f"{folder} has {before.version:04}_{before.name}.sql and "
                f"{migration.version:04}_{migration.name}.sql: no number twice"
            )
    return migrations


async def pending(database: Database, folder: Path) -> tuple[Migration, ...]:
    """Return what `apply` would do, without writing anything.

    Raises `SchemaTooNew` when the database was migrated by a newer bot, and `MigrationRefused`
    when the files are faulty, or not those that made this database.
    """
    known = await asyncio.to_thread(load, folder)
    return await database.read(_pending, known, database.dialect)


async def apply(database: Database, folder: Path, now: int) -> tuple[Migration, ...]:
    """Apply what is pending, one transaction each, and return what this call applied.

    `now` (epoch milliseconds) is recorded with each. Two processes may do this at once.

    Raises what `pending` raises, and then nothing was written; any other `StorageError` when a
    statement failed: the migrations before it stay applied.
    """
    known = await asyncio.to_thread(load, folder)
    applied = []
    for migration in await database.read(_pending, known, database.dialect):
        if await database.run(_apply, known, migration, database.dialect, now):
            logger.info("Applied migration %04d %s", migration.version, migration.name)
            applied.append(migration)
    return tuple(applied)


def split(script: str) -> tuple[str, ...]:
    """Return a script's statements; semicolons in strings, comments and triggers don't count.

    Raises `MigrationRefused` when the script ends inside a statement.
    """
    statements = []
    start = 0
    for semicolon in re.finditer(";", script):
        statement = script[start : semicolon.end()]
        if sqlite3.complete_statement(statement):
            statements.append(statement.strip())
            start = semicolon.end()
    # What is left may be a comment, but not the beginning of a statement.
    rest = re.sub(r"--[^\n]*|/\*.*?\*/", "", script[start:], flags=re.DOTALL).strip()
    if rest:
        raise MigrationRefused(f"a statement has no end: {rest[:60]!r}")
    return tuple(statements)


def spelled(statement: str, dialect: Dialect) -> str:
    """Return a migration's statement in the words of that database.

    Migrations say `BIGINT`, which a STRICT table of SQLite calls `INTEGER`, and end each table
    with the marker `/*strict*/`: `STRICT` on SQLite, a comment on PostgreSQL.
    """
    match dialect:
        case Dialect.SQLITE:
            return _WORD.sub(lambda word: _SQLITE_WORDS.get(word[0], word[0]), statement)
        case Dialect.POSTGRES:
            return statement
        case _:
            assert_never(dialect)


def _parse(path: Path) -> Migration:
    named = _FILE_NAME.fullmatch(path.name)
    if named is None:
        raise MigrationRefused(f"{path} is badly named: expected 0001_what_it_does.sql")
    try:
        statements = split(path.read_text(encoding="utf-8"))
    except MigrationRefused as error:
        raise MigrationRefused(f"{path}: {error}") from error
    return Migration(version=int(named["version"]), name=named["name"], statements=statements)


def _pending(known: Sequence[Migration], dialect: Dialect) -> Transaction[tuple[Migration, ...]]:
    """Compare the files with what the database has been through; only reads."""
    applied: list[tuple[int, str]] = []
    if (yield _find_schema_version(dialect)):
        rows = yield "SELECT version, name FROM schema_version ORDER BY version", ()
        applied = [(row["version"], row["name"]) for row in rows]
    newest = max(migration.version for migration in known)
    if applied and applied[-1][0] > newest:
        raise SchemaTooNew(applied[-1][0], newest)
    names = {migration.version: migration.name for migration in known}
    for version, name in applied:
        if names.get(version) != name:
            raise MigrationRefused(
                f"the database was made by {version:04}_{name}.sql, and here is "
                f"{_named(version, names)}: an applied file keeps its name"
            )
    done = {version for version, _ in applied}
    return tuple(migration for migration in known if migration.version not in done)


def _named(version: int, names: Mapping[int, str]) -> str:
    return f"{version:04}_{names[version]}.sql" if version in names else "no such file"


def _apply(
    known: Sequence[Migration], migration: Migration, dialect: Dialect, now: int
) -> Transaction[bool]:
    """Apply one migration, unless another process was faster; return whether it was us."""
    if dialect is Dialect.POSTGRES:
        # SQLite's BEGIN IMMEDIATE lets one process in at a time; here it has to be asked for.
        yield "SELECT pg_advisory_xact_lock($1)", (_POSTGRES_LOCK,)
    if migration not in (yield from _pending(known, dialect)):
        return False
    for statement in (_SCHEMA_VERSION, *migration.statements):
        yield spelled(statement, dialect), ()
    yield (
        "INSERT INTO schema_version (version, name, applied_at) VALUES ($1, $2, $3)",
        (migration.version, migration.name, now),
    )
    return True


def _find_schema_version(dialect: Dialect) -> Statement:
    match dialect:
        case Dialect.SQLITE:
            return (
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'schema_version'",
                (),
            )
        case Dialect.POSTGRES:
            return (
                """SELECT table_name FROM information_schema.tables
                WHERE table_schema = current_schema() AND table_name = 'schema_version'""",
                (),
            )
        case _:
            assert_never(dialect)
