"""Addresses of the pages that need several rooms."""

from django.urls import path

from lms.dashboards.views import integrity, learning, packs, team

urlpatterns = [
    path("", learning.home, name="home"),
    path("my/", learning.my_learning, name="my_learning"),
    path("team/", team.team, name="team"),
    path("team/<uuid:uuid>/", team.team_person, name="team_person"),
    path("integrity/", integrity.integrity, name="integrity"),
    path("coverage/packs/", packs.packs, name="packs"),
    path("coverage/packs/<uuid:uuid>/", packs.pack, name="pack"),
    path("coverage/packs/<uuid:uuid>/pdf/", packs.pack_pdf, name="pack_pdf"),
    path("coverage/packs/<uuid:uuid>/csv/", packs.pack_csv, name="pack_csv"),
    path("integrity/evidence/", packs.evidence, name="evidence"),
    path("integrity/<uuid:uuid>/", integrity.integrity_person, name="integrity_person"),
]
