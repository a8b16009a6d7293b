"""What the ethics adviser of Meridale offers: fictional routes of the house, hours, and five short notes."""

from datetime import date, timedelta

from courses.advice import keeping
from courses.advice.keeping import RouteWords, Words
from courses.models import Topic
from lms.core.actors import Actor

_ALL, _NG = "all", "NG"
_NOTES = [
    (
        Topic.GIFTS,
        _ALL,
        "Somebody offers me a gift",
        "Ask yourself: who gives, why now, what do they want from my office, may I tell my supervisor, what does "
        "the limit say?\n\nRefuse politely. If you cannot, hand it in and have it recorded: date, giver, item, "
        "estimated value, what was decided and by whom.\n\nCash, and anything from a supplier: always refuse, and "
        "report it.",
    ),
    (
        Topic.CONFLICT,
        _NG,
        "My own interest and my duty meet",
        "The code of conduct for public officers (Constitution 1999, Fifth Schedule, Part I) says first of all that "
        "personal interest and duty must not clash.\n\nA relative's file on your desk is not your fault. Dealing "
        "with it is. Say so before you open it, and let somebody else take it.",
    ),
    (
        Topic.OUTSIDE_WORK,
        _NG,
        "May I work besides?",
        "The code of conduct for public officers (Constitution 1999, Fifth Schedule, Part I) allows no second public "
        "salary and, for full-time officers, no private business; farming is allowed.\n\nAsk before you begin, not "
        "afterwards.",
    ),
    (
        Topic.MONEY,
        _NG,
        "Fee money in my keeping",
        "Money that people pay at the counter is entrusted to you. Keeping it back is embezzlement, to which "
        "section 12 of the Corrupt Practices and Other Related Offences Act 2000 is applied.\n\nReceipt, count, hand "
        "over, every day. If something is missing, say so the same day: a gap that is told is a question, a gap that "
        "is hidden is something else.",
    ),
    (
        Topic.PRESSURE,
        _NG,
        "I am pressed to look away",
        "An offer, a payment or a demand must be reported; staying silent is itself an offence under section 23 of "
        "the Corrupt Practices and Other Related Offences Act 2000.\n\nYou need not argue with anybody. Say that you "
        "have to ask first, and use a reporting route today. Suspected is not proven until a fair inquiry.",
    ),
]
_ROUTES = [
    ("Anti-Corruption and Transparency Unit of the ministry", "Suspected corruption, false claims, hidden records",
     "In person at its office, head office, ground floor"),
    ("Head of your office", "Something that may still be put right, such as a gift that was left on the counter",
     "In person, the same day"),
]  # fmt: skip


def offer(day: date, *, by: Actor, approver: Actor) -> None:
    """Put routes, hours and notes in, the notes approved by somebody else."""
    review_due = day + timedelta(days=365)
    for name, purpose, how in _ROUTES:
        keeping.keep_route(RouteWords(name, purpose, how, _ALL, day, review_due), by=by)
    keeping.set_contact("Tuesdays and Thursdays, 9:00 to 12:00", "Head office, room G4", "extension 410", by=by)
    for topic, jurisdiction, title, body in _NOTES:
        written = keeping.write(topic, Words(title, body, jurisdiction, day, review_due), by=by)
        keeping.approve(written, by=approver)
