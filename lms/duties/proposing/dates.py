"""In the background: whose due date a proposal moves and by how much, dates that cannot be met, who is in date.

A piece is one job of the outbox and one transaction: it looks at the next people, adds to the counts and asks for the
next piece. Killed, it begins again where the last one ended; a job that comes twice finds its piece done.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from courses.models import CourseVersion
from lms.core import clock, outbox
from lms.core.errors import Refused
from lms.duties import facts, rules
from lms.duties.days import OPEN, Days, until_or_open
from lms.duties.exceptions.findings import Background, too_little_time
from lms.duties.models import ProposalPreview
from lms.duties.proposing import asked, reached
from lms.duties.proposing.asked import Effect
from lms.duties.reach import Rule
from lms.duties.spans import Obligation, Standing, State
from lms.organisation.calendars import Calendars
from lms.organisation.models import UnitAncestry

JOB = "duties.preview_dates"
AT_A_TIME = 1000
# Dates move by so many days at least: the last that fits counts.
BANDS = (1, 8, 31, 91)


def begin(preview: ProposalPreview, effect: Effect) -> None:
    """Say how many people are to be looked at, and ask for the first piece."""
    preview.to_do = _how_many(effect)
    preview.save(update_fields=["to_do"])
    outbox.enqueue(JOB, preview=preview.pk, after=0)


def handle(payload: dict[str, Any]) -> None:
    """The outbox's handler: one piece, then a job for the next."""
    preview = piece(payload["preview"], after=payload["after"])
    if preview is not None and preview.finished_at is None:
        outbox.enqueue(JOB, preview=preview.pk, after=preview.after_person)


@transaction.atomic
def piece(pk: int, *, after: int) -> ProposalPreview | None:
    """Look at the next people. None when that piece is done, or nobody waits for it any more."""
    preview = ProposalPreview.objects.select_for_update().filter(pk=pk, after_person=after, finished_at=None).first()
    if preview is None or hasattr(preview.proposal, "decision"):
        return None
    people: list[int] = []
    try:
        effect = replace(asked.effect(asked.read(preview.proposal)), day=preview.day)
        people = _next(effect, after)
        found = _counted(effect, people)
    except Refused:
        # What it names is gone: the page says so, and there is nothing to count.
        found = Counter[str]()
    preview.dates = dict(sorted((Counter(preview.dates) + found).items()))
    preview.done += len(people)
    preview.after_person = people[-1] if people else after
    if len(people) < AT_A_TIME:
        preview.finished_at = clock.now()
        preview.done = preview.to_do = max(preview.done, 0)
    preview.save(update_fields=["dates", "done", "to_do", "after_person", "finished_at"])
    return preview


def moved(before: Standing, after: Standing) -> str:
    """How a day moves, as it is counted: `later-8` for 8 to 30 days later. Empty where it stays."""
    if before.due_on == after.due_on or State.EXEMPT in (before.state, after.state):
        return ""
    if OPEN in (before.due_on, after.due_on):
        return "no_date" if after.due_on == OPEN else "has_date"
    days = (after.due_on - before.due_on).days
    band = max(band for band in BANDS if band <= abs(days))
    return f"{'later' if days > 0 else 'earlier'}-{band}"


def of_one(before: Standing | None, after: Standing | None, *, has_too_little: bool) -> Iterator[str]:
    """What a proposal does to one duty of one person, as it is counted. Pure."""
    if after is None:
        yield from ["lost"] if before is not None else []
        return
    yield "gained" if before is None else moved(before, after)
    if after.state in (State.IN_DATE, State.EXEMPT):
        yield after.state.value
    elif before is not None and before.state == State.IN_DATE:
        yield "lapses"
    yield _cannot_be_met(before, after, has_too_little=has_too_little)


def _cannot_be_met(before: Standing | None, after: Standing, *, has_too_little: bool) -> str:
    """The date is past, or too near, and was not before."""
    if after.state == State.OVERDUE and (before is None or before.state != State.OVERDUE):
        return "overdue"
    return "too_little" if has_too_little and (before is None or after.due_on < before.due_on) else ""


def _counted(effect: Effect, people: list[int]) -> Counter[str]:
    everything = rules.Rulebook([*effect.before.rules, *filter(None, [effect.new])], {})
    tree, calendars = _tree(everything), Calendars()
    known = facts.load(people, effect.day, rulebook=everything, tree=tree, calendars=calendars)
    before, after = replace(known, rulebook=effect.before), replace(known, rulebook=effect.after)
    background = _background()
    counts: Counter[str] = Counter()
    for person in known.people:
        was = {one.target: one for one in before.obligations_of(person)}
        is_now = {one.target: one for one in after.obligations_of(person)}
        for target in was.keys() | is_now.keys():
            counts.update(_of_target(was.get(target), is_now.get(target), effect.day, background))
    return counts


def _of_target(was: Obligation | None, now: Obligation | None, day: date, background: Background) -> Iterator[str]:
    before = was.standing(day) if was else None
    after = now.standing(day) if now else None
    short = bool(now and after and too_little_time(now, after, background))
    return filter(None, of_one(before, after, has_too_little=short))


def _background() -> Background:
    """How long courses take; nobody can act on the new rule before today."""
    minutes = CourseVersion.objects.order_by("number").values_list("course_id", "planned_minutes")
    return Background(dict(minutes), settings.TRAINING_HOURS_A_WEEK, rules_known={0: clock.today()})


def _tree(book: rules.Rulebook) -> dict[tuple[int, int], list[Days]]:
    tree: dict[tuple[int, int], list[Days]] = {}
    rows = UnitAncestry.objects.filter(ancestor__in={rule.unit for rule in book.rules})
    for above, unit, start, until in rows.values_list("ancestor_id", "unit_id", "valid_from", "valid_until"):
        tree.setdefault((above, unit), []).append(Days(start, until_or_open(until)))
    return tree


def _next(effect: Effect, after: int) -> list[int]:
    """The people whom the new rule or the present one reaches, by their ids."""
    found: set[int] = set()
    for rule in _touched(effect):
        rows = reached.reach(rule, effect.day).filter(person__gt=after).order_by("person").distinct()
        found.update(rows.values_list("person", flat=True)[:AT_A_TIME])
    return sorted(found)[:AT_A_TIME]


def _how_many(effect: Effect) -> int:
    new, *others = _touched(effect)
    count = reached.reach(new, effect.day).values("person").distinct().count()
    for rule in others:
        also = reached.reach(new, effect.day).filter(person=OuterRef("person"))
        count += reached.reach(rule, effect.day).exclude(Exists(also)).values("person").distinct().count()
    return count


def _touched(effect: Effect) -> list[Rule]:
    return [rule for rule in (effect.new, effect.old) if rule is not None]


def work_through(preview: ProposalPreview) -> ProposalPreview:
    """All pieces at once, for commands and measurements."""
    step = partial(piece, preview.pk)
    done = step(after=preview.after_person)
    while done is not None and done.finished_at is None:
        done = step(after=done.after_person)
    return ProposalPreview.objects.get(pk=preview.pk)
