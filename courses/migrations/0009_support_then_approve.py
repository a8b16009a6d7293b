"""The workflow of courses has two steps: members of both groups may support, approvers approve."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

WORKFLOW = "Course approval"
STEPS = [
    ("supporttask", "SupportTask", "Support", ["Course authors", "Approvers"]),
    ("approvaltask", "ApprovalTask", "Approve", ["Approvers"]),
]


def arrange(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put the two steps in place of the one there was."""
    workflow = apps.get_model("wagtailcore", "Workflow").objects.get(name=WORKFLOW)
    _let_go(apps, workflow)
    for place, (name, model, title, groups) in enumerate(STEPS):
        content_type, _new = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
            app_label="courses", model=name
        )
        task = apps.get_model("courses", model).objects.create(name=title, content_type=content_type, active=True)
        task.groups.set(apps.get_model("auth", "Group").objects.filter(name__in=groups))
        apps.get_model("wagtailcore", "WorkflowTask").objects.create(
            workflow=workflow, task_id=task.pk, sort_order=place
        )


def _let_go(apps: Apps, workflow) -> None:  # type: ignore[no-untyped-def]
    # What waits in the old step is submitted anew: nobody has supported it.
    waiting = apps.get_model("wagtailcore", "WorkflowState").objects.filter(workflow=workflow)
    waiting = waiting.filter(status__in=["in_progress", "needs_changes"])
    apps.get_model("wagtailcore", "TaskState").objects.filter(
        workflow_state__in=waiting.values("pk"), status="in_progress"
    ).update(status="cancelled")
    waiting.update(status="cancelled")
    steps = apps.get_model("wagtailcore", "WorkflowTask").objects.filter(workflow=workflow)
    apps.get_model("wagtailcore", "Task").objects.filter(pk__in=list(steps.values_list("task_id", flat=True))).update(
        active=False
    )
    steps.delete()


class Migration(migrations.Migration):
    dependencies = [("courses", "0008_support_before_approval"), ("wagtailcore", "0098_apitoken")]

    operations = [migrations.RunPython(arrange, migrations.RunPython.noop)]
