from django.urls import path

from lms.organisation.views import accounts

urlpatterns = [
    path("first/", accounts.first_sign_in, name="first_sign_in"),
    path("own-password/", accounts.set_password, name="set_password"),
]
