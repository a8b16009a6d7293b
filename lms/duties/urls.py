"""Addresses of figures and rules."""

from django.urls import path

from lms.duties.exceptions.urls import exceptions
from lms.duties.views import (
    coverage,
    coverage_kinds,
    coverage_over_time,
    coverage_people,
    exporting,
    periods,
    plans,
    proposals,
    reminders,
    reports,
    requirements,
)

urlpatterns = [
    path("coverage/", coverage.coverage_page, name="coverage"),
    path("coverage/csv/", coverage.coverage_file, name="coverage_csv"),
    path("coverage/export/", exporting.coverage_export, name="coverage_export"),
    path("coverage/periods/", periods.periods, name="periods"),
    path("coverage/periods/<uuid:uuid>/", periods.period, name="period"),
    path("coverage/reports/", reports.reports, name="reports"),
    path("coverage/reports/<uuid:uuid>/end/", reports.report_end, name="report_end"),
    path("coverage/over-time/", coverage_over_time.coverage_over_time, name="coverage_over_time"),
    path("coverage/kinds/", coverage_kinds.coverage_kinds, name="coverage_kinds"),
    path("coverage/people/", coverage_people.coverage_people, name="coverage_people"),
    path("coverage/people/csv/", coverage_people.coverage_people_file, name="coverage_people_csv"),
    path("coverage/plan/", plans.plans, name="plans"),
    path("coverage/plan/<uuid:uuid>/", plans.plan, name="plan"),
    path("coverage/plan/<uuid:uuid>/csv/", plans.plan_csv, name="plan_csv"),
    path("coverage/plan/<uuid:uuid>/draft/", plans.plan_draft, name="plan_draft"),
    path("coverage/plan/<uuid:uuid>/decide/", plans.plan_decide, name="plan_decide"),
    path("coverage/plan/<uuid:uuid>/lines/<uuid:line>/out/", plans.plan_line_out, name="plan_line_out"),
    path("coverage/plan/<uuid:uuid>/propose/", plans.plan_step, {"step": "propose"}, name="plan_propose"),
    path("coverage/plan/<uuid:uuid>/ask/", plans.plan_step, {"step": "ask"}, name="plan_ask"),
    path("coverage/plan/<uuid:uuid>/reopen/", plans.plan_step, {"step": "reopen"}, name="plan_reopen"),
    path("integrity/plan/", plans.integrity_plans, name="integrity_plans"),
    path("requirements/", requirements.requirements, name="requirements"),
    path("requirements/new/", requirements.requirement_new, name="requirement_new"),
    path("requirements/<uuid:uuid>/change/", requirements.requirement_change, name="requirement_change"),
    path("requirements/<uuid:uuid>/end/", requirements.requirement_end, name="requirement_end"),
    path("requirements/proposals/", proposals.proposals, name="proposals"),
    path("requirements/proposals/<uuid:uuid>/", proposals.proposal, name="proposal"),
    path("requirements/proposals/<uuid:uuid>/csv/", proposals.proposal_file, name="proposal_file"),
    *exceptions,
    path("requirements/reminders/", reminders.reminders, name="reminders"),
    path("requirements/reminders/sheet/", reminders.reminder_sheet, name="reminder_sheet"),
    path("requirements/reminders/words/", reminders.reminder_wordings, name="reminder_wordings"),
    path(
        "requirements/reminders/words/<slug:key>/<slug:language>/", reminders.reminder_wording, name="reminder_wording"
    ),
    path(
        "requirements/reminders/words/<slug:key>/<slug:language>/restore/",
        reminders.reminder_wording_restore,
        name="reminder_wording_restore",
    ),
]
