"""Marking whose spans no longer follow the facts, in the transaction that changes the facts. After: `upkeep`.

Always by one statement, whether the facts of one person change or those of a country.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date
from typing import Any

from django.db import connection, models, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import Combinable

from courses.models import Acknowledgement, ChangesRead, CourseVersion, DocumentVersion, Result
from lms.core.chunks import in_chunks
from lms.core.dated import facts_changed
from lms.duties import upkeep
from lms.duties.due_rules import CountsFrom
from lms.duties.models import Exemption, Extension, RequirementVersion, StaleMark
from lms.organisation.models import (
    DifferentDay,
    Leave,
    OrgUnit,
    Person,
    Post,
    PostHolding,
    UnitAncestry,
    UnitPlacement,
    User,
    WorkingWeek,
)

# So many results at once are worked off by whoever caused them, right after the commit; more are left to a worker.
_AT_ONCE = 3
_PERSON, _POST = StaleMark.Kind
_Marker = Callable[[Sequence[int], date], None]


def hear_of_facts() -> None:
    """Listen to every change of the facts on which spans rest."""
    markers: dict[type[models.Model], _Marker] = {
        PostHolding: _mark_holders,
        Result: _achiever(Result),
        ChangesRead: _achiever(ChangesRead),
        Acknowledgement: _achiever(Acknowledgement),
        CourseVersion: _mark_holders_of_earlier,
        DocumentVersion: _mark_signers_and_holders,
        Exemption: _person_marker(Exemption),
        Extension: _person_marker(Extension),
        Leave: _mark_absent,
        Person: _mark_people,
        User: _mark_who_signed_in,
        WorkingWeek: _mark_by_calendar,
        DifferentDay: _mark_by_calendar,
        Post: _mark_posts,
        UnitPlacement: _mark_moved,
    }
    for model, marker in markers.items():
        facts_changed.connect(
            _receiver(marker), sender=model, weak=False, dispatch_uid=f"duties.stale.{model._meta.label}"
        )


def mark_audience(version: RequirementVersion, from_day: date) -> None:
    """Mark everybody whom a version of a rule may reach from a day on, and the posts that would carry its duty.

    Called once the version's audience is complete.
    """
    posts = Post.objects.filter(unit__in=_ever_below([version.unit], from_day))
    categories, tags = version.categories.values("pk"), version.tags.values("pk")
    if version.categories.exists():
        posts = posts.filter(category__in=categories)
    if version.tags.exists():
        posts = posts.filter(tags__in=tags)
    holdings = _held_from(from_day).filter(post__in=posts.values("pk"))
    named = version.people.exists()
    if named:
        holdings = holdings.filter(person__in=version.people.values("pk"))
    else:
        _mark(_POST, posts, F("pk"), from_day)
    _mark(_PERSON, holdings, F("person_id"), from_day)


def mark_everybody() -> None:
    """Mark all people and all posts: for facts that came before there were marks."""
    _mark(_PERSON, PostHolding.objects.held(), F("person_id"), date.min)
    _mark(_POST, Post.objects.all(), F("pk"), date.min)


def _receiver(marker: _Marker) -> Callable[..., None]:
    def receive(*, keys: Collection[int], from_day: date, **_kwargs: Any) -> None:
        for some in in_chunks(list(keys)):
            marker(some, from_day)

    return receive


def _mark_holders(keys: Sequence[int], from_day: date) -> None:
    rows = PostHolding.objects.filter(pk__in=keys)
    _mark(_PERSON, rows, F("person_id"), from_day)
    _mark(_POST, rows, F("post_id"), from_day)


def _achiever(model: type[Result] | type[ChangesRead] | type[Acknowledgement]) -> _Marker:
    def mark(keys: Sequence[int], from_day: date) -> None:
        rows: QuerySet[Any] = model._default_manager.filter(pk__in=keys)
        if len(keys) > _AT_ONCE:
            _mark(_PERSON, rows, F("person_id"), from_day)
            return
        _mark(_PERSON, rows, F("person_id"), from_day, is_sent=False)
        people = list(rows.values_list("person_id", flat=True))
        # What fails here is logged and stays marked: the result stands, and the sweeper works it off.
        transaction.on_commit(lambda: upkeep.work_off(people=people), robust=True)

    return mark


def _mark_holders_of_earlier(keys: Sequence[int], from_day: date) -> None:
    """Everybody with a result of an earlier version, where they are to read what changed."""
    new = CourseVersion.objects.filter(pk__in=keys, changes_due_days__isnull=False)
    if new.exists():
        rows = Result.objects.held().filter(course_version__course__in=new.values("course"))
        _mark(_PERSON, rows, F("person_id"), from_day)


def _mark_signers_and_holders(keys: Sequence[int], from_day: date) -> None:
    """Whoever signed the document in another version, or holds a result until it is replaced."""
    documents = DocumentVersion.objects.filter(pk__in=keys).values("document")
    signed = Acknowledgement.objects.filter(document_version__document__in=documents)
    _mark(_PERSON, signed, F("person_id"), from_day)
    held = Result.objects.held().filter(course_version__holds_document__in=documents)
    _mark(_PERSON, held, F("person_id"), from_day)


def _mark_absent(keys: Sequence[int], _from_day: date) -> None:
    # Leaves that touch are one, and only a long one stops the clock: an end may change what was said of its start.
    _person_marker(Leave)(keys, date.min)


def _mark_people(keys: Sequence[int], from_day: date) -> None:
    _mark(_PERSON, Person.objects.filter(pk__in=keys), F("pk"), from_day)


def _mark_who_signed_in(keys: Sequence[int], from_day: date) -> None:
    if RequirementVersion.objects.held().filter(counts_from=CountsFrom.SIGN_IN).exists():
        _mark(_PERSON, User.objects.filter(pk__in=keys, person__isnull=False), F("person_id"), from_day)


def _mark_by_calendar(_keys: Sequence[int], _from_day: date) -> None:
    """Whomever a rule asks that counts working days: the first week that is set holds for the days before it, too."""
    for version in RequirementVersion.objects.held().filter(in_working_days=True):
        mark_audience(version, version.valid_from)


def _mark_posts(keys: Sequence[int], from_day: date) -> None:
    """An empty post by itself, and who ever sat in it: its tags may be others."""
    _mark(_POST, Post.objects.filter(pk__in=keys), F("pk"), from_day)
    _mark(_PERSON, _held_from(from_day).filter(post__in=keys), F("person_id"), from_day)


def _mark_moved(keys: Sequence[int], from_day: date) -> None:
    """Everybody with a post in the units, or below them, that stand under another parent from a day on."""
    moved = [row.unit for row in UnitPlacement.objects.filter(pk__in=keys).select_related("unit") if _moves(row)]
    if not moved:
        return
    # Who stands below a unit is the same before and after it moves.
    below = _ever_below(moved, from_day)
    _mark(_PERSON, _held_from(from_day).filter(post__unit__in=below), F("person_id"), from_day)
    _mark(_POST, Post.objects.filter(unit__in=below), F("pk"), from_day)


def _moves(row: UnitPlacement) -> bool:
    """Whether it changes what stands above what. A new name does not; nor does an end: nobody is left in the unit."""
    if row.known_until is not None or row.replaces_id is not None:
        return True
    if row.closed_at is not None:
        return False
    before = UnitPlacement.objects.held().filter(unit=row.unit_id, valid_until=row.valid_from).first()
    return before is None or before.parent_id != row.parent_id


def _person_marker(model: type[Exemption] | type[Extension] | type[Leave]) -> _Marker:
    def mark(keys: Sequence[int], from_day: date) -> None:
        _mark(_PERSON, model._default_manager.filter(pk__in=keys), F("person_id"), from_day)

    return mark


def _held_from(day: date) -> QuerySet[PostHolding]:
    return PostHolding.objects.held().filter(Q(valid_until__isnull=True) | Q(valid_until__gt=day))


def _ever_below(units: Collection[OrgUnit], from_day: date) -> QuerySet[UnitAncestry, Any]:
    rows = UnitAncestry.objects.filter(ancestor__in=units)
    return rows.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=from_day)).values("unit")


def _mark(
    kind: StaleMark.Kind, rows: QuerySet[Any], subject: Combinable, from_day: date, *, is_sent: bool = True
) -> None:
    wanted = rows.order_by().annotate(subject=subject).values("subject").distinct()
    inner, params = wanted.query.sql_with_params()
    with connection.cursor() as cursor:
        # In one order, so that two who mark the same people wait for each other instead of forever.
        cursor.execute(
            f"INSERT INTO duties_stalemark (kind, subject, from_day, is_in_rebuild)"
            f" SELECT {kind.value}, subject, %s, FALSE FROM ({inner}) AS found WHERE TRUE ORDER BY subject"
            f" ON CONFLICT (kind, subject) DO UPDATE SET is_in_rebuild = FALSE, from_day ="
            f" CASE WHEN excluded.from_day < duties_stalemark.from_day"
            f" THEN excluded.from_day ELSE duties_stalemark.from_day END",
            [connection.ops.adapt_datefield_value(from_day), *params],
        )
    if is_sent:
        _send_after_commit()


def _send_after_commit() -> None:
    """One message for each transaction, however much it marks."""
    if not any(upkeep.send == callback for callback in _waiting_callbacks()):
        transaction.on_commit(upkeep.send)


def _waiting_callbacks() -> Iterator[object]:
    return (entry[1] for entry in connection.run_on_commit)
