"""The SQL store: models, migrations, ingest, queries, full-text search."""
