"""The environment of one installation, typed; a wrong value is named at start, not met at night."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[3]


class Environment(BaseSettings):
    """Everything that differs between installations. `ANXIU_X` sets `x`; `DATABASE_URL` keeps its common name."""

    model_config = SettingsConfigDict(env_prefix="ANXIU_", env_file=None, extra="ignore")

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
    threads: int = Field(default=8, ge=1, le=64)
    media_dir: Path | None = None
    test_suffix: str = ""


env = Environment()
