"""Authors and approvers may name subjects that courses ask for."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def allow(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give both groups the permissions."""
    content_type, _new = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="courses", model="entrysubject"
    )
    groups = list(apps.get_model("auth", "Group").objects.filter(name__in=["Course authors", "Approvers"]))
    for act in ("add", "change"):
        permission, _new = apps.get_model("auth", "Permission").objects.get_or_create(
            content_type=content_type,
            codename=f"{act}_entrysubject",
            defaults={"name": f"Can {act} entry subject"},
        )
        for group in groups:
            group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [("courses", "0013_entry_and_eligibility")]

    operations = [migrations.RunPython(allow, migrations.RunPython.noop)]
