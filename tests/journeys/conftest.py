"""Journeys walk the demo ministry: what `make run` loads, on the live site's own database."""

import pytest
from django.core.management import call_command

from lms.demo import sign_ins
from lms.demo.sign_ins import SignIn
from tests.plugins.live_site import LiveSite


@pytest.fixture
def demo(live_site: LiveSite) -> dict[str, SignIn]:
    """The curriculum and the ministry; how each named person signs in, by name."""
    call_command("load_curriculum", verbosity=0)
    call_command("load_demo", verbosity=0)
    return {line.name: line for line in sign_ins.listed()}
