"""Pages that belong to the house: the front page, sign-in, and what people see when something went wrong."""

from tests.page_cases import LEARNER, NOBODY, ROLES, PageCase

_SIGNED_IN = {role: 302 for role in ROLES if role != NOBODY}
_FAILING = "tests.core.failing_urls"

PAGES = [
    PageCase("home", LEARNER),
    PageCase("home", NOBODY, "signed out"),
    PageCase("account_login", NOBODY, gate="public", exceptions=_SIGNED_IN),
    PageCase("account_reset_password", NOBODY, gate="public"),
    PageCase("account_reset_password_done", NOBODY, gate="public"),
    PageCase("account_change_password", LEARNER, gate="signed in"),
    PageCase("account_logout", LEARNER, gate="signed in"),
    PageCase("bad_request", LEARNER, status=400, urlconf=_FAILING),
    PageCase("forbidden", LEARNER, status=403, urlconf=_FAILING),
    PageCase("not_found", LEARNER, status=404, urlconf=_FAILING),
    PageCase("refused", LEARNER, status=409, urlconf=_FAILING),
    PageCase("server_error", LEARNER, status=500, urlconf=_FAILING),
]
NOT_PAGES = {"health_live", "health_ready", "set_language"}
