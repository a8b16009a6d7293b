"""Groups through which Wagtail's admin knows authors and approvers. Who is in them follows role grants."""

from django.db import migrations

GROUPS = ["Course authors", "Approvers", "Administrators"]


def make_groups(apps, schema_editor):
    Permission = apps.get_model("auth", "Permission")
    ContentType = apps.get_model("contenttypes", "ContentType")
    # As Wagtail's own migration does: the permission may not be there yet while migrations run.
    admin, _made = ContentType.objects.get_or_create(app_label="wagtailadmin", model="admin")
    entry, _made = Permission.objects.get_or_create(
        content_type=admin, codename="access_admin", defaults={"name": "Can access Wagtail admin"}
    )
    for name in GROUPS:
        group, _made = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        group.permissions.add(entry)


def drop_groups(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=GROUPS).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("organisation", "0003_no_two_at_once"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
    ]
    operations = [migrations.RunPython(make_groups, drop_groups)]
