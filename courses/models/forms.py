"""The editor's form of a course page: the course's code is given once and makes the course."""

from typing import Any

from django import forms
from django.core.validators import validate_slug
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminPageForm

from courses.models.versions import Course


class CoursePageForm(WagtailAdminPageForm):
    """Asks for the code of a new course; afterwards shows it."""

    code = forms.CharField(label=gettext_lazy("Code"), max_length=30, validators=[validate_slug])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.course_id:
            self.fields["code"].initial = self.instance.course.code
            self.fields["code"].disabled = True
        if self.instance.live and not self.instance.has_unpublished_changes:
            # What was said of the last publication says nothing of the next.
            self.initial |= {"change": "", "what_changed": ""}

    def clean_code(self) -> str:
        """A new course needs a code that no course has."""
        code: str = self.cleaned_data["code"]
        if not self.instance.course_id and Course.objects.filter(code__iexact=code).exists():
            raise forms.ValidationError(_("There is a course with this code already."))
        return code

    def clean(self) -> dict[str, Any]:
        """Say what changed where the meaning changes."""
        data: dict[str, Any] = super().clean()
        if data.get("change") == "meaning" and not data.get("what_changed"):
            self.add_error("what_changed", _("A change of meaning needs a sentence that says what changed."))
        return data

    def save(self, commit: bool = True) -> Any:
        """Give a new page its course, which is saved with the page: a preview saves neither."""
        page = self.instance
        if not page.course_id:
            page.course = Course(
                code=self.cleaned_data["code"], track=page.track, is_integrity=page.is_integrity, is_offered=False
            )
        return super().save(commit)
