"""`fourward doctor` says whether people can sign in by mail."""

import pytest

from app.database import Database
from app.doctor import examine
from app.settings import Settings

PRODUCTION = {"environment": "production", "public_url": "https://fourward.example"}


@pytest.mark.parametrize(
    ("change", "is_trouble", "words"),
    [
        ({"smtp_host": "mail.example"}, False, "sent by mail.example:587"),
        ({"demo": True}, False, "/outbox"),
        ({}, False, "nobody can sign in by a code"),
        (PRODUCTION, True, "nobody can sign in by a code"),
    ],
)
def test_mail_is_looked_at(
    database: Database, settings: Settings, change: dict[str, object], is_trouble: bool, words: str
) -> None:
    found = [f for f in examine(settings.model_copy(update=change)) if words in f.text]

    assert [f.is_trouble for f in found] == [is_trouble]
