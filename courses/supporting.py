"""Support: a second person reads a draft and stands by it. Before: writing. After: somebody else approves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from courses import drafts, editors
from courses.models.supports import Support
from lms.core import audit
from lms.core.actors import Actor, MachineRule, columns
from lms.core.errors import Refused

if TYPE_CHECKING:
    from courses.models.pages import CoursePage


@transaction.atomic
def support(page: CoursePage, *, by: Actor, comment: str = "") -> Support:
    """Stand by the newest draft. Raises Refused for who edited it; harmless the second time."""
    draft = page.get_latest_revision_as_object()
    refuse_editor(draft, by=by)
    standing_now = standing(draft)
    if standing_now is not None and standing_now.by == by:
        return standing_now
    made = Support.objects.create(
        course=draft.course, content_hash=hash_of(draft), comment=drafts.tidy(comment), **columns(by)
    )
    audit.record("course supported", draft.course, by=by, comment=made.comment)
    return made


def refuse_editor(page: CoursePage, *, by: Actor) -> None:
    """Raise Refused where `by` edited the draft since the last version."""
    if not isinstance(by, MachineRule) and by.pk in editors.of(page):
        raise Refused(_("You edited it since the last version; somebody else has to read and support it."))


def standing(page: CoursePage) -> Support | None:
    """The newest support of exactly this draft, by somebody who has not edited it since."""
    wrote = editors.of(page)
    given = Support.objects.filter(course=page.course, content_hash=hash_of(page)).order_by("-on", "-pk")
    return next((row for row in given if row.by_user_id not in wrote), None)


def refuse_unsupported(page: CoursePage) -> None:
    """Raise Refused where nobody stands by this draft, or it was changed afterwards."""
    if standing(page) is None:
        raise Refused(_("It was changed since somebody supported it. Request changes, so that it is read again."))


def hash_of(page: CoursePage) -> str:
    """Which draft was read: everything that would be published but the publisher's answer on what changed."""
    content = drafts.content(page)
    content["course"] = {name: value for name, value in content["course"].items() if name != "what_changed"}
    return drafts.hash_of(content)
