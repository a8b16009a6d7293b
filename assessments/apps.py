from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from lms.core import navigation


class AssessmentsConfig(AppConfig):
    name = "assessments"
    label = "assessments"
    verbose_name = "Assessments"

    def ready(self) -> None:
        # Models are there only from here on, so these cannot stand at the top.
        from assessments import (
            bounds,
            course_page,
            depending,
            editors,
            freezing,
            outline,
            packs,
            publishing,
            quality,
            superseded,
        )
        from courses import ports
        from lms.organisation import access

        ports.pack_sections.register("paper", packs.PaperSection())
        ports.pack_sections.register("observations", packs.GuideSection())
        ports.pack_sections.register("questions", packs.QuestionSection())
        ports.outlines.register("assessments", outline.of)
        ports.question_sources.register("questions", quality.Questions())
        ports.publishing_checks.register("paper", publishing.paper_problems)
        ports.publishing_checks.register("questions", publishing.question_problems)
        ports.publishing_checks.register("observations", publishing.observation_problems)
        ports.publishing_checks.register("misconduct", publishing.misconduct_problems)
        ports.freezers.register("paper", freezing.freeze_paper)
        ports.freezers.register("observations", freezing.freeze_guides)
        ports.draft_contents.register("paper", freezing.paper_content)
        ports.draft_contents.register("observations", freezing.guides_content)
        ports.draft_editors.register("assessments", editors.since)
        ports.dependents.register("assessments", depending.of)
        ports.course_steps.register("assessments", course_page.steps)
        ports.review_reasons.register("questions on superseded instruments", superseded.review_reasons)
        ports.review_reasons.register("questions outside their bounds", bounds.review_reasons)
        navigation.entries.register(
            "marking",
            navigation.Entry(
                _("Marking"),
                "marking",
                order=50,
                shown_to=lambda viewer: access.Capability.ASSESS in access.remembered_capabilities(viewer),
            ),
        )
