"""What every test may use. Where each thing comes from: tests/README.md."""

from importlib.util import find_spec

pytest_plugins = [
    "tests.plugins.strictness",
    "tests.plugins.database",
    "tests.plugins.time",
    "tests.courses.fixtures",
    "tests.plugins.browser",
    "tests.plugins.live_site",
    "tests.plugins.roles",
    *(["tests.cast"] if find_spec("tests.cast") else []),
    "tests.certificates.fixtures",
]
