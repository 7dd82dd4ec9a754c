"""Settings: every variable is read, every fault is told at once, no secret is shown."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.periods import Period
from settings import (
    LogFormat,
    LogLevel,
    Role,
    Settings,
    SettingsError,
    variables,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

NEEDED = {"DISCORD_TOKEN": "MTIz.abc.def", "AKOOL_API_KEY": "key-of-24-characters-abc"}

# For each variable a text that is refused by itself and one that changes what is read.
REFUSED = {
    "DISCORD_TOKEN": "Bot MTIz",
    "AKOOL_API_KEY": "two words",
    "AKOOL_CLIENT_ID": '"quoted"',
    "AKOOL_CLIENT_SECRET": "naïve",
    "AKOOL_BASE_URL": "openapi.akool.com",
    "DATABASE_URL": "mysql://host/name",
    "MEDIA_DAYS": "0",
    "PUBLIC_URL": "ftp://bot.example",
    "HTTP_HOST": "a b",
    "HTTP_PORT": "65536",
    "DEFAULT_MODEL": "two words",
    "DEFAULT_ALLOWANCE": "-1",
    "ALLOWANCE_PERIOD": "year",
    "GUILDS": "everyone",
    "MAX_CREDITS_PER_CLIP": "0",
    "DAILY_CREDIT_CEILING": "1e3",
    "SUBMIT_CONCURRENCY": "0",
    "SUBMIT_PER_SECOND": "nan",
    "POLL_SECONDS": "0",
    "POLL_GIVE_UP_MINUTES": "1.5",
    "ROLE": "boss",
    "SHARD_IDS": "0,0",
    "SHARD_COUNT": "none",
    "DISCORD_API_BASE": "http://proxy?key=1",
    "LOG_LEVEL": "LOUD",
    "LOG_FORMAT": "xml",
}
CHANGES = {
    "DISCORD_TOKEN": "another",
    "AKOOL_API_KEY": "another",
    "AKOOL_CLIENT_ID": "client",
    "AKOOL_CLIENT_SECRET": "secret",
    "AKOOL_BASE_URL": "http://127.0.0.1:9",
    "DATABASE_URL": "postgresql://user:pw@db/muybridge",
    "MEDIA_DIR": "/srv/media",
    "MEDIA_DAYS": "7",
    "PUBLIC_URL": "https://bot.example",
    "HTTP_HOST": "::",
    "HTTP_PORT": "0",
    "DEFAULT_MODEL": "seedance",
    "DEFAULT_ALLOWANCE": "0",
    "ALLOWANCE_PERIOD": "week",
    "GUILDS": "1, 2",
    "MAX_CREDITS_PER_CLIP": "60",
    "DAILY_CREDIT_CEILING": "0",
    "SUBMIT_CONCURRENCY": "8",
    "SUBMIT_PER_SECOND": "0.5",
    "POLL_SECONDS": "0.02",
    "POLL_GIVE_UP_MINUTES": "60",
    "ROLE": "worker",
    "SHARD_IDS": "0,2",
    "SHARD_COUNT": "4",
    "DISCORD_API_BASE": "http://proxy",
    "LOG_LEVEL": "debug",
    "LOG_FORMAT": "JSON",
}
TOGETHER = {  # what a variable needs beside it
    "AKOOL_CLIENT_SECRET": {"AKOOL_CLIENT_ID": "client"},
    "SHARD_IDS": {"SHARD_COUNT": "4"},
}


def read(**changes: str) -> Settings:
    return Settings.from_env(NEEDED | changes)


def faults(environment: Mapping[str, str]) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env(environment)
    return caught.value.faults


def names(found: tuple[str, ...]) -> list[str]:
    return [fault.partition(":")[0] for fault in found]


def test_the_samples_of_this_file_cover_the_table() -> None:
    table = {each.name for each in variables()}
    assert set(CHANGES) == table
    assert set(REFUSED) == table - {"MEDIA_DIR"}  # any text is a path


def test_a_token_and_a_key_are_enough() -> None:
    chosen = read()
    assert chosen.akool_base_url == "https://openapi.akool.com"
    assert chosen.sqlite_path == Path("data/muybridge.db")
    assert (chosen.media_dir, chosen.media_days) == (Path("data/media"), 30)
    assert (chosen.http_host, chosen.http_port, chosen.public_url) == ("127.0.0.1", 8080, None)
    assert (chosen.default_model, chosen.default_allowance) == (None, 100)
    assert chosen.allowance_period is Period.MONTH
    assert chosen.guilds is None
    assert (chosen.max_credits_per_clip, chosen.daily_credit_ceiling) == (120, 5000)
    assert (chosen.submit_concurrency, chosen.submit_per_second) == (4, 2.0)
    assert (chosen.poll_seconds, chosen.poll_give_up_minutes) == (5.0, 30)
    assert (chosen.role, chosen.shard_ids, chosen.shard_count) == (Role.ALL, None, None)
    assert chosen.discord_api_base is None
    assert (chosen.log_level, chosen.log_format) == (LogLevel.INFO, LogFormat.TEXT)


@pytest.mark.parametrize("name", CHANGES)
def test_every_variable_is_read(name: str) -> None:
    beside = TOGETHER.get(name, {})
    assert read(**beside, **{name: CHANGES[name]}) != read(**beside)


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("text", ["", "  \t"])
def test_an_empty_variable_counts_as_not_given(name: str, text: str) -> None:
    if name in NEEDED:
        assert names(faults(NEEDED | {name: text})) == [name]
    else:
        assert read(**{name: text}) == read()


def test_values_are_read_into_their_types() -> None:
    chosen = read(GUILDS="123456789012345678, 42", SHARD_IDS="0 3", SHARD_COUNT="4", ROLE="Gateway")
    assert chosen.guilds == frozenset({123456789012345678, 42})
    assert (chosen.shard_ids, chosen.shard_count) == ((0, 3), 4)
    assert chosen.role is Role.GATEWAY
    assert read(LOG_LEVEL="warning").log_level is LogLevel.WARNING


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        read().http_port = 1  # type: ignore[misc]


# -- faults ----------------------------------------------------------------------------------


@given(st.sets(st.sampled_from(sorted(set(REFUSED) - {"SHARD_COUNT"}))))
@settings(max_examples=60, deadline=None)
def test_every_fault_is_told_and_nothing_else(wrong: set[str]) -> None:
    beside = {"AKOOL_CLIENT_ID": "client"} if "AKOOL_CLIENT_SECRET" in wrong else {}
    environment = NEEDED | beside | {name: REFUSED[name] for name in wrong}
    if wrong:
        assert sorted(names(faults(environment))) == sorted(wrong)
    else:
        assert Settings.from_env(environment) == read()


def test_an_empty_environment_names_what_is_required() -> None:
    found = faults({})
    assert names(found) == ["DISCORD_TOKEN", "AKOOL_API_KEY"]
    assert all("required" in fault for fault in found)


def test_a_fault_says_which_what_was_expected_and_what_was_given() -> None:
    assert faults(NEEDED | {"HTTP_PORT": "http"}) == (
        "HTTP_PORT: expected a whole number from 0 to 65535, not 'http'",
    )
    assert faults(NEEDED | {"ROLE": "boss"}) == (
        "ROLE: expected one of all, gateway, worker, not 'boss'",
    )


def test_the_error_is_readable_as_a_list_of_lines() -> None:
    with pytest.raises(SettingsError, match="DISCORD_TOKEN: required\nAKOOL_API_KEY: required"):
        Settings.from_env({})


@given(st.dictionaries(st.sampled_from(sorted(CHANGES)), st.text(max_size=30), max_size=8))
@settings(max_examples=200, deadline=None)
def test_any_text_is_read_or_refused_with_a_settings_error(changes: dict[str, str]) -> None:
    found: tuple[str, ...] | None = None
    try:
        Settings.from_env(NEEDED | changes)
    except SettingsError as error:
        found = error.faults
    assert found is None or (found and set(names(found)) <= set(CHANGES))


@given(st.integers(min_value=-10, max_value=70_000))
@settings(max_examples=60, deadline=None)
def test_a_port_is_taken_exactly_within_its_bounds(port: int) -> None:
    if 0 <= port <= 65535:
        assert read(HTTP_PORT=str(port)).http_port == port
    else:
        assert names(faults(NEEDED | {"HTTP_PORT": str(port)})) == ["HTTP_PORT"]


@pytest.mark.parametrize("text", ["1_000", "٣", "+5", "0x10", "1e2", "5 5", "inf", "9" * 30])
def test_numbers_are_plain_digits(text: str) -> None:
    assert names(faults(NEEDED | {"HTTP_PORT": text, "POLL_SECONDS": text})) == [
        "HTTP_PORT",
        "POLL_SECONDS",
    ]


# -- secrets ---------------------------------------------------------------------------------

SECRETS = {
    "DISCORD_TOKEN": "token-hidden",
    "AKOOL_API_KEY": "key-hidden",
    "AKOOL_CLIENT_ID": "id-hidden",
    "AKOOL_CLIENT_SECRET": "secret-hidden",
    "DATABASE_URL": "postgresql://user:password-hidden@host/name",
}


def test_no_secret_is_in_the_repr() -> None:
    assert "hidden" not in repr(Settings.from_env(SECRETS))


@pytest.mark.parametrize("name", SECRETS)
def test_no_secret_is_in_a_fault(name: str) -> None:
    spoilt = SECRETS[name].replace("hidden", "hidden and more").replace("postgresql", "mysql")
    found = faults(SECRETS | {name: spoilt})
    assert names(found) == [name]
    assert "hidden" not in found[0]


@pytest.mark.parametrize("name", ["AKOOL_BASE_URL", "PUBLIC_URL", "DISCORD_API_BASE"])
def test_a_password_in_an_address_is_refused_and_not_repeated(name: str) -> None:
    found = faults(NEEDED | {name: "https://user:hidden@host"})
    assert names(found) == [name]
    assert "hidden" not in found[0]


@pytest.mark.parametrize("url", ["postgresql://u:hid/den@host/name", "postgresql://u:hidden@h:x/n"])
def test_the_parser_of_addresses_does_not_quote_a_password(url: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read(DATABASE_URL=url)
    assert "hid" not in str(caught.value)
    # A chained cause would show it in a traceback.
    assert caught.value.__cause__ is None


# -- signing in to Akool -----------------------------------------------------------------------


def test_the_pair_stands_in_for_the_key() -> None:
    chosen = Settings.from_env(
        {"DISCORD_TOKEN": "t", "AKOOL_CLIENT_ID": "id", "AKOOL_CLIENT_SECRET": "secret"}
    )
    assert chosen.akool_api_key is None
    assert (chosen.akool_client_id, chosen.akool_client_secret) == ("id", "secret")


def test_the_client_secret_is_the_key_when_it_is_not_given() -> None:
    chosen = read(AKOOL_CLIENT_ID="id")
    assert chosen.akool_client_secret == NEEDED["AKOOL_API_KEY"]


def test_an_id_alone_does_not_sign_in() -> None:
    assert names(faults({"DISCORD_TOKEN": "t", "AKOOL_CLIENT_ID": "id"})) == ["AKOOL_API_KEY"]


def test_a_client_secret_needs_its_id() -> None:
    assert names(faults(NEEDED | {"AKOOL_CLIENT_SECRET": "s"})) == ["AKOOL_CLIENT_SECRET"]


@pytest.mark.parametrize("length", range(1, 40))
def test_webhooks_need_a_secret_that_is_an_aes_key(length: int) -> None:
    beside = {"AKOOL_CLIENT_ID": "id", "AKOOL_CLIENT_SECRET": "s" * length}
    assert not read(**beside).webhooks
    public = NEEDED | beside | {"PUBLIC_URL": "https://bot.example"}
    if length in (16, 24, 32):
        assert Settings.from_env(public).webhooks
    else:
        assert faults(public)[0].endswith(f"it has {length}")


def test_a_public_address_without_a_client_id_has_no_webhooks() -> None:
    assert not read(PUBLIC_URL="https://bot.example").webhooks


# -- addresses -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_base", "base"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/api/v10"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000/api/v10"),
        ("http://proxy/api", "http://proxy/api/v10"),
        ("http://proxy/api/", "http://proxy/api/v10"),
        ("https://discord.com/api/v10", "https://discord.com/api/v10"),
        ("http://proxy/discord/api", "http://proxy/discord/api/v10"),
        ("http://proxy/discord", "http://proxy/discord"),
    ],
)
def test_discords_address_is_completed_to_its_version(given_base: str, base: str) -> None:
    assert read(DISCORD_API_BASE=given_base).discord_api_base == base


@pytest.mark.parametrize("name", ["AKOOL_BASE_URL", "PUBLIC_URL", "DISCORD_API_BASE"])
@pytest.mark.parametrize(
    "url",
    [
        "example.org",
        "//example.org",
        "ftp://example.org",
        "https://",
        "https://:80",
        "https://host:port",
        "https://host:99999",
        "https://[::1",
        "https://a b",
        "https://host?key=1",
        "https://host#part",
    ],
)
def test_what_is_no_http_address_is_refused(name: str, url: str) -> None:
    assert names(faults(NEEDED | {name: url})) == [name]


def test_an_address_loses_its_last_slash() -> None:
    assert read(PUBLIC_URL="https://bot.example/muy/").public_url == "https://bot.example/muy"


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///data/muybridge.db", Path("data/muybridge.db")),
        ("sqlite:////var/lib/muybridge.db", Path("/var/lib/muybridge.db")),
        ("sqlite:///with%20space.db", Path("with space.db")),
        ("postgresql://user:pw@host:5432/muybridge", None),
        ("postgresql://host/muybridge?sslmode=require", None),
    ],
)
def test_a_database_is_a_file_or_a_server(url: str, path: Path | None) -> None:
    assert read(DATABASE_URL=url).sqlite_path == path


@pytest.mark.parametrize(
    "url",
    [
        "data/muybridge.db",
        "sqlite://",
        "sqlite:///",
        "sqlite:///data/",
        "sqlite:///:memory:",
        "sqlite://data/muybridge.db",
        "sqlite:///data.db?mode=ro",
        "sqlite:///data#1.db",
        "postgresql://host",
        "postgresql:///muybridge",
        "postgres://host/muybridge",
    ],
)
def test_what_is_no_database_is_refused(url: str) -> None:
    assert names(faults(NEEDED | {"DATABASE_URL": url})) == ["DATABASE_URL"]


def test_shard_ids_need_the_count_and_lie_below_it() -> None:
    assert names(faults(NEEDED | {"SHARD_IDS": "0"})) == ["SHARD_COUNT"]
    assert names(faults(NEEDED | {"SHARD_IDS": "0,4", "SHARD_COUNT": "4"})) == ["SHARD_IDS"]
    assert read(SHARD_COUNT="4").shard_ids is None
