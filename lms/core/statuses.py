"""The words for states that pages show as coloured tags. A colour never stands without its word."""

from typing import Final

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

# word in the code: (word on the page, colour of the tag)
STATUSES: Final[dict[str, tuple[Promise | str, str]]] = {
    # duties
    "in date": (_("In date"), "green"),
    "not yet due": (_("Not yet due"), "light-blue"),
    "due": (_("Due"), "blue"),
    "due soon": (_("Due soon"), "yellow"),
    "overdue": (_("Overdue"), "red"),
    "exempt": (_("Exempt"), "grey"),
    "paused": (_("Paused"), "purple"),
    "vacant": (_("Vacant"), "grey"),
    # learning
    "not started": (_("Not started"), "grey"),
    "in progress": (_("In progress"), "blue"),
    "ready": (_("Ready"), "green"),
    "under way": (_("Under way"), "blue"),
    "completed": (_("Completed"), "green"),
    "passed": (_("Passed"), "green"),
    # decisions
    "competent": (_("Competent"), "green"),
    "not yet competent": (_("Not yet competent"), "orange"),
    "evidence outstanding": (_("Evidence outstanding"), "yellow"),
    "recognised": (_("Recognised"), "teal"),
    "submitted": (_("Submitted"), "light-blue"),
    "awaiting marking": (_("Awaiting marking"), "purple"),
    "awaiting moderation": (_("Awaiting moderation"), "purple"),
    "upheld": (_("Upheld"), "green"),
    "changed": (_("Changed"), "orange"),
    # entry to courses
    "met": (_("Met"), "green"),
    "waived": (_("Waived"), "teal"),
    "open": (_("Open"), "yellow"),
    "awaiting": (_("Awaiting a decision"), "purple"),
    "confirmed": (_("Confirmed"), "green"),
    "granted": (_("Granted"), "green"),
    "declined": (_("Declined"), "orange"),
    "approved": (_("Approved"), "green"),
    "made alone": (_("Made without a second person"), "grey"),
    # certificates
    "valid": (_("Valid"), "green"),
    "expired": (_("Expired"), "orange"),
    "superseded": (_("Superseded"), "grey"),
    "revoked": (_("Revoked"), "red"),
    # courses and lists
    "draft": (_("Draft"), "grey"),
    "published": (_("Published"), "green"),
    "withdrawn": (_("Withdrawn"), "grey"),
    "active": (_("Active"), "green"),
    "ended": (_("Ended"), "grey"),
    "refused": (_("Refused"), "red"),
    # reminders
    "planned": (_("Planned"), "light-blue"),
    "again": (_("Failed, is tried again"), "yellow"),
    "sent": (_("Sent"), "green"),
    "printed": (_("Printed"), "green"),
    "failed": (_("Failed"), "red"),
    "uncertain": (_("Perhaps sent"), "orange"),
    "not needed": (_("No longer needed"), "grey"),
    # sessions
    "held": (_("Held"), "green"),
    "cancelled": (_("Cancelled"), "grey"),
    "list not signed": (_("List not signed"), "yellow"),
    "to do": (_("To do"), "yellow"),
    "missing": (_("Missing"), "red"),
    "place": (_("You have a place"), "green"),
    "on the waiting list": (_("On the waiting list"), "yellow"),
    "present": (_("Present"), "green"),
    "absent": (_("Absent"), "orange"),
    "excused": (_("Excused"), "grey"),
    # staff feeds
    "delivered": (_("Waits for its columns"), "grey"),
    "reading": (_("Being read"), "light-blue"),
    "stopped": (_("Could not be read"), "red"),
    "compared": (_("Ready to apply"), "blue"),
    "waiting": (_("Waits for a second person"), "yellow"),
    "applying": (_("Being applied"), "light-blue"),
    "applied": (_("Applied"), "green"),
    "undoing": (_("Being undone"), "light-blue"),
    "undone": (_("Undone"), "orange"),
    "set aside": (_("Set aside"), "grey"),
}


def shown(status: object) -> tuple[str, str]:
    """The word for the page and its colour. A choice brings its own word; a status that is unknown here is grey."""
    key = str(getattr(status, "value", status)).replace("_", " ").replace("-", " ").lower()
    word, colour = STATUSES.get(key, (capfirst(key), "grey"))
    return capfirst(str(getattr(status, "label", word))), colour
