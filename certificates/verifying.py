"""Verifying the register: everything is worked out again from the rows, and the first wrong entry is named.

What this cannot see is a log that an administrator rewrote whole, heads and all. Only a head that has left the house
shows that: give it as `outside`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _noop
from django.utils.translation import ngettext

from certificates import canonical, entries, merkle
from certificates.models import Certificate, FrozenText, RegisterEntry, TreeHead
from lms.core import clock

PATIENCE = timedelta(minutes=1)
_CHUNK = 500


class _Entry(NamedTuple):
    """The columns of an entry that are checked."""

    position: int
    kind: str
    number: str
    on: datetime
    by_user_id: int | None
    by_rule: str
    certificate_id: int | None
    public_part: bytes
    private_part: bytes
    public_salt: bytes
    private_salt: bytes
    public_commitment: bytes
    private_commitment: bytes
    leaf_input: bytes
    leaf_hash: bytes


# An entry, its certificate, and the certificate's revocation.
_Line = tuple[_Entry, entries.AwardedRow | None, entries.RevokedRow | None]
_AWARDED = len(_Entry._fields)
_REVOKED = _AWARDED + len(entries.AwardedRow._fields)


@dataclass(frozen=True, slots=True)
class Head:
    """The log at a moment: how many entries, and the root over them, hexadecimal."""

    size: int
    root: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verifying found. `wrong` names the first wrong entry, or is empty; `waiting` counts late entries."""

    head: Head
    wrong: str = ""
    waiting: int = 0

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong and nothing waits too long."""
        return not self.wrong and not self.waiting

    @property
    def problems(self) -> list[str]:
        """What is the matter, a sentence each."""
        late = ngettext(
            "%(count)s entry has waited for its number for more than a minute: is a worker running?",
            "%(count)s entries have waited for their numbers for more than a minute: is a worker running?",
            self.waiting,
        ) % {"count": self.waiting}
        return [text for text, is_so in ((self.wrong, self.wrong), (late, self.waiting)) if is_so]


def verify(outside: Head | None = None) -> Verdict:
    """Work the whole log out again and compare it with the heads noted, and with one from outside.

    Memory stays flat but for the shared words: one row per course version, not per certificate.
    """
    tree = merkle.Frontier()
    expected = _heads(outside)
    texts = {text.pk: text for text in FrozenText.objects.order_by("pk")}
    wrong = _wrong_text(texts.values()) or _compare_empty(expected)
    for line in _numbered() if not wrong else ():
        wrong = _fault(line, tree.size, texts)
        if wrong:
            break
        tree.append(bytes(line[0].leaf_hash))
        wrong = _compare(tree, expected)
        if wrong:
            break
    head = Head(tree.size, tree.root.hex())
    return Verdict(head, wrong or _missing(expected, tree.size) or _left_out(), _waiting())


def _numbered() -> Iterator[_Line]:
    """Columns instead of model objects: making those would take longer than all the hashing."""
    columns = [f"certificate__{name}" for name in entries.AwardedRow._fields]
    columns += [f"certificate__revocation__{name}" for name in entries.RevokedRow._fields]
    rows = RegisterEntry.objects.filter(position__isnull=False).order_by("position")
    for row in rows.values_list(*_Entry._fields, *columns).iterator(chunk_size=_CHUNK):
        awarded, revoked = row[_AWARDED:_REVOKED], row[_REVOKED:]
        yield (
            _Entry._make(row[:_AWARDED]),
            # The first column is never empty, but where there is no row.
            None if awarded[0] is None else entries.AwardedRow._make(awarded),
            None if revoked[0] is None else entries.RevokedRow._make(revoked),
        )


def _fault(line: _Line, position: int, texts: dict[int, FrozenText]) -> str:
    """What is wrong with an entry in itself and against the rows that it describes, or nothing."""
    entry = line[0]
    if entry.position != position:
        return _("Entry %(position)s is missing.") % {"position": position}
    fault = next((said for said, is_so in _checks(line, texts) if not is_so), "")
    if not fault:
        return ""
    kind = str(dict(RegisterEntry.Kind.choices).get(entry.kind, entry.kind)).lower()
    about = {"position": position, "kind": kind, "number": entry.number, "fault": _(fault)}
    return _("Entry %(position)s (%(kind)s, %(number)s): %(fault)s") % about


def _checks(line: _Line, texts: dict[int, FrozenText]) -> Iterator[tuple[str, bool]]:
    entry = line[0]
    public, private = bytes(entry.public_part), bytes(entry.private_part)
    committed = bytes(entry.public_commitment), bytes(entry.private_commitment)
    salts = bytes(entry.public_salt), bytes(entry.private_salt)
    yield _noop("the public part is not what was committed."), entries.commitment(salts[0], public) == committed[0]
    yield _noop("the private part is not what was committed."), entries.commitment(salts[1], private) == committed[1]
    leaf = entries.leaf(entry.kind, entry.number, entry.on, public=committed[0], private=committed[1])
    hashed = bytes(entry.leaf_input)
    yield _noop("kind, number, instant or commitments are not those of the leaf."), canonical.matches(leaf, hashed)
    yield _noop("the leaf's hash is wrong."), merkle.leaf_hash(hashed) == bytes(entry.leaf_hash)
    yield _noop("the rows it describes were changed or are gone."), _describes(line, texts, (public, private))


def _describes(line: _Line, texts: dict[int, FrozenText], committed: tuple[bytes, bytes]) -> bool:
    """Whether the certificate or revocation still says what was committed."""
    entry, certificate, revocation = line
    if certificate is None:
        return entry.certificate_id is None and entry.kind == RegisterEntry.Kind.DIGEST
    if entry.kind in RegisterEntry.ISSUING:
        parts = entries.parts_of_award(certificate, texts[certificate.frozen_text_id])
        return _is_as_committed(certificate, entry, parts, committed)
    if revocation is None:
        return False
    return _is_as_committed(revocation, entry, entries.parts_of_revocation(revocation, certificate), committed)


def _is_as_committed(
    row: entries.AwardedRow | entries.RevokedRow,
    entry: _Entry,
    parts: tuple[entries.Part, entries.Part],
    committed: tuple[bytes, bytes],
) -> bool:
    made = (row.on, row.by_user_id, row.by_rule) == (entry.on, entry.by_user_id, entry.by_rule)
    return made and all(canonical.matches(part, written) for part, written in zip(parts, committed, strict=True))


def _wrong_text(texts: Iterable[FrozenText]) -> str:
    for text in texts:
        if canonical.hash_of(text.content) != text.sha256:
            first = RegisterEntry.objects.filter(certificate__frozen_text=text).order_by("position").first()
            about = {"position": first.position if first else "–", "number": first.number if first else text}
            return _("Entry %(position)s (%(number)s): the words of the certificate were changed.") % about
    return ""


def _heads(outside: Head | None) -> dict[int, list[tuple[str, str]]]:
    """Size to the roots that are expected there, each with who says so."""
    expected: dict[int, list[tuple[str, str]]] = {}
    for head in TreeHead.objects.order_by("size", "at").iterator():
        said = _("the head noted on %(day)s") % {"day": clock.day_of(head.at).isoformat()}
        expected.setdefault(head.size, []).append((head.root_hash, said))
    if outside is not None:
        expected.setdefault(outside.size, []).append((outside.root, _("the head from outside")))
    return expected


def _compare(tree: merkle.Frontier, expected: dict[int, list[tuple[str, str]]]) -> str:
    for root, said in expected.get(tree.size, []):
        if root != tree.root.hex():
            since = max((size for size in expected if size < tree.size), default=0)
            about = {"first": since, "last": tree.size - 1, "head": said}
            return _("Entries %(first)s to %(last)s are not those under %(head)s: at least one was replaced.") % about
    return ""


def _compare_empty(expected: dict[int, list[tuple[str, str]]]) -> str:
    for root, said in expected.get(0, []):
        if root != merkle.EMPTY_ROOT.hex():
            return _("The root of an empty log is not that of %(head)s.") % {"head": said}
    return ""


def _missing(expected: dict[int, list[tuple[str, str]]], size: int) -> str:
    longer = [head for head in expected if head > size]
    if not longer:
        return ""
    about = {"position": size, "said": max(longer), "size": size}
    return _("Entry %(position)s is missing: a head counts %(said)s entries, the log has %(size)s.") % about


def _left_out() -> str:
    """A certificate or a revocation of which the log knows nothing."""
    of_row = RegisterEntry.objects.filter(certificate=OuterRef("pk"))
    issued = of_row.filter(kind__in=RegisterEntry.ISSUING)
    revoked = of_row.filter(kind=RegisterEntry.Kind.REVOCATION)
    unknown = Certificate.objects.filter(~Exists(issued) | (Q(revocation__isnull=False) & ~Exists(revoked)))
    first = unknown.order_by("pk").first()
    return _("The register has no entry for %(number)s.") % {"number": first.number} if first else ""


def _waiting() -> int:
    late = RegisterEntry.objects.filter(position__isnull=True, recorded_at__lt=clock.now() - PATIENCE)
    return late.count()
