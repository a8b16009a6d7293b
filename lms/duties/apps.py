from collections.abc import Callable

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from lms.core import navigation


class DutiesConfig(AppConfig):
    name = "lms.duties"
    label = "duties"
    verbose_name = "Duties"

    def ready(self) -> None:
        # Models are there only from here on, so this cannot stand at the top.
        from courses import ports
        from lms.core import outbox
        from lms.core.exports.kinds import kinds
        from lms.duties import depending, duties, exporting, ready_rules, stale
        from lms.duties.exceptions.leave_effects import OnDuties
        from lms.duties.periods import reports
        from lms.duties.proposing import dates
        from lms.organisation import first_steps, leaves
        from lms.organisation.access import Capability, remembered_capabilities

        ports.dependents.register("duties", depending.of)
        ports.asked_again.register("duties", duties.are_asking)
        first_steps.entries.register("rule", ready_rules.FIRST_STEP)
        stale.hear_of_facts()
        outbox.handlers.register("duties.mail_report", reports.mail_report)
        outbox.handlers.register(dates.JOB, dates.handle)
        leaves.effects.register("duties", OnDuties())
        kinds.register("coverage", exporting.FIGURES)
        kinds.register("closed period", exporting.FILED)
        kinds.register("people", exporting.PEOPLE)

        def may(*capabilities: Capability) -> Callable[[object], bool]:
            return lambda viewer: bool(remembered_capabilities(viewer) & set(capabilities))

        assigning = may(Capability.ASSIGN_ANY, Capability.ASSIGN_INTEGRITY)
        coverage = navigation.Entry(_("Coverage"), "coverage", 30, may(Capability.SEE_COVERAGE))
        navigation.entries.register("coverage", coverage)
        navigation.entries.register("requirements", navigation.Entry(_("Requirements"), "requirements", 40, assigning))
