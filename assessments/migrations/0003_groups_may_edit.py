"""Authors and approvers may write questions, papers and observation guides."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

MODELS = ["question", "paper", "observationguide"]


def allow(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give both groups the permissions, which Django itself makes only after all migrations."""
    groups = apps.get_model("auth", "Group").objects.filter(name__in=["Course authors", "Approvers"])
    for model in MODELS:
        content_type, _new = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
            app_label="assessments", model=model
        )
        for act in ("add", "change", "view"):
            permission, _new = apps.get_model("auth", "Permission").objects.get_or_create(
                content_type=content_type, codename=f"{act}_{model}", defaults={"name": f"Can {act} {model}"}
            )
            for group in groups:
                group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0002_an_answer_may_be_taken_back"),
        ("courses", "0003_course_list_and_groups"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(allow, migrations.RunPython.noop)]
