"""Sending what waits: each mail at most once as far as SMTP allows, and no mailbox in the way of another.

Before a mail goes its row is taken, in a commit of its own; afterwards what became of it is written and the row is
gone. Who is killed between the two leaves a taken row: the mail may have gone, so it is called *perhaps sent* and not
sent again. A mailbox that refuses is tried again with growing waits; a mail server that is away uses up no tries.
"""

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from smtplib import SMTPException, SMTPServerDisconnected

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.translation import override

from lms.core import clock
from lms.core.actors import MachineRule, columns
from lms.duties.models import MessageOutcome, MessageState, ReminderMessage, Told, WaitingMail
from lms.duties.reminding import digest, letters
from lms.duties.reminding.letters import Letter
from lms.duties.reminding.surroundings import addresses
from lms.organisation.models import Organisation

logger = logging.getLogger(__name__)
BY = MachineRule("reminders are sent")
# Whoever has been at a mail for so long was killed.
_PATIENCE = timedelta(minutes=15)
# A mailbox that refuses is tried again after these waits, and then no more.
WAITS = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=4), timedelta(days=1))


class ServerAway(Exception):
    """The mail server does not answer: nothing can be sent now, and no mailbox is to blame."""


def send_waiting(*, stop_at: datetime | None = None, on: date | None = None) -> Counter[str]:
    """Send what is due to go. Returns how many by what became of them; harmless the second time, and two at once.

    `on` is the day as at which duties are looked at; mails planned for a later day are looked at as at that one.
    """
    done = Counter[str]({MessageState.UNCERTAIN: _settle_the_taken()})
    try:
        with _post_office() as post:
            while (mail := _take()) is not None:
                done[_send(mail, post, on or clock.today())] += 1
                if stop_at is not None and clock.now() >= stop_at:
                    break
    except ServerAway:
        logger.warning("Reminders wait: the mail server does not answer.", exc_info=True)
    return +done


def settle(message: ReminderMessage, state: MessageState, detail: str = "") -> None:
    """Write what became of a message."""
    MessageOutcome.objects.create(message=message, state=state, detail=detail[:500], **columns(BY))


def compose(message: ReminderMessage, today: date) -> Letter | None:
    """What a message says, as things stand; None when there is nothing left to say."""
    day = max(today, message.for_day)
    by_part = {Told.LEARNER: letters.for_learner, Told.SUPERVISOR: digest.for_supervisor}
    return by_part.get(Told(message.told_as), letters.for_answering)(message, day)


def mail_of(message: ReminderMessage, letter: Letter, to: str) -> EmailMultiAlternatives:
    """The letter as a mail, plain and as HTML."""
    house = Organisation.objects.first()
    context = {
        "letter": letter,
        "person_name": str(message.recipient),
        "organisation_name": house.name if house else "",
    }
    mail = EmailMultiAlternatives(
        letter.subject, render_to_string("duties/email/reminder.txt", context), settings.DEFAULT_FROM_EMAIL, [to]
    )
    mail.attach_alternative(render_to_string("duties/email/reminder.html", context), "text/html")
    # So that out-of-office answers and lists leave a machine alone.
    mail.extra_headers = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    return mail


@transaction.atomic
def _take() -> WaitingMail | None:
    due = WaitingMail.objects.select_for_update(skip_locked=True, of=("self",))
    due = due.filter(taken_at__isnull=True, next_try_at__lte=clock.now()).order_by("next_try_at", "pk")
    mail = due.select_related("message__recipient").first()
    if mail is not None:
        mail.taken_at, mail.tries = clock.now(), mail.tries + 1
        mail.save(update_fields=["taken_at", "tries"])
    return mail


def _send(mail: WaitingMail, post: BaseEmailBackend, today: date) -> MessageState:
    message = mail.message
    with override(settings.LANGUAGE_CODE):
        letter = compose(message, today)
        to = addresses([message.recipient_id]).get(message.recipient_id)
        if letter is None or to is None:
            return _settle_taken(mail, MessageState.NOT_NEEDED)
        outgoing = mail_of(message, letter, to)
    try:
        _hand_over(outgoing, post)
    except ServerAway:
        _put_back(mail)
        raise
    except (SMTPException, OSError, ValueError) as error:
        return _refused(mail, error)
    return _settle_taken(mail, MessageState.SENT, letter=letter)


def _hand_over(outgoing: EmailMultiAlternatives, post: BaseEmailBackend) -> None:
    """Give the mail to the server. A connection that was lost before is opened anew."""
    try:
        post.open()
    except (SMTPException, OSError) as error:
        raise ServerAway from error
    try:
        post.send_messages([outgoing])
    except SMTPServerDisconnected:
        post.close()
        raise


@transaction.atomic
def _settle_taken(mail: WaitingMail, state: MessageState, *, letter: Letter | None = None) -> MessageState:
    settle(mail.message, state, letter.subject if letter else "")
    if letter is not None:
        digest.log(mail.message, letter.about)
    mail.delete()
    return state


@transaction.atomic
def _refused(mail: WaitingMail, error: Exception) -> MessageState:
    """Try again later, or no more."""
    detail = f"{type(error).__name__}: {error}"
    logger.warning("Message %s was refused: %s", mail.message_id, type(error).__name__)
    if mail.tries > len(WAITS):
        settle(mail.message, MessageState.FAILED, detail)
        mail.delete()
        return MessageState.FAILED
    settle(mail.message, MessageState.AGAIN, detail)
    mail.taken_at, mail.next_try_at = None, clock.now() + WAITS[mail.tries - 1]
    mail.save(update_fields=["taken_at", "next_try_at"])
    return MessageState.AGAIN


def _put_back(mail: WaitingMail) -> None:
    mail.taken_at, mail.tries = None, mail.tries - 1
    mail.save(update_fields=["taken_at", "tries"])


@transaction.atomic
def _settle_the_taken() -> int:
    """Whoever took these was killed: they may have gone, so they do not go again."""
    left = WaitingMail.objects.select_for_update(skip_locked=True, of=("self",))
    left = left.filter(Q(taken_at__lt=clock.now() - _PATIENCE)).select_related("message")
    mails = list(left[:1000])
    for mail in mails:
        settle(mail.message, MessageState.UNCERTAIN)
        mail.delete()
    return len(mails)


@contextmanager
def _post_office() -> Iterator[BaseEmailBackend]:
    """One connection for all mails of a pass, opened with the first."""
    post = get_connection()
    try:
        yield post
    finally:
        post.close()
