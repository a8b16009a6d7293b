"""Authors and approvers may word a criterion anew."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def allow(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give both groups the permission."""
    content_type, _new = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="courses", model="criterionversion"
    )
    permission, _new = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type,
        codename="add_criterionversion",
        defaults={"name": "Can add criterion version"},
    )
    for group in apps.get_model("auth", "Group").objects.filter(name__in=["Course authors", "Approvers"]):
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [("courses", "0003_course_list_and_groups")]

    operations = [migrations.RunPython(allow, migrations.RunPython.noop)]
