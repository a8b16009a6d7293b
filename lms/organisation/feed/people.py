"""Differences of people: one person's rows and what stands of them in, differences out. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from django.utils.translation import gettext as _

from lms.core.spans import ends_by
from lms.organisation.feed.differences import Difference, crossing
from lms.organisation.feed.records import Record, until
from lms.organisation.models import About, Change, PostHolding

_NAMES = ("given_names", "surname", "email")
_SUBSTANTIVE = PostHolding.Kind.SUBSTANTIVE.value


@dataclass(frozen=True, slots=True)
class Bearer:
    """Somebody who bears or bore a number: `fact` is the row that says so."""

    person: int
    given_names: str
    surname: str
    email: str
    fact: int
    who: str
    since: date
    until: date | None

    @property
    def name(self) -> str:
        return f"{self.given_names} {self.surname}".strip()


@dataclass(frozen=True, slots=True)
class Held:
    """A holding that stands: `fact` is its row."""

    fact: int
    post: str
    kind: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Known:
    """What stands of the people of a batch, and the posts that their rows name."""

    day: date
    bearers: Mapping[str, list[Bearer]] = field(default_factory=dict)
    # Those who left, by e-mail address and name: they come back under a new number.
    gone: Mapping[tuple[str, str], Bearer] = field(default_factory=dict)
    holdings: Mapping[int, list[Held]] = field(default_factory=dict)
    # Posts that stand or are made by this file: open from, until.
    posts: Mapping[str, tuple[date, date | None]] = field(default_factory=dict)
    # The file is whole and says which holdings are acting: those that it does not name have ended.
    ends_others: bool = False


def compare_person(records: list[Record], known: Known) -> list[Difference]:
    """All that changes for the bearer of one number."""
    contradiction = _contradiction(records)
    if contradiction:
        return [_about(record, known).refused(contradiction) for record in records]
    records = _once_each(records)
    record = records[0]
    last_day = record.day("last_day")
    if last_day is not None:
        return _leaving(record, until(last_day), known)
    day = record.day("day") or known.day
    bearer, is_back = _bearer(record, day, known)
    if bearer is None:
        return _placed(records, None, Change.NEW, known)
    why = _why_not_them(record, bearer, day, is_back=is_back)
    if why:
        return [_about(record, known).refused(why)]
    if is_back:
        return _placed(records, bearer, Change.RETURNED, known) + _renamed(record, bearer, known)
    return _renumbered_or_renamed(record, bearer, known) + _placed(records, bearer, Change.MOVED, known)


def leaving(
    bearer: Bearer, holdings: list[Held], *, day: date, keeps_posts: bool, line: int | None = None
) -> Difference:
    """Somebody who leaves on a day, or who only stops bearing this number because another one stands."""
    posts = [] if keeps_posts else [held for held in holdings if held.until is None and held.since < day]
    return Difference(
        About.PERSON,
        Change.CHANGED if keeps_posts else Change.LEFT,
        bearer.who,
        day,
        line,
        bearer.name,
        bearer.person,
        from_post=next((held.post for held in posts if held.kind == _SUBSTANTIVE), ""),
        before={"number": bearer.who, **({"post": ", ".join(held.post for held in posts)} if posts else {})},
        after={"number": ""},
        closes={"number": [bearer.fact], **({"holding": [held.fact for held in posts]} if posts else {})},
    )


def _leaving(record: Record, day: date, known: Known) -> list[Difference]:
    bearers = known.bearers.get(record.who, [])
    bearer = next((one for one in bearers if one.until is None), None)
    if bearer is None:
        # Gone already, or never here: either way there is nothing to end.
        return []
    if bearer.since >= day:
        return [_about(record, known).refused(crossing(bearer.since))]
    late = next(
        (held for held in known.holdings.get(bearer.person, []) if held.until is None and held.since >= day), None
    )
    if late is not None:
        return [_about(record, known).refused(crossing(late.since))]
    return [leaving(bearer, known.holdings.get(bearer.person, []), day=day, keeps_posts=False, line=record.line)]


def _bearer(record: Record, day: date, known: Known) -> tuple[Bearer | None, bool]:
    """Who this is, and whether they are coming back. A number whose bearer left may be given to somebody new."""
    former = f"{record.get('employer')}/{record.get('former_number')}" if record.get("former_number") else ""
    for who in filter(None, (record.who, former)):
        standing = [one for one in known.bearers.get(who, []) if not ends_by(one.until, day)]
        if standing:
            return min(standing, key=lambda one: one.since), False
    left = [one for who in filter(None, (record.who, former)) for one in known.bearers.get(who, [])]
    same = [one for one in left if former or one.name.casefold() == _name(record).casefold()]
    if same:
        return same[-1], True
    gone = known.gone.get((record.get("email").casefold(), _name(record).casefold()))
    return gone, gone is not None


def _why_not_them(record: Record, bearer: Bearer, day: date, *, is_back: bool) -> str:
    """Why a row cannot be about whoever bears its number, or nothing."""
    if not is_back and not record.get("former_number") and _is_somebody_else(record, bearer):
        text = _(
            "This number is %(name)s's. If they left, let them leave first; if this is their new name, say so by "
            "giving the number as their former one, too."
        )
        return text % {"name": bearer.name}
    return crossing(bearer.since) if bearer.since > day else ""


def _is_somebody_else(record: Record, bearer: Bearer) -> bool:
    """Neither name is the one we know. With one of them changed it is the same person, married perhaps."""
    given, surname = record.get("given_names").casefold(), record.get("surname").casefold()
    if not given and not surname:
        return False
    return given != bearer.given_names.casefold() and surname != bearer.surname.casefold()


def _renumbered_or_renamed(record: Record, bearer: Bearer, known: Known) -> list[Difference]:
    found = _renamed(record, bearer, known)
    if bearer.who == record.who:
        return found
    one = replace(
        _about(record, known),
        change=Change.CHANGED,
        person=bearer.person,
        before={"number": bearer.who},
        after={"number": record.who},
        closes={"number": [bearer.fact]},
    )
    return [one.refused(crossing(bearer.since)) if bearer.since >= one.day else one, *found]


def _renamed(record: Record, bearer: Bearer, known: Known) -> list[Difference]:
    after = {name: record.get(name) for name in _NAMES if record.get(name) not in {"", getattr(bearer, name)}}
    if not after:
        return []
    before = {name: getattr(bearer, name) for name in after}
    one = replace(_about(record, known), change=Change.CHANGED, person=bearer.person, before=before, after=after)
    return [replace(one, label=bearer.name)]


def _placed(records: list[Record], bearer: Bearer | None, change: Change, known: Known) -> list[Difference]:
    """Somebody new, or back, or in another post: one difference for each post that changes."""
    holdings = known.holdings.get(bearer.person, []) if bearer else []
    found: list[Difference] = []
    for record in records:
        one = _placement(record, bearer, change, known, holdings)
        if one is not None:
            found.append(one)
        if one is not None and one.change in {Change.NEW, Change.RETURNED, Change.REFUSED} and change != Change.MOVED:
            # The other posts of a newcomer follow with the next file, when the person is there.
            return found
    return found + (_ended(records, bearer, holdings, known) if bearer and known.ends_others else [])


def _placement(
    record: Record, bearer: Bearer | None, change: Change, known: Known, holdings: list[Held]
) -> Difference | None:
    post, kind, day = record.get("post"), _kind(record), record.day("day") or known.day
    one = replace(_about(record, known), change=change, person=bearer.person if bearer else None, to_post=post)
    standing = [held for held in holdings if held.kind == kind and not ends_by(held.until, day)]
    if change == Change.MOVED and (not post or any(held.post == post for held in standing)):
        return None
    names = {name: record.get(name) for name in (*_NAMES, "person_kind") if record.get(name)}
    if change == Change.NEW and not _name(record):
        return one.refused(_("This number is not known, and a new person needs a name."))
    left = [held for held in standing if held.until is None] if kind == _SUBSTANTIVE else []
    after = {**(names if change == Change.NEW else {}), **({"post": post, "holding": kind} if post else {})}
    if change != Change.MOVED:
        after["number"] = record.who
    one = replace(
        one,
        before={"post": ", ".join(held.post for held in left)} if left else {},
        after=after,
        from_post=left[0].post if left else "",
        closes={"holding": [held.fact for held in left]} if left else {},
    )
    late = next((held for held in left if held.since >= day), None)
    if late is not None:
        return one.refused(crossing(late.since))
    why = _why_not(post, day, known) if post else ""
    return one.refused(why) if why else one


def _ended(records: list[Record], bearer: Bearer, holdings: list[Held], known: Known) -> list[Difference]:
    """Acting and seconded holdings that a whole file no longer names."""
    named = {(record.get("post"), _kind(record)) for record in records}
    day = records[0].day("day") or known.day
    over = [
        held
        for held in holdings
        if held.kind != _SUBSTANTIVE and held.until is None and held.since < day and (held.post, held.kind) not in named
    ]
    one = replace(_about(records[0], known), change=Change.CHANGED, person=bearer.person)
    return [
        replace(
            one, before={"post": held.post, "holding": held.kind}, after={"post": ""}, closes={"holding": [held.fact]}
        )
        for held in over
    ]


def _why_not(post: str, day: date, known: Known) -> str:
    life = known.posts.get(post)
    if life is None:
        return _("The post %(post)s is not known, or was refused.") % {"post": post}
    if day < life[0] or life[1] is not None:
        return _("The post %(post)s is not open on all those days.") % {"post": post}
    return ""


def _once_each(records: list[Record]) -> list[Record]:
    """The substantive post first; a row that says what an earlier one said is that one."""
    seats: dict[tuple[str, str], Record] = {}
    for record in sorted(records, key=lambda one: (_kind(one) != _SUBSTANTIVE, one.line)):
        seats.setdefault((record.get("post"), _kind(record)), record)
    return list(seats.values())


def _contradiction(records: list[Record]) -> str:
    """Why rows with one number cannot be one person, or nothing."""
    lines = ", ".join(str(record.line) for record in records)
    if len({_name(record).casefold() for record in records}) > 1:
        return _("One number stands for several people, in lines %(lines)s. None of them went in.") % {"lines": lines}
    seats = {record.get("post") for record in records if _kind(record) == _SUBSTANTIVE}
    leaves = {record.get("last_day") for record in records}
    if len(seats) > 1 or len(leaves) > 1:
        return _("Lines %(lines)s say different things of one number. None of them went in.") % {"lines": lines}
    return ""


def _about(record: Record, known: Known) -> Difference:
    day = record.day("day") or known.day
    return Difference(About.PERSON, Change.CHANGED, record.who, day, record.line, _name(record))


def _name(record: Record) -> str:
    return f"{record.get('given_names')} {record.get('surname')}".strip()


def _kind(record: Record) -> str:
    return record.get("holding") or _SUBSTANTIVE
