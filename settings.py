"""Turn the environment into one frozen Settings; every fault is reported at once."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar, dataclass_transform
from urllib.parse import SplitResult, unquote, urlsplit

from dotenv import dotenv_values

from billing.periods import Period

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_T = TypeVar("_T")
_Choice = TypeVar("_Choice", bound=StrEnum)

_WEBHOOK_KEY_BYTES: Final = (16, 24, 32)  # AES keys: AKOOL.md 6
_ADDRESS: Final = "an address such as https://example.org, without user, query or fragment"
_DATABASE: Final = "sqlite:///path/to/file or postgresql://user:password@host/database"


class Role(StrEnum):
    """Which half of the work this process does: Discord's gateway, the engine, or both."""

    ALL = "all"
    GATEWAY = "gateway"
    WORKER = "worker"


class LogLevel(StrEnum):
    """The least severe messages that are logged; `logging`'s own names."""

    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"
    CRITICAL = "CRITICAL"


class LogFormat(StrEnum):
    """How a log line is written: for people or for machines."""

    TEXT = "text"
    JSON = "json"


class SettingsError(ValueError):
    """The environment can't be used; `faults` has one sentence for each thing to mend."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def _optional(parse: Callable[[str], _T]) -> Callable[[str], _T | None]:
    return lambda text: parse(text) if text else None


def _word(text: str) -> str:
    if re.search(r"\s", text):
        raise ValueError("expected one word without spaces")
    return text


def _secret(text: str) -> str:
    # It becomes the value of an HTTP header. Docker's --env-file leaves quotes in place.
    if not re.fullmatch(r"[!-~]*", text) or text.startswith(("'", '"')):
        raise ValueError("expected visible ASCII characters without spaces or quotes round them")
    return text


def _whole(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,20}", text) or not least <= int(text) <= most:
            raise ValueError(f"expected a whole number from {least} to {most}")
        return int(text)

    return parse


def _decimal(least: float, most: float) -> Callable[[str], float]:
    def parse(text: str) -> float:
        if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", text) or not least <= float(text) <= most:
            raise ValueError(f"expected a number from {least} to {most}")
        return float(text)

    return parse


def _one_of(kind: type[_Choice]) -> Callable[[str], _Choice]:
    def parse(text: str) -> _Choice:
        for choice in kind:
            if choice.lower() == text.lower():
                return choice
        raise ValueError(f"expected one of {', '.join(kind)}")

    return parse


def _numbers(text: str, what: str) -> tuple[int, ...]:
    words = re.split(r"[\s,]+", text.strip(" ,"))
    if not all(re.fullmatch(r"[0-9]{1,19}", word) for word in words):
        raise ValueError(f"expected {what}, separated by commas")
    return tuple(int(word) for word in words)


def _guilds(text: str) -> frozenset[int] | None:
    return None if text == "*" else frozenset(_numbers(text, "* or the ids of servers"))


def _shard_ids(text: str) -> tuple[int, ...]:
    ids = _numbers(text, "shard ids")
    if len(set(ids)) != len(ids):
        raise ValueError("expected each shard id once")
    return ids


def _split(text: str, expected: str) -> SplitResult:
    """Split an address; the library's own complaint could quote a password."""
    try:
        parts = urlsplit(text)
        _ = parts.port  # a wrong port shows only when it is asked for
    except ValueError:
        raise ValueError(f"expected {expected}") from None
    return parts


def _url(text: str) -> str:
    parts = _split(_word(text), _ADDRESS)
    extra = parts.username is not None or parts.query or parts.fragment
    if parts.scheme not in ("http", "https") or not parts.hostname or extra:
        raise ValueError(f"expected {_ADDRESS}")
    return text.rstrip("/")


def _discord_api_base(text: str) -> str:
    """Complete the address to the version of the API that discord.py 2.7 speaks."""
    base = _url(text)
    path = urlsplit(base).path
    if not path:
        return f"{base}/api/v10"
    return f"{base}/v10" if path.endswith("/api") else base


