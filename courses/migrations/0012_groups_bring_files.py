"""Authors and approvers may bring pictures, videos and captions into the library, and choose what is there."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def allow(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give both groups the permissions over the whole library."""
    library = apps.get_model("wagtailcore", "Collection").objects.get(depth=1)
    GroupCollectionPermission = apps.get_model("wagtailcore", "GroupCollectionPermission")
    for group in apps.get_model("auth", "Group").objects.filter(name__in=["Course authors", "Approvers"]):
        for app, model in (("wagtailimages", "image"), ("wagtaildocs", "document")):
            for act in ("add", "choose"):
                permission = _permission(apps, app, model, act)
                GroupCollectionPermission.objects.get_or_create(group=group, collection=library, permission=permission)


def _permission(apps: Apps, app: str, model: str, act: str):  # type: ignore[no-untyped-def]
    # Permissions are made after all migrations; these have to be there now.
    content_type, _new = apps.get_model("contenttypes", "ContentType").objects.get_or_create(app_label=app, model=model)
    permission, _new = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type, codename=f"{act}_{model}", defaults={"name": f"Can {act} {model}"}
    )
    return permission


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0011_lesson_pictures_and_videos"),
        ("wagtailimages", "0027_image_description"),
        ("wagtaildocs", "0014_alter_document_file_size"),
    ]

    operations = [migrations.RunPython(allow, migrations.RunPython.noop)]
