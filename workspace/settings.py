"""The settings of a workspace: one typed object, read once."""

from __future__ import annotations

import tomllib
from typing import Annotated, Any

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from workspace.alerting import Alerts
from workspace.errors import InvalidSettings
from workspace.layout import Workspace
from workspace.log_format import LogFormat
from workspace.web_archive import WebArchive

PREFIX = "HOLDFAST_"

Positive = Annotated[int, Field(gt=0)]


class Settings(BaseSettings):
    """Everything a user can set, with its default. Environment variables come before the file."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    log_format: LogFormat = Field(LogFormat.TEXT, description="Form of the files in logs/: text or json.")
    operator: str = Field("", description="Who runs the crawls; written into every WARC file.")
    user_agent: str = Field(
        "holdfast/0.1 (evidence archive)", description="What servers are told about who asks.", min_length=1
    )
    database_url: str = Field("", description="SQLAlchemy URL of the database; empty for holdfast.db here.")
    proxy: str = Field("", description="HTTP or SOCKS proxy for every fetch, such as http://127.0.0.1:8080.")
    confirm_proxy: str = Field(
        "", description="Proxy for the second look at a page that seems gone; empty for the ordinary way."
    )
    download_delay: float = Field(1.0, ge=0, description="Seconds between two fetches from one host.")
    concurrency_per_host: Positive = Field(2, description="Fetches under way at once from one host.")
    concurrency: Positive = Field(16, description="Fetches under way at once in all.")
    timeout: float = Field(60.0, gt=0, description="Seconds before a fetch is given up.")
    max_body_bytes: Positive = Field(64 * 2**20, description="A longer response is cut and marked so.")
    max_requisite_bytes: Positive = Field(32 * 2**20, description="The same, for images and styles.")
    warc_max_bytes: Positive = Field(2**30, description="A WARC file that has grown to this size is sealed.")
    min_free_bytes: int = Field(2 * 2**30, ge=0, description="A crawl pauses when less disk space is left.")
    looks_a_day: Positive = Field(
        500, description="Looks that `holdfast check --due` may take at the pages of one host in 24 hours."
    )
    obey_robots: bool = Field(True, description="Whether robots.txt is honoured.")
    reading_seconds: float = Field(
        600.0, gt=0, description="Seconds before the reading of a page is given up; the page is kept."
    )
    chromium: str = Field("", description="Path of Chromium, for pictures of pages; empty to look for it.")
    browser_seconds: float = Field(180.0, gt=0, description="Seconds a page may take in the browser.")
    browser_sandbox: bool = Field(True, description="Chromium's sandbox; false where a container forbids it.")
    timestamp_url: str = Field("", description="RFC 3161 authority that time-stamps the custody log.")
    timestamp_ca: str = Field("", description="PEM file with the authority's root certificate.")
    storage_url: str = Field(
        "",
        description="Where `holdfast store` puts archive files: s3://bucket/folder, or file:///mnt/disk/folder.",
    )
    web_archive: tuple[WebArchive, ...] = Field(
        (), description="Web archives that `holdfast lookup` may ask for older captures; none by default."
    )
    storage_endpoint: str = Field("", description="Address of the S3-compatible server, if not Amazon's.")
    alerts: Alerts = Field(
        Alerts(), description="Who is told of what by e-mail, webhook or feed; nobody by default."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment first, then the file's values, which arrive as init values."""
        return env_settings, init_settings


def load_settings(workspace: Workspace) -> Settings:
    """The settings of `workspace`. Raises InvalidSettings naming the file or variable, and the key."""
    path = workspace.settings_file
    try:
        values: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise InvalidSettings(f"{path} is not valid TOML: {error}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidSettings(f"cannot read {path}: {error}") from error
    try:
        return Settings(**values)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        where = (
            str(path) if str(first["loc"][0]) in values else f"the environment variable {PREFIX}{key.upper()}"
        )
        if first["type"] == "extra_forbidden":
            known = f"; keys are: {', '.join(Settings.model_fields)}" if len(first["loc"]) == 1 else ""
            raise InvalidSettings(f"{path} has a key {key!r} that holdfast does not know{known}") from error
        raise InvalidSettings(
            f"{where}: {key}: {first['msg'].removeprefix('Value error, ').lower()}, got {first['input']!r}"
        ) from error


def database_url(workspace: Workspace, settings: Settings) -> str:
    """The database to use: the settings' own, else the SQLite file of the workspace."""
    return settings.database_url or f"sqlite:///{workspace.database_file}"
