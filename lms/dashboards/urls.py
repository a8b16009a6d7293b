"""Addresses of the pages that need several rooms."""

from django.urls import path

from lms.dashboards.views import integrity, learning, team

urlpatterns = [
    path("", learning.home, name="home"),
    path("my/", learning.my_learning, name="my_learning"),
    path("team/", team.team, name="team"),
    path("team/<uuid:uuid>/", team.team_person, name="team_person"),
    path("integrity/", integrity.integrity, name="integrity"),
    path("integrity/<uuid:uuid>/", integrity.integrity_person, name="integrity_person"),
]
