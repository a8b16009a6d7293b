from django.urls import path

from lms.dashboards import views

urlpatterns = [path("", views.home, name="home")]
