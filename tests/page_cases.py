"""What a page case is. The cases themselves stand in each room's `tests/<room>/pages.py`; `tests/pages.py` gathers them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.urls import resolve, reverse

from lms.organisation.access import MATRIX
from lms.organisation.models import Role, User

# Signed out; a login that is nobody's; a member of staff; then everybody who has a role.
NOBODY, ACCOUNT, LEARNER = "nobody", "account", "learner"
ROLES = [NOBODY, ACCOUNT, LEARNER, *Role.values]

Fixtures = pytest.FixtureRequest
Kwargs = Callable[[Fixtures], Mapping[str, Any]]


def _none(fixtures: Fixtures) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True)
class PageCase:
    """One page in one state.

    `seen_by` is the role that sees most of it. `kwargs` and `user` are called with the test's fixture request, so
    `lambda f: {"slug": f.getfixturevalue("code_of_conduct").slug}` makes the state and names it; without `user`
    somebody with the role `seen_by` is made up. Who gets which status follows from the view's gate; `others` is what
    everybody but `user` gets on a page that is private to somebody, `exceptions` are single roles that differ.
    """

    url_name: str
    seen_by: str
    state: str = ""
    kwargs: Kwargs = _none
    user: Callable[[Fixtures], User] | None = None
    query: str = ""
    status: int = 200
    others: int | None = None
    exceptions: Mapping[str, int] = field(default_factory=dict)
    # For views that are not ours and carry no gate.
    gate: str = ""
    # For error pages: a module of URLs that fail in the wanted way.
    urlconf: str | None = None

    def __str__(self) -> str:
        return f"{self.url_name} {self.state}".strip()

    def path(self, fixtures: Fixtures) -> str:
        """The address, with whatever must exist for it made."""
        return reverse(self.url_name, urlconf=self.urlconf, kwargs=dict(self.kwargs(fixtures))) + self.query

    def expected(self, path: str, role: str) -> int:
        """The status that somebody made up with this role gets."""
        if role in self.exceptions:
            return self.exceptions[role]
        gate = self.gate or str(getattr(resolve(path.partition("?")[0], self.urlconf).func, "gate", "none"))
        if gate == "public":
            return self.status
        if role == NOBODY:
            return 302
        if self.others is not None:
            return self.others
        return self.status if gate == "signed in" or _may(role, gate) else 403


def _may(role: str, gate: str) -> bool:
    named = gate.removeprefix("needs ").split(" or ")
    return role in Role.values and any(capability in named for capability in MATRIX[Role(role)])
