"""PostgreSQL itself refuses overlaps; on SQLite, which has one writer, the steps' own check is enough."""

from django.db import migrations

RULES = [
    ("requirementversion", "requirement_one_version", "requirement_id WITH ="),
    ("exemption", "exempt_once", "person_id WITH =, course_id WITH ="),
]


def refuse_overlaps(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    for table, name, columns in RULES:
        schema_editor.execute(
            f"ALTER TABLE duties_{table} ADD CONSTRAINT duties_{name} EXCLUDE USING gist "
            f"({columns}, daterange(valid_from, valid_until) WITH &&) WHERE (known_until IS NULL)"
        )


def allow_overlaps(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table, name, _columns in RULES:
        schema_editor.execute(f"ALTER TABLE duties_{table} DROP CONSTRAINT duties_{name}")


class Migration(migrations.Migration):
    dependencies = [("duties", "0001_requirements_and_exemptions")]
    operations = [migrations.RunPython(refuse_overlaps, allow_overlaps)]
