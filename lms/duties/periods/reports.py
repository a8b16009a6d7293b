"""Reports on a schedule: filed some working days after each month or quarter, once, with a link to who may see them."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from celery import shared_task
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.core import audit, clock, outbox
from lms.core.actors import MachineRule, columns
from lms.core.errors import Refused
from lms.core.working_days import add_working_days
from lms.duties.models import ReportPlan, ReportSent
from lms.duties.periods.packs import file_pack, packs
from lms.duties.periods.spells import SpellKind, spell_of
from lms.duties.scope import units_seen
from lms.organisation import working_calendar
from lms.organisation.models import Organisation, OrgUnit, User

logger = logging.getLogger(__name__)
_RULE = MachineRule("report on a schedule")


@dataclass(frozen=True, slots=True)
class Wish:
    """Which pack, of which unit, after each month or quarter, so many working days later."""

    what: str
    unit: OrgUnit
    every: SpellKind
    working_day: int


@transaction.atomic
def plan(wish: Wish, *, recipients: Iterable[User], by: User) -> ReportPlan:
    """Have a pack filed and told of by itself. Whoever may file it may plan it.

    Raises Refused for a pack that comes after quarters only, and for a recipient who may not see the unit's figures.
    """
    kind = packs[wish.what]
    if not kind.may_file(by, wish.unit):
        raise PermissionDenied(_("Your role does not include filing this pack for this unit."))
    if kind.only_quarters and wish.every != SpellKind.QUARTER:
        raise Refused(_("This return repeats a closed quarter. Choose every quarter."))
    chosen = list(recipients)
    strangers = [user for user in chosen if not may_see(user, wish.unit)]
    if strangers:
        raise Refused(
            _("%(who)s may not see the figures of this unit.") % {"who": ", ".join(str(user) for user in strangers)}
        )
    made = ReportPlan.objects.create(
        what=wish.what, unit=wish.unit, every=wish.every.value, working_day=wish.working_day, **columns(by)
    )
    made.recipients.set(chosen)
    audit.record("report planned", made, by=by, recipients=[user.get_username() for user in chosen])
    return made


def end(plan: ReportPlan, *, by: User) -> None:
    """Stop a plan; what it filed stays. Harmless the second time."""
    if ReportPlan.objects.filter(pk=plan.pk, ended_at__isnull=True).update(ended_at=clock.now()):
        audit.record("report plan ended", plan, by=by)


def may_see(user: User, unit: OrgUnit) -> bool:
    """Whether a link to the unit's figures is of use to the user today."""
    return user.is_active and units_seen(user).filter(pk=unit.pk).exists()


@shared_task(name="lms.duties.carry_out_plans")
def carry_out_plans() -> None:
    """Beat's task: file what is due. What cannot be filed yet is tried again in an hour."""
    today = clock.today()
    for standing in ReportPlan.objects.filter(ended_at__isnull=True).select_related("unit").order_by("pk"):
        last = due_for(standing, today)
        if last is not None:
            try:
                carry_out(standing, last)
            except Refused as why:
                logger.warning("The report %s waits: %s", standing, why)


def due_for(plan: ReportPlan, today: date) -> date | None:
    """The last day of the month or quarter that the plan has to report on now, if it has not."""
    last = spell_of(today, plan.spell_kind, settings.FINANCIAL_YEAR_STARTS_IN).previous().last
    due_on = add_working_days(last, plan.working_day, calendar=working_calendar.of_unit(plan.unit))
    is_time = clock.day_of(plan.made_at) <= due_on <= today
    return last if is_time and not ReportSent.objects.filter(plan=plan, last_day=last).exists() else None


@transaction.atomic
def carry_out(plan: ReportPlan, last: date) -> ReportSent:
    """File the pack and tell whoever may see it. Harmless the second time. Raises Refused as filing does."""
    plan = ReportPlan.objects.select_for_update().select_related("unit").get(pk=plan.pk)
    done = ReportSent.objects.filter(plan=plan, last_day=last).first()
    if done is not None:
        return done
    pack = file_pack(plan.what, plan.unit, last, by=_RULE, purpose=_("Report on a schedule"))
    sent = ReportSent.objects.create(plan=plan, last_day=last, pack=pack, **columns(_RULE))
    for user in plan.recipients.order_by("pk"):
        if may_see(user, plan.unit):
            sent.told.add(user)
            outbox.enqueue("duties.mail_report", sent=sent.pk, user=user.pk)
    return sent


def mail_report(payload: dict[str, Any]) -> None:
    """Send one link, if the recipient has an address and may still see it. No figures and no names go by mail."""
    sent = ReportSent.objects.select_related("pack", "plan__unit").get(pk=payload["sent"])
    user = User.objects.select_related("person").get(pk=payload["user"])
    if not user.email or not may_see(user, sent.plan.unit):
        return
    context = {
        "pack": sent.pack,
        "person_name": str(user),
        "organisation_name": Organisation.objects.get().name,
        "address": settings.BASE_URL + reverse("pack", args=[sent.pack.uuid]),
    }
    send_mail(sent.pack.title, render_to_string("duties/report_mail.txt", context), None, [user.email])
