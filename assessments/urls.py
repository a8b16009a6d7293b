"""Addresses of papers, attempts and sheets."""

from django.urls import path

from assessments.views import papers, results, sheets

urlpatterns = [
    path("learn/<slug:code>/paper/", papers.paper, name="paper"),
    path("papers/<uuid:uuid>/", papers.attempt, name="attempt"),
    path("papers/<uuid:uuid>/<int:position>/", papers.attempt_question, name="attempt_question"),
    path("papers/<uuid:uuid>/<int:position>/save/", papers.save_step, name="save_step"),
    path("papers/<uuid:uuid>/submit/", papers.submit_attempt, name="submit_attempt"),
    path("papers/<uuid:uuid>/result/", results.attempt_result, name="attempt_result"),
    path("attempts/<uuid:uuid>/review/", results.attempt_review, name="attempt_review"),
    path("marking/", sheets.marking, name="marking"),
    path("marking/<uuid:uuid>/<slug:code>/<str:criterion>/", sheets.sheet, name="sheet"),
]
