"""Addresses of figures and rules."""

from django.urls import path

from lms.duties.exceptions.urls import exceptions
from lms.duties.views import coverage, exporting, periods, requirements

urlpatterns = [
    path("coverage/", coverage.coverage_page, name="coverage"),
    path("coverage/csv/", coverage.coverage_file, name="coverage_csv"),
    path("coverage/export/", exporting.coverage_export, name="coverage_export"),
    path("coverage/periods/", periods.periods, name="periods"),
    path("coverage/periods/<uuid:uuid>/", periods.period, name="period"),
    path("requirements/", requirements.requirements, name="requirements"),
    path("requirements/new/", requirements.requirement_new, name="requirement_new"),
    path("requirements/<uuid:uuid>/change/", requirements.requirement_change, name="requirement_change"),
    path("requirements/<uuid:uuid>/end/", requirements.requirement_end, name="requirement_end"),
    *exceptions,
]
