"""Wagtail's editor: questions, papers and guides as snippets."""

from wagtail.snippets.models import register_snippet

from assessments.snippets import AssessmentGroup

register_snippet(AssessmentGroup)
