"""Who issues the ministry's certificates, and the two people who sign them."""

from datetime import date

from certificates import setup
from lms.core.actors import Actor
from lms.demo import ministry
from lms.organisation.models import Person

CODE, PLACE = "MCS", "Meridale"
CONTACT = "training@mcs.example"
# The code of the post that they hold, and what stands under their name.
SIGNATORIES = [("HO-EXE-P01-1", "Head of the ministry"), ("HO-CARE-P04-1", "Head of customer care")]


def set_up(people: dict[str, Person], *, since: date, by: Actor) -> None:
    """Make the issuer and its signatories. `people` is by post code."""
    setup.set_up_issuer(ministry.NAME, code=CODE, place=PLACE, contact=CONTACT, by=by)
    for order, (code, post) in enumerate(SIGNATORIES, start=1):
        setup.add_signatory(people[code].full_name, post, order=order, since=since, by=by)