def _database_url(text: str) -> str:
    parts = _split(text, _DATABASE)
    name = unquote(parts.path[1:])
    sqlite = parts.scheme == "sqlite" and not (parts.netloc or parts.query or parts.fragment)
    postgresql = parts.scheme == "postgresql" and parts.hostname
    if not name or name.endswith("/") or name == ":memory:" or not (sqlite or postgresql):
        raise ValueError(f"expected {_DATABASE}")
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One line of the settings table; `default` is empty where there is none."""

    name: str
    default: str
    meaning: str
    parse: Callable[[str], object]
    secret: bool


def _variable(
    parse: Callable[[str], _T], default: str, meaning: str, *, secret: bool = False
) -> _T:
    """Describe a field's variable; its name is the field's name in capitals."""
    described = {"parse": parse, "default": default, "meaning": meaning, "secret": secret}
    declared: Any = field(repr=not secret, metadata=described)
    return declared  # type: ignore[no-any-return]  # as dataclasses.field does: it becomes a _T


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(_variable,))
def _table(cls: type[_T]) -> type[_T]:
    return dataclass(frozen=True, slots=True, kw_only=True)(cls)


@_table
class Settings:
    """What the operator chose."""

    discord_token: str = _variable(
        _secret,
        "",
        "The bot's token, from its Bot page in Discord's developer portal.",
        secret=True,
    )
    akool_api_key: str | None = _variable(
        _optional(_secret),
        "",
        "Akool's API key. Required, unless the id and the secret below are both given.",
        secret=True,
    )
    akool_client_id: str | None = _variable(
        _optional(_secret), "", "Akool's client id. Webhooks need it.", secret=True
    )
    akool_client_secret: str | None = _variable(
        _optional(_secret), "", "Belongs to the client id. By default the API key.", secret=True
    )
    akool_base_url: str = _variable(_url, "https://openapi.akool.com", "Where Akool's API is.")
    database_url: str = _variable(
        _database_url,
        "sqlite:///data/muybridge.db",
        "The database: `sqlite:///` and a path, with four slashes when the path is absolute; or "
        "`postgresql://user:password@host/name`.",
        secret=True,
    )
    media_dir: Path = _variable(Path, "data/media", "The folder for pictures and finished videos.")
    media_days: int = _variable(
        _whole(1, 3650), "30", "How many days they are kept there after their last use."
    )
    public_url: str | None = _variable(
        _optional(_url), "", "Where Akool can reach this bot's HTTP server. Turns webhooks on."
    )
    http_host: str = _variable(
        _word, "127.0.0.1", "Where that server listens: webhook, `/healthz` and `/metrics`."
    )
    http_port: int = _variable(
        _whole(0, 65535), "8080", "The port of that server; 0 takes any free one."
    )
    default_model: str | None = _variable(
        _optional(_word), "", "The model for servers that set none. By default Akool's first."
    )
    default_allowance: int = _variable(
        _whole(0, 10**9),
        "100",
        "Credits for each member and period, in servers that set nothing else.",
    )
    allowance_period: Period = _variable(
        _one_of(Period), "month", "How often that starts afresh: `day`, `week` or `month`."
    )
    guilds: frozenset[int] | None = _variable(
        _guilds, "*", "The ids of the servers to serve, separated by commas; `*` is all."
    )
    max_credits_per_clip: int = _variable(
        _whole(1, 10**6), "120", "A clip that would cost more credits than this is refused."
    )
    daily_credit_ceiling: int = _variable(
        _whole(0, 10**9), "5000", "The most credits that the whole bot may spend in a day."
    )
    submit_concurrency: int = _variable(
        _whole(1, 100), "4", "How many paid requests may be on their way to Akool at once."
    )
    submit_per_second: float = _variable(
        _decimal(0.01, 100),
        "2",
        "How many paid requests are started in a second, at most, by all processes together.",
    )
    poll_seconds: float = _variable(
        _decimal(0.01, 3600),
        "5",
        "Seconds between the first looks at a clip at Akool; the gaps then grow.",
    )
    poll_give_up_minutes: int = _variable(
        _whole(1, 10_080), "30", "After so many a clip is overdue, and is asked for slowly."
    )
    role: Role = _variable(
        _one_of(Role), "all", "What this process does: `all`, `gateway` or `worker`."
    )
    shard_ids: tuple[int, ...] | None = _variable(
        _optional(_shard_ids), "", "This process's shards, separated by commas. By default all."
    )
    shard_count: int | None = _variable(
        _optional(_whole(1, 10**5)), "", "The shards of all processes. By default as Discord says."
    )
    discord_api_base: str | None = _variable(
        _optional(_discord_api_base),
        "",
        "Another address for Discord's REST API, such as a shared proxy; it names the gateway too.",
    )
    log_level: LogLevel = _variable(
        _one_of(LogLevel), "INFO", "`DEBUG`, `INFO`, `WARNING`, `ERROR` or `CRITICAL`."
    )
    log_format: LogFormat = _variable(
        _one_of(LogFormat), "text", "`text` for people, `json` for machines."
    )

    @classmethod
    def from_env(cls, environment: Mapping[str, str]) -> Settings:
        """Read every variable; an empty one counts as not given.

        Raises `SettingsError` with all the faults there are.
        """
        given = {name: text.strip() for name, text in environment.items() if text.strip()}
        faults: list[str] = []
        values = {each.name.lower(): _read(each, given, faults) for each in variables()}
        values["akool_client_secret"] = values["akool_client_secret"] or values["akool_api_key"]
        settings = cls(**values)
        faults += [] if "DISCORD_TOKEN" in given else ["DISCORD_TOKEN: required"]
        faults += _akool_faults(settings, given)
        faults += _shard_faults(settings, given)
        if faults:
            raise SettingsError(tuple(faults))
        return settings

    @property
    def sqlite_path(self) -> Path | None:
        """The SQLite file, or None when the database is PostgreSQL."""
        url = urlsplit(self.database_url)
        return Path(unquote(url.path[1:])) if url.scheme == "sqlite" else None

    @property
    def webhooks(self) -> bool:
        """Whether Akool's webhooks can reach us and be verified (AKOOL.md 6)."""
        return None not in (self.public_url, self.akool_client_id, self.akool_client_secret)


