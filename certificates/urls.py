from django.urls import path

from certificates.views import check, holder, issuer, register

urlpatterns = [
    path("verify/", check.certificate_check, name="certificate_check"),
    path("verify/<str:code>/", check.certificate_check_code, name="certificate_check_code"),
    path("certificates/", holder.certificate_list, name="certificate_list"),
    path("certificates/issuer/", issuer.issuer, name="certificate_issuer"),
    path("certificates/issuer/signatories/", issuer.signatory_new, name="certificate_signatory_new"),
    path("certificates/issuer/signatories/<int:pk>/end/", issuer.signatory_end, name="certificate_signatory_end"),
    path("certificates/<uuid:uuid>/", holder.certificate, name="certificate"),
    path("certificates/<uuid:uuid>/pdf/", holder.certificate_pdf, name="certificate_pdf"),
    path("certificates/<uuid:uuid>/revoke/", register.certificate_revoke, name="certificate_revoke"),
    path("certificates/<uuid:uuid>/reissue/", register.certificate_reissue, name="certificate_reissue"),
    path("register/", register.register, name="register"),
    path("register/export/", register.register_export, name="register_export"),
]
