"""After many rows were added at once, the database is told how many there are.

PostgreSQL plans by counts that it takes up about a minute later by itself, and until then it may choose a plan that
takes minutes for what takes a millisecond. Call `refresh` at the end of a step that loads in bulk.
"""

from django.db import connection
from django.db.models import Model


def refresh(*models: type[Model]) -> None:
    """Count anew, inside the transaction that added the rows or after it: these tables, or all."""
    tables = [f" {connection.ops.quote_name(model._meta.db_table)}" for model in models]
    with connection.cursor() as cursor:
        for table in tables or [""]:
            cursor.execute(f"ANALYZE{table}")