def variables() -> tuple[Variable, ...]:
    """Return the settings table in the order of the fields."""
    return tuple(Variable(name=each.name.upper(), **each.metadata) for each in fields(Settings))


def load_environment(path: Path) -> dict[str, str]:
    """Return the process's environment with what that `.env` file adds; it overrides nothing.

    Raises `SettingsError` when the file is there and can't be read.
    """
    try:
        added = dotenv_values(path, interpolate=False)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError((f"{path}: can't be read: {error}",)) from error
    return {name: value for name, value in added.items() if value is not None} | dict(os.environ)


def _read(variable: Variable, given: Mapping[str, str], faults: list[str]) -> Any:  # noqa: ANN401
    """Parse one variable; after a fault return its default, so that reading goes on."""
    text = given.get(variable.name, variable.default)
    try:
        return variable.parse(text)
    except ValueError as error:
        # An address may hold a password before its @.
        shown = "" if variable.secret or "@" in text else f", not {text!r}"
        faults.append(f"{variable.name}: {error}{shown}")
        return variable.parse(variable.default)


def _akool_faults(settings: Settings, given: Mapping[str, str]) -> list[str]:
    faults = []
    if "AKOOL_API_KEY" not in given and not {"AKOOL_CLIENT_ID", "AKOOL_CLIENT_SECRET"} <= set(
        given
    ):
        faults.append(
            "AKOOL_API_KEY: required, unless AKOOL_CLIENT_ID and AKOOL_CLIENT_SECRET are both given"
        )
    if "AKOOL_CLIENT_SECRET" in given and "AKOOL_CLIENT_ID" not in given:
        faults.append("AKOOL_CLIENT_SECRET: of no use without AKOOL_CLIENT_ID")
    secret = settings.akool_client_secret or ""
    if settings.webhooks and len(secret) not in _WEBHOOK_KEY_BYTES:
        faults.append(
            "AKOOL_CLIENT_SECRET: expected 16, 24 or 32 bytes, because PUBLIC_URL turns webhooks "
            f"on and it is the key that decrypts them; it has {len(secret)}"
        )
    return faults


def _shard_faults(settings: Settings, given: Mapping[str, str]) -> list[str]:
    if settings.shard_ids is None:
        return []
    if "SHARD_COUNT" not in given:
        return ["SHARD_COUNT: required when SHARD_IDS is given"]
    count = settings.shard_count
    if count is not None and max(settings.shard_ids) >= count:
        return [f"SHARD_IDS: expected ids below SHARD_COUNT, which is {count}"]
    return []
