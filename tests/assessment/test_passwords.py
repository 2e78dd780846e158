"""A password is long and not known to everybody; what is stored of it is a hash, and no hash costs as much as one."""

import pytest

from assessment import passwords
from assessment.errors import Invalid
from assessment.passwords import Hashing, common

GOOD = "three lamps over the harbour"


@pytest.fixture(scope="module")
def hashing() -> Hashing:
    return Hashing(19 * 1024, 2)


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "kuching-7-mangga-besi",
        "ثلاثة مصابيح فوق الميناء",
        "x7Kq pL2v Rt9w",
        "38204716650927413388",
        "💡" * 3 + "lampu pelabuhan",
    ],
)
def test_a_long_password_that_is_not_known_is_taken(password: str) -> None:
    passwords.check_new(password, "aminah@firm.example", "Aminah Yusof")


@pytest.mark.parametrize(
    "password",
    [
        "q1w2e3r4t5y6", "Q1W2E3R4T5Y6", "administrator", "qwertyuiop123", "password12345!", "dragonmonkey99",
        "aaaaaaaaaaaaaaa", "abababababab", "abcdefghijklmnop", "987654321098", "sunshinesunshine", "2026-11-22-2026",
        "AminahYusof2026", "fourward-fourward",
    ],
)  # fmt: skip
def test_what_others_would_try_first_is_refused(password: str) -> None:
    with pytest.raises(Invalid, match=r"among the first|characters or more"):
        passwords.check_new(password, "aminah@firm.example", "Aminah Yusof")


@pytest.mark.parametrize("password", ["", "short", "elevenchar1"])
def test_a_short_password_is_refused(password: str) -> None:
    with pytest.raises(Invalid, match="12 characters or more"):
        passwords.check_new(password)


def test_a_password_has_an_upper_end() -> None:
    base = "lamp over harbour "
    passwords.check_new((base * 8)[:127] + "z")
    with pytest.raises(Invalid, match="128 characters or fewer"):
        passwords.check_new((base * 8)[:128] + "z")


def test_the_list_of_common_passwords_is_long() -> None:
    assert len(common()) >= 9_000
    assert {"123456", "password", "qwerty", "#1bitch"} <= common()


def test_a_hash_fits_its_password_and_no_other(hashing: Hashing) -> None:
    kept = hashing.hash(GOOD)

    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert hashing.fits(kept, GOOD)
    assert not hashing.fits(kept, GOOD + " ")
    assert not hashing.fits("not a hash", GOOD)
    assert hashing.hash(GOOD) != kept


def test_nobodys_password_is_no_password(hashing: Hashing) -> None:
    assert not hashing.fits(None, "nobody has this password")


def test_the_same_keys_on_another_device_are_the_same_password(hashing: Hashing) -> None:
    assert hashing.fits(hashing.hash("café près du marché"), "cafe\u0301 pre\u0300s du marche\u0301")


def test_a_hash_of_another_cost_is_noticed(hashing: Hashing) -> None:
    kept = hashing.hash(GOOD)

    assert not hashing.is_outdated(kept)
    assert Hashing(24 * 1024, 2).is_outdated(kept)


def test_half_a_character_is_no_crash(hashing: Hashing) -> None:
    assert not hashing.fits(hashing.hash(GOOD), "\ud800" * 20)
