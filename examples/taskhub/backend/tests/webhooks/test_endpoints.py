"""Where events may be delivered to: public machines of the internet, by name and https."""

import pytest

from app.core.endpoints import UnfitEndpointError, is_public, require_endpoint
from tests.requirements import WEBHOOKS

pytestmark = pytest.mark.requirement(*WEBHOOKS)

FIT = [
    "https://hooks.example.com/in",
    "https://hooks.example.com:8443/in?token=1",
    "https://xn--bcher-kva.example/",
    "https://a_b.example.com/",
    "https://10.example.com",
]
UNFIT = [
    *("http://hooks.example.com/", "ftp://hooks.example.com/", "file:///etc/passwd"),
    *("gopher://hooks.example.com/", "data:text/plain,x", "javascript:alert(1)", "jar:x"),
    *("//hooks.example.com/", "hooks.example.com", "", "https://", "https:///in"),
    *("https://hooks.example.com:22/", "https://hooks.example.com:25/"),
    *("https://hooks.example.com:6379/", "https://hooks.example.com:80/"),
    *("https://hooks.example.com:0/", "https://hooks.example.com:99999/"),
    *("https://user@hooks.example.com/", "https://user:word@hooks.example.com/"),
    *("https://@hooks.example.com/", "https://hooks.example.com@127.0.0.1/"),
    *("https://hooks.example.com/#part", "https://hooks.example.com\\@127.0.0.1/"),
    *("https://hooks.example.com/a b", "https://hooks.example.com/\r\nx: y", "https://a\x00.com/"),
    *("https://127.0.0.1/", "https://localhost/", "https://localhost./", "https://[::1]/"),
    *("https://0.0.0.0/", "https://169.254.169.254/", "https://10.0.0.1/", "https://172.16.0.1/"),
    *("https://192.168.0.1/", "https://100.64.0.1/", "https://[fd00::1]/", "https://[fe80::1]/"),
    *(
        "https://[::ffff:127.0.0.1]/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://0x7f000001/",
    ),
    *("https://017700000001/", "https://127.1/", "https://0/", "https://127.0.0.1./"),
    *("https://①②⑦.⓪.⓪.①/", "https://%31%32%37.0.0.1/", "https://\uff11\uff12\uff17.0.0.1/"),
    *(
        "https://8.8.8.8/",
        "https://[2606:4700::1]/",
        "https://example/",
        "https://hooks.example.com./",
    ),
    *("https://printer.local/", "https://metadata.google.internal/", "https://a.localhost/"),
    *("https://api.default.svc/", "https://router.home.arpa/", "https://x.onion/"),
    *("https://-a.example.com/", "https://a..example.com/", f"https://{'a' * 64}.example.com/"),
    *(f"https://{'a.' * 130}com/", "https://exa%6dple.com/", "https://ex ample.com/"),
]
PUBLIC = ["8.8.8.8", "1.1.1.1", "172.15.0.1", "172.32.0.1", "2606:4700:4700::1111", "2a00:1450::1"]
INNER = [
    *("127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.1.2.3", "172.16.0.1"),
    *("172.31.255.255", "192.168.1.1", "169.254.169.254", "169.254.0.1", "100.64.0.1"),
    *("100.127.255.255", "192.0.0.1", "192.0.0.170", "192.0.2.1", "192.88.99.1", "198.18.0.1"),
    *("198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1"),
    *("255.255.255.255", "168.63.129.16"),
    *("::1", "::", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd00::1", "fd00:ec2::254"),
    *("ff02::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1"),
    *("64:ff9b:1::7f00:1", "2002:7f00:1::", "2001::1", "2001:0:4136:e378::", "2001:db8::1"),
    *("3fff::1", "100::1", "5f00::1", "2620:4f:8000::1", "2001:20::1"),
    *("", "localhost", "127.1", "0x7f.1", "2130706433", "1.2.3.4.5", "2606:4700::1%eth0"),
]


def fits(url: str, *, insecure: bool) -> bool:
    try:
        require_endpoint(url, insecure=insecure)
    except UnfitEndpointError:
        return False
    return True


@pytest.mark.parametrize("url", FIT)
def test_an_address_of_the_internet_fits(url: str) -> None:
    assert fits(url, insecure=False)


@pytest.mark.parametrize("url", UNFIT)
def test_another_address_does_not(url: str) -> None:
    with pytest.raises(UnfitEndpointError) as raised:
        require_endpoint(url, insecure=False)

    assert "example" not in str(raised.value)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080/x", "http://localhost/", FIT[0]])
def test_a_setting_lets_inner_machines_pass(url: str) -> None:
    assert fits(url, insecure=True)


@pytest.mark.parametrize("url", ["file:///x", "http://user@localhost/", "", "http:///x"])
def test_no_setting_lets_everything_pass(url: str) -> None:
    assert not fits(url, insecure=True)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_told(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", INNER)
def test_addresses_of_other_networks_are_told(address: str) -> None:
    assert not is_public(address)
