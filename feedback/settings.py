"""The environment, read once into one frozen object. Nothing else in the package reads it.

Sources in order: environment variables with prefix `FEEDBACK_`, then one file per secret in `FEEDBACK_SECRETS_DIR`.
"""

import os
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from feedback.domain.care import Role
from feedback.domain.errors import SettingsWrong

Surface = Literal["intake", "staff"]

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""Where plain http reaches nobody else."""


class Settings(BaseSettings):
    """Every setting with its default. Defaults are safe in production and fit to be public."""

    model_config = SettingsConfigDict(env_prefix="FEEDBACK_", frozen=True, extra="forbid")

    data_dir: Path = Field(
        default=Path("/var/lib/feedback"), description="Folder of the database file, locks and journal."
    )
    database_url: str = Field(
        default="",
        description="Empty for SQLite in FEEDBACK_DATA_DIR, else sqlite:///FILE or postgresql://USER@HOST/NAME. "
        "Several servers of which one takes writes: postgresql://USER@HOST:5432,HOST:5432/NAME.",
    )
    keys_dir: Path = Field(
        default=Path("/etc/feedback/keys"), description="Folder of the keys, outside the data folder, mode 0700."
    )
    base_url: str = Field(
        default="http://127.0.0.1:8000", description="Public address without a path, as printed in codes."
    )
    surfaces: Annotated[tuple[Surface, ...], NoDecode] = Field(
        default=("intake", "staff"), description="Which pages this process serves: intake, staff, or both with a comma."
    )
    hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Further host names this process answers under, with commas; that of FEEDBACK_BASE_URL always is.",
    )
    trusted_proxies: int = Field(
        default=0, ge=0, le=5, description="How many proxies in front set X-Forwarded headers."
    )
    smtp_url: str = Field(
        default="",
        repr=False,
        description="Mail server for notices: smtp://user:password@host:587 or smtps://…; empty for no mail.",
    )
    mail_from: str = Field(default="", description="Sender of notices, such as rapport@clinic.example.")
    security_contact: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Whom security researchers write to, with commas: mailto:security@clinic.example or https://…; it "
        "stands in /.well-known/security.txt, which is missing without it.",
    )
    oidc_issuer: str = Field(
        default="",
        description="Sign-in of the organisation (OpenID Connect): its issuer, as it names itself; empty for none.",
    )
    oidc_client_id: str = Field(default="", description="What that sign-in knows this product by.")
    oidc_client_secret: str = Field(
        default="", repr=False, description="The secret that goes with it; better a file in FEEDBACK_SECRETS_DIR."
    )
    oidc_scope: str = Field(default="openid", description="What is asked for there: openid, and more with blanks.")
    oidc_groups: str = Field(
        default="",
        description="Which of its groups may enter as what: group=role,group=role; empty to leave groups alone.",
    )
    oidc_groups_claim: str = Field(default="groups", description="Where its ID token names the groups.")
    oidc_second_step: str = Field(
        default="",
        description="Values of amr or acr that prove both steps, with commas, such as mfa; else ours follows.",
    )
    timezone: str = Field(default="UTC", description="IANA time zone for new clinics.")
    country: str = Field(default="GB", min_length=2, max_length=2, description="Country of new clinics, two letters.")
    strict_figures: bool = Field(
        default=False,
        description="Publish figures of the whole clinic by quarter only, with more noise.",
    )
    metrics: str = Field(
        default="",
        repr=False,
        description="Who may read /metrics: empty for this machine, off for nobody, else a token sent as Bearer.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least severe log line that is written."
    )

    @field_validator("surfaces", "hosts", "security_contact", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(filter(None, map(str.strip, value.split(",")))) if isinstance(value, str) else value

    @field_validator("security_contact")
    @classmethod
    def _written_to(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(re.fullmatch(r"mailto:[!-~]+@[!-~]+|https://[!-~]+|tel:[+][0-9-]+", contact) for contact in value):
            raise ValueError("must look like mailto:security@clinic.example, https://… or tel:+44…, with commas")
        return value

    @field_validator("hosts")
    @classmethod
    def _bare_names(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(re.fullmatch(r"[a-zA-Z0-9.-]+", name) for name in value):
            raise ValueError("must be host names such as desk.example.org, without https:// and without a port")
        return tuple(name.lower() for name in value)

    @field_validator("base_url")
    @classmethod
    def _bare_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/") or parts.query:
            raise ValueError("must look like https://feedback.example.org, without a path")
        return f"{parts.scheme}://{parts.netloc}".lower()

    @field_validator("database_url")
    @classmethod
    def _known_engine(cls, value: str) -> str:
        if value.startswith("postgresql://"):
            value = value.replace("postgresql://", "postgresql+psycopg://", 1)
        if value and not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("must look like sqlite:////srv/feedback.db or postgresql://user@host/name")
        return _each_host_apart(value)

    @field_validator("smtp_url")
    @classmethod
    def _known_server(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in {"smtp", "smtps"} or not parts.hostname):
            raise ValueError("must look like smtp://user:password@host:587 or smtps://user:password@host")
        return value

    @field_validator("mail_from")
    @classmethod
    def _one_address(cls, value: str) -> str:
        if value and not re.fullmatch(r"[^@\s<>,;]+@[^@\s<>,;]+", value):
            raise ValueError("must be one address such as rapport@clinic.example")
        return value

    @field_validator("oidc_issuer")
    @classmethod
    def _known_issuer(cls, value: str) -> str:
        parts = urlsplit(value)
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
        if value and (not is_safe or not parts.hostname or parts.query or parts.fragment):
            raise ValueError("must look like https://login.example.org/realms/clinic, as the provider writes it")
        return value

    @field_validator("oidc_scope")
    @classmethod
    def _asks_who(cls, value: str) -> str:
        if "openid" not in value.split():
            raise ValueError("must hold the word openid, such as: openid groups")
        return value

    @field_validator("oidc_groups")
    @classmethod
    def _known_roles(cls, value: str) -> str:
        try:
            _roles_by_group(value)
        except ValueError:
            roles = ", ".join(role.value for role in Role)
            raise ValueError(f"must look like Care=therapist,Heads=supervisor; roles are {roles}") from None
        return value

    @field_validator("metrics")
    @classmethod
    def _long_token(cls, value: str) -> str:
        if value not in {"", "off"} and not re.fullmatch(r"[\x21-\x7e]{20,}", value):
            raise ValueError("must be empty, off, or a token of 20 characters or more without spaces")
        return value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)  # listing all that there are takes a hundred times as long
        except (ValueError, LookupError, OSError):
            raise ValueError("must be an IANA time zone such as Europe/London") from None
        return value

    @field_validator("country")
    @classmethod
    def _upper(cls, value: str) -> str:
        return value.upper()

    @property
    def database_address(self) -> str:
        """Return SQLAlchemy's address of the database."""
        return self.database_url or f"sqlite:///{self.data_dir / 'feedback.db'}"

    @property
    def oidc_roles(self) -> dict[str, Role]:
        """Return which group may enter in which role; a group opens one role only."""
        return _roles_by_group(self.oidc_groups)

    @property
    def is_secure(self) -> bool:
        """True when clients reach the product by https, so that cookies and headers may insist on it."""
        return self.base_url.startswith("https://")


