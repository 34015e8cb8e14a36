"""The full-text index of documents: what the database keeps for `db.lists.search`, by kind of database.

Terms of three characters and more are found by trigrams, shorter ones (虹膜, 血样) by what each database
can do with two: SQLite reads its trigrams as a sorted list, PostgreSQL has an index of pairs. The database
itself keeps both up to date.
"""

from __future__ import annotations

SQLITE = (
    # Two line feeds at the end give the last two characters of a text trigrams of their own.
    """
    CREATE VIEW document_body (number, body) AS
    SELECT number, title || char(10) || text || char(10) || char(10) FROM document
    """,
    """
    CREATE VIRTUAL TABLE document_fts USING fts5(
        body, content = 'document_body', content_rowid = 'number', tokenize = 'trigram', columnsize = 0
    )
    """,
    "CREATE VIRTUAL TABLE document_terms USING fts5vocab(document_fts, instance)",
    """
    CREATE TRIGGER document_inserted AFTER INSERT ON document BEGIN
        INSERT INTO document_fts (rowid, body)
        VALUES (new.number, new.title || char(10) || new.text || char(10) || char(10));
    END
    """,
    """
    CREATE TRIGGER document_deleted AFTER DELETE ON document BEGIN
        INSERT INTO document_fts (document_fts, rowid, body)
        VALUES ('delete', old.number, old.title || char(10) || old.text || char(10) || char(10));
    END
    """,
    """
    CREATE TRIGGER document_changed AFTER UPDATE OF title, text ON document
    WHEN old.title <> new.title OR old.text <> new.text BEGIN
        INSERT INTO document_fts (document_fts, rowid, body)
        VALUES ('delete', old.number, old.title || char(10) || old.text || char(10) || char(10));
        INSERT INTO document_fts (rowid, body)
        VALUES (new.number, new.title || char(10) || new.text || char(10) || char(10));
    END
    """,
)

SQLITE_LIGHTER = (
    # Which documents hold a trigram is kept, but not where: two thirds of the time to write, and a match of
    # several trigrams is looked up in the text (`db.lists.fulltext`).
    "DROP TABLE document_terms",
    "DROP TABLE document_fts",
    """
    CREATE VIRTUAL TABLE document_fts USING fts5(
        body, content = 'document_body', content_rowid = 'number', tokenize = 'trigram', columnsize = 0,
        detail = 'none'
    )
    """,
    "CREATE VIRTUAL TABLE document_terms USING fts5vocab(document_fts, instance)",
    "INSERT INTO document_fts (document_fts, rank) VALUES ('automerge', 16)",
    "INSERT INTO document_fts (document_fts, rank) VALUES ('pgsz', 16000)",
    "INSERT INTO document_fts (document_fts) VALUES ('rebuild')",
)

POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    """
    CREATE FUNCTION holdfast_grams(body text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT array_agg(DISTINCT gram) FROM (
            SELECT unnest(ARRAY[c, c || lead(c, 1, '') OVER (ORDER BY n)]) AS gram
            FROM unnest(string_to_array(lower(body), NULL)) WITH ORDINALITY AS characters (c, n)
        ) AS grams
    $$
    """,
    "CREATE INDEX ix_document_trigrams ON document USING gin ((title || E'\\n' || text) gin_trgm_ops)",
    # Stored, because the planner would rather call the function for every row than use an index of its values.
    """
    ALTER TABLE document
    ADD COLUMN grams text[] GENERATED ALWAYS AS (holdfast_grams(title || E'\n' || text)) STORED
    """,
    "CREATE INDEX ix_document_grams ON document USING gin (grams)",
)

# The same grams, so that nothing stored changes: two arrays side by side need no window and no sorting.
POSTGRESQL_PAIRED = """
    CREATE OR REPLACE FUNCTION holdfast_grams(body text) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        WITH characters AS (SELECT string_to_array(lower(body), NULL) AS each)
        SELECT array(
            SELECT c FROM characters, unnest(each) AS c
            UNION
            SELECT c || d FROM characters, unnest(each, each[2:]) AS pairs (c, d) WHERE d IS NOT NULL
        )
    $$
"""
