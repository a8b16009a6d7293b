"""What the training coordinator requires, by post category: the code, customer care, and ethics."""

from dataclasses import dataclass
from datetime import date

from courses.models import Course, Instrument
from lms.duties import requiring
from lms.duties.requiring import Audience, Terms
from lms.organisation.models import OrgUnit, PostCategory, User

# Before the newest came, so that their days count from appointment; so late that for most the time still runs.
DAYS_SINCE_IT_BEGAN = 28


@dataclass(frozen=True, slots=True)
class Rule:
    """A course within so many days, for posts of these categories: none means all."""

    title: str
    course: str
    days: int
    categories: str = ""
    instrument: str = ""


RULES = [
    Rule("Everybody knows the code of conduct", "COC-ZA", 30, instrument="za-psr-2016"),
    Rule("The integrity unit knows the code of conduct first", "COC-ZA", 14, "P15", "za-psr-2016"),
    Rule("Call-centre staff know how to serve people well", "CCF-1", 30, "P08 P09", "za-batho-pele-1997"),
    Rule(
        "Customer-care staff and supervisors serve people well",
        "CCF-1",
        60,
        "P03 P04 P05 P06 P13",
        "za-batho-pele-1997",
    ),
    Rule(
        "Service officers, clerks and managers serve people well", "CCF-1", 90, "P02 P07 P10 P11", "za-batho-pele-1997"
    ),
    Rule("Everybody knows ethics and integrity at work", "ETH-1", 60, instrument="ng-actu-circular-2001"),
    Rule(
        "Offices that lead or handle money know ethics first",
        "ETH-1",
        30,
        "P01 P02 P03 P04 P05 P06 P08 P09 P10 P11 P12 P14",
    ),
    Rule("The integrity unit knows ethics first", "ETH-1", 14, "P15"),
]


def require_training(root: OrgUnit, *, from_day: date, by: User) -> None:
    """Make the rules. Nothing for a course that is not there because its pack was not loaded."""
    courses = {course.code: course for course in Course.objects.all()}
    instruments = {instrument.code: instrument for instrument in Instrument.objects.all()}
    for rule in RULES:
        if rule.course in courses:
            audience = Audience(root, list(PostCategory.objects.filter(code__in=rule.categories.split())))
            terms = Terms([courses[rule.course]], rule.days, instrument=instruments.get(rule.instrument))
            requiring.require(rule.title, audience=audience, terms=terms, by=by, from_day=from_day)
