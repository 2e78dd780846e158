"""Settings are safe in development, refuse the unsafe in production, and are all written down."""

from pathlib import Path

import pytest

from app.settings import BadSettings, Settings, read_settings

ROOT = Path(__file__).parent.parent.parent
GOOD = {"environment": "production", "secret_key": "k" * 32, "public_url": "https://fourward.example"}


def test_the_defaults_are_for_one_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read_settings()

    assert settings.host == "127.0.0.1"
    assert settings.database_url.startswith("sqlite:///")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"secret_key": "for development only"}, "FOURWARD_SECRET_KEY"),
        ({"secret_key": "short"}, "32 random characters"),
        ({"public_url": "http://fourward.example"}, "https://"),
        ({"demo": True}, "not for production"),
        ({"smtp_host": "mail.example"}, "FOURWARD_MAIL_SENDER"),
        ({"password_memory_kib": 1024}, "FOURWARD_PASSWORD_MEMORY_KIB"),
        ({"workers": -1}, "FOURWARD_WORKERS"),
        ({"colour": "blue"}, "FOURWARD_COLOUR"),
    ],
)
def test_what_is_unsafe_in_production_is_refused_at_start(change: dict[str, object], words: str) -> None:
    read_settings(**GOOD)
    with pytest.raises(BadSettings, match=words):
        read_settings(**(GOOD | change))


def test_the_secret_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("s" * 40 + "\n")

    settings = Settings(secret_key_file=tmp_path / "key")

    assert settings.secret_key.get_secret_value() == "s" * 40
    assert "ssss" not in repr(settings)


def test_the_mail_servers_password_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("p" * 20 + "\n")

    settings = Settings(smtp_password_file=tmp_path / "password")

    assert settings.smtp_password.get_secret_value() == "p" * 20
    assert "pppp" not in repr(settings)
    assert settings.as_environment()["FOURWARD_SMTP_PASSWORD"] == "p" * 20


def test_settings_pass_through_the_environment_of_a_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = Settings(
        database_url="sqlite:////x/y.db", trusted_origins=("https://a.example",), demo=True, artifacts=tmp_path
    )
    for name, value in settings.as_environment().items():
        monkeypatch.setenv(name, value)

    assert Settings() == settings


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_described_and_documented(name: str) -> None:
    assert Settings.model_fields[name].description
    assert f"FOURWARD_{name.upper()}" in (ROOT / "docs" / "operations.md").read_text()
