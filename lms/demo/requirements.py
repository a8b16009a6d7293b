"""What the training coordinator requires: everybody must know the code of conduct."""

from datetime import date

from courses.models import Course, Instrument
from lms.duties import requiring
from lms.duties.requiring import Audience, Terms
from lms.organisation.models import OrgUnit, PostCategory, User

COURSE, INSTRUMENT = "COC-ZA", "za-psr-2016"
# Before the newest came, so that their days count from appointment; so late that for most the time still runs.
DAYS_SINCE_IT_BEGAN = 28
# Name, days, and the categories that it is for: none means all.
RULES: list[tuple[str, int, list[str]]] = [
    ("Everybody knows the code of conduct", 30, []),
    ("The integrity unit knows the code of conduct first", 14, ["P15"]),
]


def require_the_code(root: OrgUnit, *, from_day: date, by: User) -> None:
    """Make the rules. Nothing where the curriculum, and with it the course, has not been loaded."""
    course = Course.objects.filter(code=COURSE).first()
    if course is None:
        return
    instrument = Instrument.objects.filter(code=INSTRUMENT).first()
    for title, days, codes in RULES:
        audience = Audience(root, list(PostCategory.objects.filter(code__in=codes)))
        terms = Terms([course], days, instrument=instrument)
        requiring.require(title, audience=audience, terms=terms, by=by, from_day=from_day)
