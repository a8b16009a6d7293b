"""Addresses of exceptions, below those of rules."""

from django.urls import path

from lms.duties.exceptions.views import exemptions, more_time, queue, why

exceptions = [
    path("requirements/exemptions/", exemptions.exemptions, name="exemptions"),
    path("requirements/exemptions/of/<uuid:uuid>/", exemptions.exemptions_of, name="exemptions_of"),
    path("requirements/exemptions/<uuid:uuid>/end/", exemptions.exemption_end, name="exemption_end"),
    path("requirements/exceptions/", queue.exceptions, name="exceptions"),
    path("requirements/exceptions/<uuid:uuid>/<slug:finding>/", queue.exception_leave, name="exception_leave"),
    path("requirements/why/<uuid:uuid>/<slug:target>/", why.why_page, name="why"),
    path("requirements/more-time/<uuid:uuid>/<slug:target>/", more_time.more_time, name="more_time"),
    path("requirements/more-time/<uuid:uuid>/", more_time.more_time_decide, name="more_time_decide"),
    path("requirements/more-time/given/<uuid:uuid>/", more_time.more_time_back, name="more_time_back"),
]
