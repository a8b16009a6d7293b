"""After many rows were added at once, the database is told how many there are.

PostgreSQL plans by counts that it takes up about a minute later by itself, and until then it may choose a plan that
takes minutes for what takes a millisecond. Call `refresh` at the end of a step that loads in bulk.
"""

from django.db import connection


def refresh() -> None:
    """Count anew, inside the transaction that added the rows or after it."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
