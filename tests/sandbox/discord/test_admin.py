"""Driving the sandbox from another process, over HTTP."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from sandbox.discord_api import pinned

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sandbox.discord_api.server import DiscordSandbox
    from tests.sandbox.discord.conftest import Lab


class Remote:
    """Asks `/sandbox/…`."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def ask(self, method: str, path: str, body: Any = None) -> Any:  # noqa: ANN401
        async with self._session.request(method, f"/sandbox/{path}", json=body) as answer:
            return await answer.json()


@pytest.fixture
async def remote(discord_sandbox: DiscordSandbox) -> AsyncIterator[Remote]:
    async with aiohttp.ClientSession(discord_sandbox.address) as session:
        yield Remote(session)


async def test_a_person_is_driven_through_a_whole_conversation(
    lab: Lab, remote: Remote, photo: tuple[str, bytes]
) -> None:
    file = {"file": photo[0], "base64": base64.b64encode(photo[1]).decode()}
    options = {"image": file, "prompt": "wind"}
    answer = await remote.ask("POST", "people/Alice/slash", {"command": "make", "options": options})
    assert not answer["failed"]
    posted = await lab.bob.sees(lambda seen: seen.buttons)
    pressed = await remote.ask("POST", "people/Bob/press", {"message": posted.id, "label": "Again"})
    assert pressed["message"]["text"] == "again 7"
    form = await remote.ask("POST", "people/Alice/slash", {"command": "ask"})
    assert [each["label"] for each in form["form"]["fields"]] == ["Words", "Letter", "Pictures"]
    values = {"Words": "hi", "Pictures": [file]}
    sent = await remote.ask(
        "POST", "people/Alice/submit", {"interaction": form["interaction"], "values": values}
    )
    assert sent["message"]["text"] == f"hi: [{len(photo[1])}]"
    offered = await remote.ask(
        "POST", "people/Alice/autocomplete", {"command": "make", "option": "model", "typed": "k"}
    )
    assert [each["value"] for each in offered] == ["akool_v1", "kling"]


async def test_menus_selects_and_plain_messages_work_too(lab: Lab, remote: Remote) -> None:
    said = await remote.ask("POST", "people/Bob/say", {"text": "look"})
    about = await remote.ask("POST", "people/Alice/menu", {"name": "About", "message": said["id"]})
    assert about["message"]["text"] == "look []"
    wave = await remote.ask("POST", "people/Alice/menu", {"name": "Wave", "person": "Bob"})
    assert wave["message"]["text"] == "waves at Bob"
    panel = await remote.ask("POST", "people/Alice/slash", {"command": "panel"})
    chosen = await remote.ask(
        "POST", "people/Alice/select", {"message": panel["message"]["id"], "values": ["c"]}
    )
    assert chosen["message"]["text"] == "chose c"
    read = await remote.ask("GET", "people/Bob")
    assert [each["text"] for each in read] == ["look", "waves at Bob", "choose", "chose c"]


async def test_what_can_not_be_done_is_said(lab: Lab, remote: Remote) -> None:
    for verb, body in (
        ("slash", {"command": "nothing"}),
        ("press", {"message": 1, "label": "Again"}),
        ("dance", {}),
    ):
        assert "error" in await remote.ask("POST", f"people/Alice/{verb}", body)
    assert "error" in await remote.ask("POST", "people/Nobody/slash", {"command": "whoami"})
    assert "error" in await remote.ask("POST", "faults", {"kind": "bad luck"})
    assert "error" in await remote.ask("POST", "gateway", {"do": "nothing"})


async def test_faults_gateway_and_clock_are_set(lab: Lab, remote: Remote) -> None:
    fault = {"kind": "error", "path": "/channels/*", "status": 400, "code": 7}
    listed = await remote.ask("POST", "faults", fault)
    assert [each["code"] for each in listed] == [7]
    assert await remote.ask("DELETE", "faults") == await remote.ask("GET", "faults") == []
    before = (await remote.ask("GET", "state"))["now"]
    assert (await remote.ask("POST", "clock", {"skip": 60}))["now"] >= before + 60_000
    await remote.ask("POST", "gateway", {"do": "reconnect"})
    assert (await lab.alice.slash("whoami")).text
    state = await remote.ask("GET", "state")
    assert (state["connected"], state["identifies"], state["resumes"]) == (True, 1, 1)
    assert state["people"]["Alice"] == str(lab.alice.id)


async def test_requests_and_transcripts_are_read(lab: Lab, remote: Remote) -> None:
    await lab.alice.slash("whoami")
    noted = await remote.ask("GET", "requests?method=POST&path=/callback")
    assert [each["status"] for each in noted] == [200]
    assert noted[0]["payload"]["type"] == 4
    await remote.ask("DELETE", "requests")
    assert await remote.ask("GET", "requests") == []
    lines = await remote.ask("GET", "transcript/studio?viewer=Alice")
    assert lines[1].endswith("(only you can see this)")


async def test_a_request_through_another_name_is_refused(discord_sandbox: DiscordSandbox) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.get(discord_sandbox.page_url, headers={"Host": "evil.example"}) as answer,
    ):
        assert answer.status == 403


def test_another_simcord_is_refused_with_a_clear_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pinned, "SIMCORD_VERSION", "0.0.1")
    with pytest.raises(RuntimeError, match=r"built on simcord 0\.0\.1, but 3\.2\.1 is installed"):
        pinned.require_simcord()
