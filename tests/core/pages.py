"""Pages that belong to the house: the front page, sign-in, and what people see when something went wrong."""

from collections.abc import Mapping
from typing import Any

from tests.page_cases import ACCOUNT, LEARNER, NOBODY, ROLES, Fixtures, PageCase

_SIGNED_IN = {role: 302 for role in ROLES if role != NOBODY}
# Whoever belongs to a member of staff goes on from the front page to their own.
_GOES_ON = {role: 302 for role in ROLES if role not in {NOBODY, ACCOUNT}}
_FAILING = "tests.core.failing_urls"


def _set_up(f: Fixtures) -> Mapping[str, Any]:
    # An empty site sends whoever comes to its first run.
    f.getfixturevalue("office")
    return {}


PAGES = [
    PageCase("home", NOBODY, kwargs=_set_up, exceptions=_GOES_ON),
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
