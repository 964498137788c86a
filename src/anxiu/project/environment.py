"""The environment of one installation, typed; a wrong value is named at start, not met at night."""

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class Sso:
    """The company's login service, as the program uses it; without an issuer there is none."""

    issuer: str
    client_id: str
    client_secret: str
    name: str
    domains: frozenset[str]
    mfa: bool
    only: bool


class Environment(BaseSettings):
    """Everything that differs between installations. `ANXIU_X` sets `x`; `DATABASE_URL` keeps its common name."""

    model_config = SettingsConfigDict(env_prefix="ANXIU_", env_file=None, extra="ignore", hide_input_in_errors=True)

    data_dir: Path = ROOT / ".anxiu"
    database_url: str = Field(default="", validation_alias="DATABASE_URL")
    database_owner_url: str = Field(default="", validation_alias="DATABASE_OWNER_URL")
    pooler: bool = False  # one that shares connections between transactions: no prepared statements, no settings
    debug: bool = False
    test: bool = False
    secret_key: SecretStr = SecretStr("")
    public_url: str = "http://127.0.0.1:8000"
    allowed_hosts: str = "127.0.0.1,localhost,[::1]"
    time_zone: str = "Asia/Shanghai"
    language: Literal["zh-hans", "en"] = "zh-hans"
    currency: str = "CNY"
    company_zh: str = "安修示例服务公司"
    company_en: str = "Anxiu Demo Service"
    company_phone: str = ""
    demo: bool = False  # the company here was made up to look at; `anxiu run` says so by itself
    # Where "show the way" leads; the place is in WGS-84.
    map_link: str = "https://uri.amap.com/marker?position={longitude},{latitude}&name={name}&coordinate=wgs84&callnative=1"
    smtp_url: str = ""
    mail_from: str = "Anxiu <service@localhost>"
    witnesses: str = ""  # mail addresses, separated by commas, that are sent the chain's head every day
    hooks_to_loopback: bool = False  # for trying out webhooks: targets on this very machine, also by plain http
    mail_servers_inside: bool = False  # mailboxes may be on servers within the own network, also without TLS
    trusted_proxies: int = 0
    metrics_token: SecretStr = SecretStr("")  # without it, /metrics answers this machine only
    log: Literal["auto", "json", "text"] = "auto"  # text on a terminal, else JSON
    # Logging in by the company's login service, by OpenID Connect.
    sso_issuer: str = ""
    sso_client_id: str = ""
    sso_client_secret: SecretStr = SecretStr("")
    sso_name: str = ""
    sso_domains: str = ""  # whose confirmed addresses link an account, separated by commas
    sso_mfa: bool = False  # the service asks for a second step itself: it counts
    sso_only: bool = False  # people of these domains do not log in by password
    mfa_posts: str = ""  # posts that must log in by two steps, separated by commas
    session_idle: int = Field(default=12 * 60, ge=5)  # minutes without a page until a login ends
    session_life: int = Field(default=7 * 24 * 60, ge=5)  # minutes a login lasts at most
    api_rate: int = Field(default=600, ge=0)  # calls a minute of one account; 0 for no limit
    threads: int = Field(default=8, ge=1, le=64)
    media_dir: Path | None = None
    # Files in an object store that speaks S3, instead of the folder.
    files_bucket: str = ""
    files_endpoint: str = ""  # without it, Amazon's of the region
    files_region: str = ""
    files_access_key: str = ""  # without it, what the machine itself may
    files_secret_key: SecretStr = SecretStr("")
    files_prefix: str = ""  # a bucket may be shared
    files_addressing: Literal["auto", "path", "virtual"] = "auto"
    test_suffix: str = ""

    @model_validator(mode="after")
    def _sso_is_whole(self) -> Self:
        """A login service half named would let nobody in, or anybody between."""
        if not self.sso_issuer:
            return self
        if not (self.sso_client_id and self.sso_client_secret.get_secret_value() and self.sso_domains.strip(" ,")):
            raise ValueError("ANXIU_SSO_ISSUER needs ANXIU_SSO_CLIENT_ID, ANXIU_SSO_CLIENT_SECRET, ANXIU_SSO_DOMAINS")
        if not self.sso_issuer.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
            raise ValueError("ANXIU_SSO_ISSUER must be an https address")
        return self

    @model_validator(mode="after")
    def _bucket_is_whole(self) -> Self:
        """Files must have one place: half a bucket, or a bucket beside a folder, would lose some."""
        if not self.files_bucket:
            secret = self.files_secret_key.get_secret_value()
            if self.files_endpoint or self.files_access_key or secret or self.files_prefix:
                raise ValueError("ANXIU_FILES_… settings need ANXIU_FILES_BUCKET")
            return self
        if importlib.util.find_spec("boto3") is None:
            raise ValueError("ANXIU_FILES_BUCKET needs the packages of the extra: uv sync --extra s3")
        if self.media_dir:
            raise ValueError("ANXIU_MEDIA_DIR and ANXIU_FILES_BUCKET: files lie in one of them, not in both")
        if bool(self.files_access_key) != bool(self.files_secret_key.get_secret_value()):
            raise ValueError("ANXIU_FILES_ACCESS_KEY and ANXIU_FILES_SECRET_KEY go together")
        if self.files_endpoint and not self.files_endpoint.startswith(("https://", "http://")):
            raise ValueError("ANXIU_FILES_ENDPOINT must be an http or https address")
        return self

    def bucket(self) -> dict[str, str]:
        """How the object store is reached; empty where files lie in a folder."""
        if not self.files_bucket:
            return {}
        return {
            "bucket": self.files_bucket, "endpoint": self.files_endpoint, "region": self.files_region,
            "access_key": self.files_access_key, "secret_key": self.files_secret_key.get_secret_value(),
            "prefix": self.files_prefix, "addressing": self.files_addressing,
        }  # fmt: skip

    def sso(self) -> Sso:
        """What the settings say about the company's login service."""
        domains = frozenset(each.strip().lower() for each in self.sso_domains.split(",") if each.strip())
        return Sso(
            self.sso_issuer, self.sso_client_id, self.sso_client_secret.get_secret_value(), self.sso_name, domains,
            self.sso_mfa, self.sso_only,
        )  # fmt: skip


env = Environment()
