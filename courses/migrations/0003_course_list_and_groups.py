"""The parent of all courses in Wagtail's tree, and the two groups that edit and publish them.

The groups have names that `lms.organisation` gives and takes by grants of the roles course author and approver.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

AUTHORS, APPROVERS = "Course authors", "Approvers"
SNIPPETS = ["instrument", "document", "documentversion", "studyunit", "learningoutcome", "criterion"]


def make(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make what is missing."""
    page = _course_list(apps)
    Group = apps.get_model("auth", "Group")
    for name, page_permissions in ((AUTHORS, ["add", "change"]), (APPROVERS, ["add", "change", "publish"])):
        group, _new = Group.objects.get_or_create(name=name)
        group.permissions.add(_permission(apps, "wagtailadmin", "admin", "access_admin", "Can access Wagtail admin"))
        for model in SNIPPETS:
            for act in ("add", "change"):
                codename = f"{act}_{model}"
                group.permissions.add(_permission(apps, "courses", model, codename, f"Can {act} {model}"))
        for act in page_permissions:
            permission = _permission(apps, "wagtailcore", "page", f"{act}_page", f"{act.title()} any page")
            apps.get_model("wagtailcore", "GroupPagePermission").objects.get_or_create(
                group=group, page=page, permission=permission
            )
    _workflow(apps, page, Group.objects.get(name=APPROVERS))


def _course_list(apps: Apps):  # type: ignore[no-untyped-def]
    Page = apps.get_model("wagtailcore", "Page")
    CourseIndexPage = apps.get_model("courses", "CourseIndexPage")
    found = CourseIndexPage.objects.first()
    if found is not None:
        return Page.objects.get(pk=found.pk)
    root = Page.objects.get(depth=1)
    content_type, _new = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="courses", model="courseindexpage"
    )
    last = Page.objects.filter(depth=2).order_by("path").last()
    number = int(last.path[-4:], 36) + 1 if last else 1
    made = CourseIndexPage.objects.create(
        title="Courses",
        draft_title="Courses",
        slug="courses",
        content_type=content_type,
        path=f"{root.path}{_base36(number):0>4}",
        depth=2,
        numchild=0,
        url_path="/courses/",
        live=True,
        locale=apps.get_model("wagtailcore", "Locale").objects.first(),
    )
    root.numchild += 1
    root.save(update_fields=["numchild"])
    return Page.objects.get(pk=made.pk)


def _base36(number: int) -> str:
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    text = ""
    while number:
        number, rest = divmod(number, 36)
        text = digits[rest] + text
    return text


def _permission(apps: Apps, app: str, model: str, codename: str, name: str):  # type: ignore[no-untyped-def]
    # Permissions are made after all migrations; these have to be there now.
    content_type, _new = apps.get_model("contenttypes", "ContentType").objects.get_or_create(app_label=app, model=model)
    permission, _new = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type, codename=codename, defaults={"name": name}
    )
    return permission


def _workflow(apps: Apps, page, approvers) -> None:  # type: ignore[no-untyped-def]
    GroupApprovalTask = apps.get_model("wagtailcore", "GroupApprovalTask")
    content_type, _new = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="wagtailcore", model="groupapprovaltask"
    )
    task, is_new = GroupApprovalTask.objects.get_or_create(
        name="Course approval", defaults={"content_type": content_type, "active": True}
    )
    if is_new:
        task.groups.add(approvers)
    workflow, _new = apps.get_model("wagtailcore", "Workflow").objects.get_or_create(name="Course approval")
    apps.get_model("wagtailcore", "WorkflowTask").objects.get_or_create(
        workflow=workflow, task_id=task.pk, defaults={"sort_order": 0}
    )
    apps.get_model("wagtailcore", "WorkflowPage").objects.get_or_create(page=page, defaults={"workflow": workflow})


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0002_packs_and_pages"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtailadmin", "0006_formstate"),
    ]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
