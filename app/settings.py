"""Every setting: its environment variable, its default, why it exists and who reads it."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from questionnaires.problems import Refused

DEVELOPMENT_SECRET = "for development only"  # noqa: S105  a default that production refuses


class Settings(BaseSettings):
    """What an operator may choose. Read once at start and handed to `create_app`; nothing else reads the environment.

    Each field is the environment variable FOURWARD_<NAME IN CAPITALS>; `secret_key` and `smtp_password` may also be
    a file's content (FOURWARD_SECRET_KEY_FILE), as container platforms hand secrets over.
    """

    model_config = SettingsConfigDict(env_prefix="FOURWARD_", frozen=True, extra="forbid")

    environment: Literal["development", "production"] = Field(
        default="development",
        description="`production` refuses unsafe settings at start. Read by this class and app/main.py.",
    )
    database_url: str = Field(
        default="sqlite:///var/fourward.db",
        description="Where answers are kept: sqlite:///file or postgresql+psycopg://... Read by app/database.py.",
    )
    artifacts: Path = Field(
        default=Path("var/artifacts"),
        description="The folder of finished reports, each named by its content. Read by app/jobs.py and app/pages.",
    )
    secret_key: SecretStr = Field(
        default=SecretStr(DEVELOPMENT_SECRET),
        description="Signs form tokens; at least 32 characters in production. Read by app/forms.py.",
    )
    secret_key_file: Path | None = Field(
        default=None,
        description="A file that holds the secret key, instead of FOURWARD_SECRET_KEY. Read by this class.",
    )
    public_url: str = Field(
        default="http://127.0.0.1:8000",
        description="The address people use, shown in return links; its host is accepted. Read by app/main.py.",
    )
    allowed_hosts: tuple[str, ...] = Field(
        default=("127.0.0.1", "localhost"),
        description="Further host names that requests may name. Read by app/main.py (TrustedHostMiddleware).",
    )
    trusted_origins: tuple[str, ...] = Field(
        default=(), description="Other sites whose forms may post here, as https://host. Read by app/middleware.py."
    )
    host: str = Field(default="127.0.0.1", description="The address to listen on. Read by `fourward serve`.")
    port: int = Field(default=8000, ge=0, le=65535, description="The port to listen on. Read by `fourward serve`.")
    forwarded_allow_ips: str = Field(
        default="127.0.0.1",
        description="Proxies whose X-Forwarded-* headers are believed. Read by `fourward serve` (uvicorn).",
    )
    workers: int = Field(
        default=2,
        ge=0,
        le=8,
        description="Workers the server keeps running; only the first takes long jobs. 0: `fourward worker` alone.",
    )
    definitions: Path | None = Field(
        default=None,
        description="A folder of further questionnaires, as <id>/<version>/questionnaire.yaml. Read by app/shelf.py.",
    )
    max_body_bytes: int = Field(
        default=512 * 1024, ge=1024, description="The largest request body that is accepted. Read by app/main.py."
    )
    smtp_host: str = Field(
        default="", description="The mail server; empty where no mail is sent. Read by app/mail_job.py and the pages."
    )
    smtp_port: int = Field(default=587, ge=1, le=65535, description="Its port. Read by app/mail_job.py.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="How the connection to it is protected. Read by app/mail_job.py."
    )
    smtp_user: str = Field(default="", description="The name to sign in there; may be empty. Read by app/mail_job.py.")
    smtp_password: SecretStr = Field(default=SecretStr(""), description="Its password. Read by app/mail_job.py.")
    smtp_password_file: Path | None = Field(
        default=None, description="A file that holds this password, instead of the variable. Read by this class."
    )
    mail_sender: str = Field(
        default="fourward@localhost", description="The address that mails come from. Read by app/mail_job.py."
    )
    session_days: float = Field(
        default=14, gt=0, le=90, description="After this many days a person signs in again. Read by app/sign_in.py."
    )
    session_idle_hours: float = Field(
        default=12, gt=0, description="The same after this many hours without a visit. Read by app/sign_in.py."
    )
    staff_session_hours: float = Field(
        default=12, gt=0, description="Both limits for those who see many firms: this one. Read by app/sign_in.py."
    )
    staff_session_idle_hours: float = Field(
        default=1, gt=0, description="And this one, without a visit. Read by app/sign_in.py."
    )
    password_memory_kib: int = Field(
        default=19 * 1024, ge=19 * 1024, description="Memory of one password hash (argon2id). Read by app/sign_in.py."
    )
    password_passes: int = Field(default=2, ge=2, le=20, description="Passes over that memory. Read by app/sign_in.py.")
    saves_per_minute: int = Field(
        default=600, ge=1, description="Answers that may be saved to one assessment in a minute. Read by app/main.py."
    )
    lease_seconds: float = Field(
        default=40.0, gt=0, description="How long a job is a worker's own without a sign of life. Read by app/jobs.py."
    )
    machine_translations: bool = Field(
        default=True,
        description="Offer languages that are not reviewed yet, marked so on each page. Read by app/templating.py.",
    )
    test_languages: bool = Field(
        default=False, description="Offer the pseudo-languages qps and qps-rtl, for tests. Read by app/templating.py."
    )
    demo: bool = Field(
        default=False,
        description="Show the demo firms' links, and mails on a page instead of sending them. Set by `fourward demo`.",
    )

    @model_validator(mode="after")
    def takes_secrets_from_files(self) -> Self:
        if self.secret_key_file is not None:
            secret = SecretStr(self.secret_key_file.read_text().strip())
            object.__setattr__(self, "secret_key", secret)
        if self.smtp_password_file is not None:
            secret = SecretStr(self.smtp_password_file.read_text().strip())
            object.__setattr__(self, "smtp_password", secret)
        return self

    @model_validator(mode="after")
    def is_safe_in_production(self) -> Self:
        if self.environment == "production":
            secret = self.secret_key.get_secret_value()
            if secret == DEVELOPMENT_SECRET or len(secret) < 32:
                raise ValueError(
                    "set FOURWARD_SECRET_KEY (or FOURWARD_SECRET_KEY_FILE) to 32 random characters or more"
                )
            if not self.public_url.startswith("https://"):
                raise ValueError("FOURWARD_PUBLIC_URL must start with https:// in production")
            if self.demo or self.test_languages:
                raise ValueError("FOURWARD_DEMO and FOURWARD_TEST_LANGUAGES are not for production")
            if self.smtp_host and self.mail_sender.endswith("@localhost"):
                raise ValueError("set FOURWARD_MAIL_SENDER to the address that mails come from")
        return self

    @property
    def mail_reaches_people(self) -> bool:
        """Whether a mail can be read by whom it is for: it is sent, or shown on the demo's page."""
        return bool(self.smtp_host) or self.demo

    def as_environment(self) -> dict[str, str]:
        """These settings as environment variables, for a process that is started with them."""
        files = {"secret_key_file", "smtp_password_file"}
        values = self.model_dump(mode="json", exclude={"secret_key", "smtp_password", *files})
        texts = {k: v for k, v in values.items() if isinstance(v, str | int | float | bool)}
        lists = {k: _json_list(v) for k, v in values.items() if isinstance(v, list)}
        secret = {
            "secret_key": self.secret_key.get_secret_value(),
            "smtp_password": self.smtp_password.get_secret_value(),
        }
        return {f"FOURWARD_{k.upper()}": str(v) for k, v in (texts | lists | secret).items()}


def _json_list(values: list[str]) -> str:
    return "[" + ",".join(f'"{v}"' for v in values) + "]"


class BadSettings(Refused):
    """The environment holds a setting that cannot be used."""


def read_settings(**given: object) -> Settings:
    """The settings of this environment; `given` goes before it.

    Raises:
        BadSettings: one of them cannot be used; all of them are named.
    """
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        lines = [f"{_variable(e['loc'])}{e['msg'].removeprefix('Value error, ')}" for e in error.errors()]
        raise BadSettings("; ".join(lines)) from None


def _variable(place: tuple[int | str, ...]) -> str:
    return f"FOURWARD_{str(place[0]).upper()}: " if place else ""
