"""A vendor on loopback, and clients of it."""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import aiohttp
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from akool.client import AkoolClient
from akool.credentials import ApiKey, ClientPair
from akool.download import Downloader
from akool.renderer import AkoolRenderer
from tests.akool.vendor import Vendor

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from jobs.ports import Renderer

KEY = "key-0123456789-very-secret"


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    one = Vendor()
    await one.start()
    yield one
    await one.stop()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as one:
        yield one


@pytest.fixture
def client(session: aiohttp.ClientSession, vendor: Vendor) -> AkoolClient:
    return AkoolClient(session, vendor.url, ApiKey(KEY))


@pytest.fixture
def hasty_client(session: aiohttp.ClientSession, vendor: Vendor) -> AkoolClient:
    """Return one that gives up at once, and reads no more than 1000 bytes."""
    return AkoolClient(session, vendor.url, ApiKey(KEY), timeout=0.05, max_body_bytes=1000)


@pytest.fixture
def pair_client(session: aiohttp.ClientSession, vendor: Vendor) -> AkoolClient:
    pair = ClientPair(client_id="client-id-sixteen", client_secret="client-secret-of-24-char")
    return AkoolClient(session, vendor.url, pair)


@pytest.fixture
def downloader() -> Downloader:
    return Downloader(max_bytes=1000, timeout=30)


@pytest.fixture
def renderer(client: AkoolClient, downloader: Downloader) -> Renderer:
    return AkoolRenderer(client, downloader)


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfSigned:
    """TLS for a server on 127.0.0.1 that only `client` trusts."""

    server: ssl.SSLContext
    client: ssl.SSLContext


@pytest.fixture
def self_signed(tmp_path: Path) -> SelfSigned:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2000, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file = tmp_path / "server.pem"
    file.write_bytes(pem + private)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return SelfSigned(server=server, client=ssl.create_default_context(cadata=pem.decode()))
