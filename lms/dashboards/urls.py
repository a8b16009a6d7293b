"""Addresses of the pages that need several rooms."""

from django.urls import path

from lms.dashboards.views import learning

urlpatterns = [
    path("", learning.home, name="home"),
    path("my/", learning.my_learning, name="my_learning"),
]
