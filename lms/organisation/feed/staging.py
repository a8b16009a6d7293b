"""Rows into the staging table as quickly as the database takes them: COPY on PostgreSQL, plain inserts on SQLite."""

import json
from collections.abc import Iterable

from django.db import connection

from lms.organisation.feed.records import Record
from lms.organisation.models import Feed, FeedRow

_COLUMNS = ("feed_id", "line", "who", "post", "unit", "values")


def stage(feed: Feed, records: Iterable[Record]) -> None:
    """Put these records into the staging table."""
    rows = [
        (feed.pk, one.line, one.who, one.get("post"), one.get("unit"), json.dumps(dict(one.values))) for one in records
    ]
    table = connection.ops.quote_name(FeedRow._meta.db_table)
    columns = ", ".join(connection.ops.quote_name(name) for name in _COLUMNS)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(_COLUMNS))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)
