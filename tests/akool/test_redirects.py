"""Where a download may be led, rule by rule."""

from __future__ import annotations

import pytest
from yarl import URL

from akool.errors import NotTheFile, Unsafe
from akool.redirects import is_public, next_hop, parse_link

HERE = URL("https://cdn.invalid/videos/a.mp4")


@pytest.mark.parametrize(
    "link",
    [
        "https://d2qf6ukcym4kn9.cloudfront.net/1754377291791-1423.mp4",
        "https://cdn.invalid/a%2Fb.mp4?X-Sig=a%2Bb%3D&t=1~2",
        "http://127.0.0.1:8081/a.mp4",
    ],
)
def test_a_link_is_used_as_it_is_spelt(link: str) -> None:
    assert str(parse_link(link)) == link


def test_a_link_that_cannot_be_sent_as_it_is_spelt_is_quoted() -> None:
    assert str(parse_link("https://cdn.invalid/my film.mp4")) == "https://cdn.invalid/my%20film.mp4"
    assert str(parse_link("https://cdn.invalid/ä.mp4")) == "https://cdn.invalid/%C3%A4.mp4"


@pytest.mark.parametrize(
    "link",
    ["", "a.mp4", "//cdn.invalid/a", "file:///etc/passwd", "ftp://cdn.invalid/a", "https://",
     "https:///a", "data:video/mp4,x", "https://cdn.invalid:port/a", "http://[::1/a"],
)  # fmt: skip
def test_a_link_that_is_no_web_link_is_refused(link: str) -> None:
    with pytest.raises(Unsafe):
        parse_link(link)


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/b.mp4", "https://cdn.invalid/b.mp4"),
        ("b.mp4?x=%2F", "https://cdn.invalid/videos/b.mp4?x=%2F"),
        ("//other.invalid/b", "https://other.invalid/b"),
        ("https://other.invalid/b#part", "https://other.invalid/b"),
        ("https://name:word@other.invalid/b", "https://other.invalid/b"),
        ("https://8.8.8.8/b", "https://8.8.8.8/b"),
        ("https://[2606:4700::1111]/b", "https://[2606:4700::1111]/b"),
    ],
)
def test_a_redirect_on_the_open_internet_is_followed(location: str, target: str) -> None:
    assert str(next_hop(HERE, location)) == target


def test_a_redirect_may_climb_from_http_to_https() -> None:
    target = next_hop(URL("http://cdn.invalid/a"), "https://cdn.invalid/a")
    assert target.scheme == "https"


@pytest.mark.parametrize(
    "location",
    [
        "http://cdn.invalid/a.mp4",
        "ftp://cdn.invalid/a.mp4",
        "file:///etc/passwd",
        "https://localhost/a",
        "https://LOCALHOST./a",
        "https://db.localhost/a",
        "https://127.0.0.1/a",
        "https://127.0.0.1./a",
        "https://127.8.8.8/a",
        "https://0.0.0.0/a",
        "https://10.0.0.5/a",
        "https://172.16.0.1/a",
        "https://192.168.1.1/a",
        "https://169.254.169.254/latest/meta-data",
        "https://100.64.0.1/a",
        "https://224.0.0.1/a",
        "https://255.255.255.255/a",
        "https://[::1]/a",
        "https://[::]/a",
        "https://[fe80::1]/a",
        "https://[fc00::1]/a",
        "https://[::ffff:127.0.0.1]/a",
        "https://[2002:7f00:1::]/a",
        "https://[64:ff9b::7f00:1]/a",
        "https://cdn.invalid:port/a",
        "https://cdn.invalid:0/a",
        "https://[::1/a",
    ],
)
def test_a_redirect_into_the_dark_is_refused_without_quoting_it(location: str) -> None:
    with pytest.raises(Unsafe) as caught:
        next_hop(HERE, location)
    assert "://" not in str(caught.value)


@pytest.mark.parametrize("location", [None, ""])
def test_a_redirect_to_nowhere_brings_no_file(location: str | None) -> None:
    with pytest.raises(NotTheFile):
        next_hop(HERE, location)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("93.184.216.34", True),
        ("2606:4700::1111", True),
        ("::ffff:8.8.8.8", True),
        ("2002:808:808::1", True),
        ("64:ff9b::808:808", True),
        ("2001:0:4136:e378:8000:63bf:f7f7:f7f7", True),
        ("2001:0:4136:e378:8000:63bf:80ff:fffe", False),
        ("198.18.0.1", False),
        ("203.0.113.1", False),
        ("240.0.0.1", False),
        ("ff02::1", False),
        ("2001:db8::1", False),
        ("fe80::1%eth0", False),
    ],
)
def test_an_address_is_public_also_through_its_wrapping(address: str, *, public: bool) -> None:
    assert is_public(address) is public
