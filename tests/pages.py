"""Every page in every state worth a look, for the walk by roles and for axe.

A room adds its own: `tests/<room>/pages.py` with `PAGES: list[PageCase]`, and `NOT_PAGES: set[str]` with the URL names
that only take a form or give a file. For example:

    PAGES = [
        PageCase("course", LEARNER, kwargs=lambda f: {"code": f.getfixturevalue("code_of_conduct").code}),
        PageCase("attempt", LEARNER, "half done", kwargs=..., user=lambda f: f.getfixturevalue("thandi"), others=404),
    ]
"""

from importlib import import_module
from importlib.util import find_spec

from tests.page_cases import PageCase

ROOMS = ["core", "organisation", "courses", "duties", "assessments", "certificates", "dashboards", "demo"]
_modules = [
    import_module(f"tests.{room}.pages")
    for room in ROOMS
    if find_spec(f"tests.{room}") and find_spec(f"tests.{room}.pages")
]
PAGES: list[PageCase] = [case for module in _modules for case in module.PAGES]
NOT_PAGES: set[str] = {name for module in _modules for name in getattr(module, "NOT_PAGES", set())}
