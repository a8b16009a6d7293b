"""PostgreSQL itself refuses overlaps; on SQLite, which has one writer, the steps' own check is enough."""

from django.db import migrations

# table, columns that must agree, further condition; always: days overlap and both rows are held true.
RULES = [
    ("postholding", "post_one_substantive_holder", "post_id WITH =", "AND kind = 'substantive'"),
    ("postholding", "person_once_in_a_post", "person_id WITH =, post_id WITH =", ""),
    ("staffnumber", "number_once_per_employer", "employer_id WITH =, number WITH =", ""),
    ("unitplacement", "unit_in_one_place", "unit_id WITH =", ""),
    ("reportingline", "post_one_line_up", "post_id WITH =", ""),
    ("leave", "person_one_leave", "person_id WITH =", ""),
    ("rolegrant", "grant_once", "user_id WITH =, role WITH =, unit_id WITH =", ""),
    ("jurisdictionadoption", "jurisdiction_once", "jurisdiction WITH =", ""),
]


def refuse_overlaps(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    for table, name, columns, condition in RULES:
        schema_editor.execute(
            f"ALTER TABLE organisation_{table} ADD CONSTRAINT organisation_{name} EXCLUDE USING gist "
            f"({columns}, daterange(valid_from, valid_until) WITH &&) WHERE (known_until IS NULL {condition})"
        )


def allow_overlaps(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table, name, _columns, _condition in RULES:
        schema_editor.execute(f"ALTER TABLE organisation_{table} DROP CONSTRAINT organisation_{name}")


class Migration(migrations.Migration):
    dependencies = [("organisation", "0002_known_kinds_and_one_standing_code")]
    operations = [migrations.RunPython(refuse_overlaps, allow_overlaps)]
