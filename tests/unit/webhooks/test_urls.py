"""Which URLs and addresses webhooks may go to."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.webhooks.addresses import is_refused
from services.webhooks.urls import UrlRefusedError, check_url, host_of

INSIDE = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",  # noqa: S104 - refused
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "192.0.0.8",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::1",
    "2001::1",
    "2001:db8::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "no address",
    "",
]
OUTSIDE = ["93.184.215.14", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", INSIDE)
def test_inside_is_refused(address: str) -> None:
    assert is_refused(address, allow_private=False)


@pytest.mark.parametrize("address", OUTSIDE)
def test_outside_is_not(address: str) -> None:
    assert not is_refused(address, allow_private=False)


@pytest.mark.parametrize(
    ("address", "refused"),
    [
        ("127.0.0.1", False),
        ("10.0.0.1", False),
        ("::1", False),
        ("fd00::1", False),
        ("169.254.169.254", True),
        ("0.0.0.0", True),  # noqa: S104 - refused
        ("224.0.0.1", True),
        ("fe80::1", True),
    ],
)
def test_for_tests_the_metadata_of_clouds_stays_refused(address: str, refused: bool) -> None:
    assert is_refused(address, allow_private=True) == refused


@given(st.ip_addresses(v=4) | st.ip_addresses(v=6))
def test_nothing_that_python_knows_as_inside_passes(address: IPv4Address | IPv6Address) -> None:
    # Beside the standard library's own list: whatever it calls inside is refused here too.
    known_inside = (
        address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_multicast
        or address.is_reserved
        or address.is_unspecified
    )
    if known_inside:
        nat64 = isinstance(address, IPv6Address) and address.packed[:12] == bytes(
            [0, 0x64, 0xFF, 0x9B, *[0] * 8]
        )
        mapped = isinstance(address, IPv6Address) and address.ipv4_mapped is not None
        assert nat64 or mapped or is_refused(str(address), allow_private=False)


@given(st.ip_addresses(v=4))
def test_an_address_in_another_s_clothes_is_judged_as_itself(address: IPv4Address) -> None:
    inner = int(address)
    dressed = [
        IPv6Address(0xFFFF << 32 | inner),
        IPv6Address(0x64FF9B << 96 | inner),
    ]
    for it in dressed:
        assert is_refused(str(it), allow_private=False) == is_refused(
            str(address), allow_private=False
        )
    # 6to4 has ended (RFC 7526): whatever it carries, nobody has to be reached by it.
    assert is_refused(str(IPv6Address(0x2002 << 112 | inner << 80)), allow_private=True)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://example.org/",
        "https://user:secret@example.org/",
        "https://@example.org/",
        "https://example.org/#part",
        "https://example.org:22/",
        "https://example.org:99999/",
        "https://example.org\\@127.0.0.1/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:7f00:1]/",
        "https://[fe80::1%25eth0]/",
        "https://2130706433/",
        "https://127.1/",
        "https://exa mple.org/",
        "https://example.org/\r\nx: y",
        "https://exämple.org/",
        "https://" + "x" * 2_050,
        "https:///path",
        "https://[::1/",
        "//example.org/",
        "",
    ],
)
def test_a_url_is_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(UrlRefusedError) as refused:
        check_url(url, allow_private=False)
    assert str(refused.value).endswith(".")
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    "url", ["https://example.org/a?b=%20c", "https://example.org:8443/", "https://93.184.215.14/"]
)
def test_a_url_outside_is_sent_to_as_it_is_written(url: str) -> None:
    assert str(check_url(url, allow_private=False)) == url


def test_private_networks_for_tests() -> None:
    assert check_url("http://127.0.0.1:8080/", allow_private=True).port == 8080
    with pytest.raises(UrlRefusedError):
        check_url("http://169.254.169.254/", allow_private=True)


def test_logs_name_the_host_alone() -> None:
    assert host_of("https://hooks.example.org/t0ken?k=v") == "hooks.example.org"