def _each_host_apart(address: str) -> str:
    """Write `…@one:5432,two:5432/name` as SQLAlchemy reads it, and ask for the server that takes writes."""
    parts = urlsplit(address)
    account, at, hosts = parts.netloc.rpartition("@")
    if "," not in hosts:
        return address
    query = [*filter(None, [parts.query]), *(f"host={host}" for host in hosts.split(","))]
    if "target_session_attrs" not in parts.query:
        query.append("target_session_attrs=read-write")
    return urlunsplit(parts._replace(netloc=f"{account}{at}", query="&".join(query)))


def read_settings(**given: Any) -> Settings:
    """Read the environment; what is given by name goes before it.

    Raises `SettingsWrong` with one line that names the variable and the accepted form.
    """
    secrets = os.environ.get("FEEDBACK_SECRETS_DIR")
    try:
        return _whole(Settings(**(given | ({"_secrets_dir": secrets} if secrets else {}))))
    except ValidationError as error:
        first = error.errors()[0]
        name = "FEEDBACK_" + "_".join(str(part) for part in first["loc"][:1]).upper()
        raise SettingsWrong(f"{name}: {first['msg'].removeprefix('Value error, ')}.") from None


def _whole(settings: Settings) -> Settings:
    """Pass settings of which none needs another that is missing. Raises `SettingsWrong`."""
    for name in ("oidc_client_id", "oidc_client_secret"):
        if settings.oidc_issuer and not getattr(settings, name):
            raise SettingsWrong(f"FEEDBACK_{name.upper()}: is needed because FEEDBACK_OIDC_ISSUER is set.")
    if settings.oidc_issuer and not find_spec("authlib"):
        raise SettingsWrong(
            "FEEDBACK_OIDC_ISSUER: needs a part that is not installed. Run: "
            "pip install --require-hashes -r requirements-oidc.lock"
        )
    return settings


def _roles_by_group(value: str) -> dict[str, Role]:
    """Read `group=role,group=role`. Raises `ValueError`, also for a group that is named twice."""
    found: dict[str, Role] = {}
    for part in filter(None, value.split(",")):
        group, _, role = (piece.strip() for piece in part.rpartition("="))
        if not group or group in found:
            raise ValueError(part)
        found[group] = Role(role)
    return found
