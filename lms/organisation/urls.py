from django.urls import path

from lms.organisation.views import staff

urlpatterns = [
    path("staff/", staff.staff_list, name="staff"),
    path("staff/codes/", staff.staff_codes, name="staff_codes"),
    path("staff/<uuid:uuid>/", staff.staff_person, name="staff_person"),
    path("staff/<uuid:uuid>/code/", staff.staff_code, name="staff_code"),
]
