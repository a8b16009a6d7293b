"""Facts from before there were marks: everybody is marked, and the first worker makes their spans."""

from django.db import migrations

PEOPLE = """
INSERT INTO duties_stalemark (kind, subject, from_day, is_in_rebuild)
SELECT 1, person_id, '0001-01-01', FALSE FROM organisation_postholding WHERE known_until IS NULL GROUP BY person_id
"""
POSTS = """
INSERT INTO duties_stalemark (kind, subject, from_day, is_in_rebuild)
SELECT 2, id, '0001-01-01', FALSE FROM organisation_post
"""


class Migration(migrations.Migration):
    dependencies = [("duties", "0003_spans_levels_and_marks"), ("organisation", "0005_staff_feeds")]
    operations = [
        migrations.RunSQL(PEOPLE, "DELETE FROM duties_stalemark"),
        migrations.RunSQL(POSTS, migrations.RunSQL.noop),
    ]
