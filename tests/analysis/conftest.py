"""Stores for tests of what is asked of them: those of the store's own tests."""

from __future__ import annotations

from tests.db.conftest import database, engine, postgresql_server, postgresql_url

__all__ = ["database", "engine", "postgresql_server", "postgresql_url"]
