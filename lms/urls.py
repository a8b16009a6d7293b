"""The roof: every address of the site. Rooms bring their own urls.py."""

from django.urls import include, path
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from courses.views import editing
from lms.core import views as core_views

urlpatterns = [
    path("health/live", core_views.live, name="health_live"),
    path("health/ready", core_views.ready, name="health_ready"),
    path("language/", core_views.language, name="set_language"),
    path("accounts/", include("lms.organisation.urls_accounts")),
    path("accounts/", include("allauth.account.urls")),
    # Before Wagtail’s own, so that its editor shows our panel; links by Wagtail’s name lead here.
    path("admin/pages/<int:page_id>/edit/", editing.edit_page, name="edit_page"),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("", include("lms.organisation.urls")),
    path("", include("courses.urls")),
    path("", include("lms.duties.urls")),
    path("", include("assessments.urls")),
    path("", include("certificates.urls")),
    path("", include("lms.dashboards.urls")),
]

handler400 = "lms.core.views.bad_request"
handler403 = "lms.core.views.forbidden"
handler404 = "lms.core.views.not_found"
handler500 = "lms.core.views.server_error"
