"""The store's migrations (Alembic), inside the package so that an installed holdfast can run them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0015"
"""The newest migration; written here so that opening an up-to-date store need not load Alembic."""

MIGRATION_LOCK = 0x686F6C64
"""Key of the PostgreSQL advisory lock that lets one process migrate at a time."""


def upgrade(connection: Connection) -> None:
    """Runs every migration the database lacks, in the transaction of `connection`."""
    from alembic import command

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def versions() -> frozenset[str]:
    """All migrations that this version of holdfast knows."""
    from alembic.script import ScriptDirectory

    return frozenset(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config
