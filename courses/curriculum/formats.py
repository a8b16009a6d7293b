"""The files of a pack, field by field. In words: `courses/packs/README.md`."""

from courses.curriculum import countries
from courses.curriculum.schema import Absent, ByKind, Day, Field, Flag, ListOf, Number, OneOf, Record, Text
from courses.media import kinds
from courses.models.entry import HIGHEST_LEVEL
from courses.models.framework import ALL_JURISDICTIONS, Document, EvidenceKind, Instrument
from courses.models.versions import Course

# Sections of course.yaml that upper rooms read and write themselves.
UPPER_SECTIONS = frozenset({"paper", "observations"})

_LINE = Text(limit=250, one_line=True)
_CODE = Text(60, one_line=True, pattern=r"[A-Za-z0-9][A-Za-z0-9._-]*", hint="letters, digits, dots and hyphens")
_SLUG = Text(60, one_line=True, pattern=r"[a-z0-9][a-z0-9-]*", hint="small letters, digits and hyphens")
_COURSE_CODE = Text(30, one_line=True, pattern=r"[A-Za-z0-9][A-Za-z0-9-]*", hint="letters, digits and hyphens")
_MARKDOWN = Text()
_PERCENT = Number(0, 100, whole=False)
_EVIDENCE = OneOf([kind for kind in EvidenceKind.values if kind != EvidenceKind.PRIOR_LEARNING])
JURISDICTION = OneOf({ALL_JURISDICTIONS, *countries.codes()}, hint="all, or the two letters of a country such as ZA")


def _codes(field: Field = _CODE) -> ListOf:
    return ListOf(field, unique="code")


PACK = Record(
    {
        "pack": _SLUG,
        "title": _LINE,
        "language": Absent(Text(10, one_line=True), "en"),
        "author": Text(200, one_line=True),
        "approver": Text(200, one_line=True),
        "moderator": Text(200, one_line=True),
        "requires": Absent(_codes(_SLUG), []),
    }
)

OUTCOME = Record({"code": _CODE, "text": _MARKDOWN})
CRITERION = Record(
    {
        "code": _CODE,
        "outcome": Absent(_CODE),
        "text": _MARKDOWN,
        "critical": Absent(Flag(), False),
        "evidence": ListOf(_EVIDENCE, least=1, unique="kind"),
        "range": Absent(_MARKDOWN, ""),
        "jurisdiction": Absent(JURISDICTION, ALL_JURISDICTIONS),
    }
)
UNIT = Record(
    {
        "code": _CODE,
        "title": Text(200, one_line=True),
        "outcomes": Absent(ListOf(OUTCOME, unique="code"), []),
        "criteria": Absent(ListOf(CRITERION, unique="code"), []),
    }
)
FRAMEWORK = Record({"units": ListOf(UNIT, unique="code")})

INSTRUMENT = Record(
    {
        "code": _SLUG,
        "title": _LINE,
        "kind": OneOf(Instrument.Kind.values),
        "jurisdiction": JURISDICTION,
        "as_at": Day(),
        "review_due": Day(),
        "citation": Absent(_LINE, ""),
        "note": Absent(_MARKDOWN, ""),
        "superseded_on": Absent(Day()),
        "superseded_by": Absent(_SLUG),
    }
)
INSTRUMENTS = Record({"instruments": ListOf(INSTRUMENT, unique="code")})

DOCUMENT = Record(
    {
        "code": _SLUG,
        "title": _LINE,
        "kind": Absent(OneOf(Document.Kind.values), Document.Kind.CODE.value),
        "jurisdiction": Absent(JURISDICTION, ALL_JURISDICTIONS),
        "version": Text(30, one_line=True),
        "effective_on": Day(),
        "review_due": Day(),
        "owner": Absent(Text(200, one_line=True), ""),
        "instruments": Absent(_codes(_SLUG), []),
        "body": Text(limit=200_000),
        "acknowledgement": Text(500, one_line=True),
    }
)

HOLDS = Record({"months": Absent(Number(1, 600)), "document": Absent(_SLUG)})
CERTIFIES = Record({"criterion": _CODE, "evidence": _EVIDENCE, "weight": Absent(Number(0.01, 1000, whole=False), 1)})
ENTRY = Record(
    {
        "course": Absent(_COURSE_CODE),
        "subject": Absent(Text(150, one_line=True)),
        "level": Absent(Number(1, HIGHEST_LEVEL)),
        "conditional": Absent(Flag(), False),
    }
)
PASSING = Record({"overall": Absent(_PERCENT), "met": Absent(_PERCENT), "met_critical": Absent(_PERCENT)})
COURSE = Record(
    {
        "code": _COURSE_CODE,
        "title": _LINE,
        "track": Absent(OneOf(Course.Track.values), Course.Track.BASIC.value),
        "integrity": Absent(Flag(), False),
        "language": Absent(Text(10, one_line=True), "en"),
        "summary": Text(500, one_line=True),
        "purpose": _MARKDOWN,
        "outcomes": ListOf(Text(500, one_line=True), least=1),
        "audience": Absent(_MARKDOWN, ""),
        "review_due": Day(),
        "holds": Absent(HOLDS, {"months": None, "document": None}),
        "what_changed": Absent(_MARKDOWN, ""),
        "entry": Absent(ListOf(ENTRY), []),
        "certifies": ListOf(CERTIFIES, least=1, unique="criterion"),
        "passing": Absent(PASSING, {}),
    },
    UPPER_SECTIONS,
)

_ANYWHERE = {"jurisdiction": Absent(JURISDICTION, ALL_JURISDICTIONS)}
_POINTS = Record({**_ANYWHERE, "title": _LINE, "points": ListOf(_MARKDOWN, least=1)})
OPTION = Record({"text": _MARKDOWN, "right": Absent(Flag(), False), "feedback": Absent(_MARKDOWN, "")})
SORT_ITEM = Record({"text": _MARKDOWN, "group": _LINE, "feedback": Absent(_MARKDOWN, "")})
PAIR = Record({"left": _MARKDOWN, "right": _LINE, "feedback": Absent(_MARKDOWN, "")})
# In a scenario every choice is answered at once, so each needs its word.
SCENARIO_OPTION = Record(
    {
        "text": _MARKDOWN,
        "right": Absent(Flag(), False),
        "feedback": _MARKDOWN,
        "critical_error": Absent(Flag(), False),
    }
)
SCENARIO_STEP = Record(
    {
        "scene": Absent(_MARKDOWN, ""),
        "question": _MARKDOWN,
        "options": ListOf(SCENARIO_OPTION, least=2, unique="text"),
    }
)
_SENTENCE = Text(500, one_line=True)
# A file beside the lessons, in `media/`. Reading gives it its hash.
FILE = Text(60, one_line=True, pattern=kinds.NAME.pattern, hint="a plain name such as steps.png, without folders")
BLOCK_KINDS = {
    "text": Record({**_ANYWHERE, "body": _MARKDOWN}),
    "situation": Record({**_ANYWHERE, "title": _LINE, "body": _MARKDOWN}),
    "choice": Record(
        {
            **_ANYWHERE,
            "question": _MARKDOWN,
            "several": Absent(Flag(), False),
            "options": ListOf(OPTION, least=2, unique="text"),
        }
    ),
    "sort": Record(
        {
            **_ANYWHERE,
            "prompt": _MARKDOWN,
            "groups": ListOf(_LINE, least=2, unique="group"),
            "items": ListOf(SORT_ITEM, least=2, unique="text"),
        }
    ),
    "match": Record(
        {
            **_ANYWHERE,
            "prompt": _MARKDOWN,
            "pairs": ListOf(PAIR, least=2, unique="left"),
            "feedback": Absent(_MARKDOWN, ""),
        }
    ),
    "stepped_scenario": Record(
        {**_ANYWHERE, "title": _LINE, "body": _MARKDOWN, "steps": ListOf(SCENARIO_STEP, least=2)}
    ),
    "order": Record(
        {
            **_ANYWHERE,
            "prompt": _MARKDOWN,
            "steps": ListOf(_MARKDOWN, least=2, unique="step"),
            "feedback": Absent(_MARKDOWN, ""),
        }
    ),
    "reflect": Record({**_ANYWHERE, "prompt": _MARKDOWN, "expert": _MARKDOWN}),
    "picture": Record({**_ANYWHERE, "file": FILE, "alt": _SENTENCE, "caption": Absent(_SENTENCE, "")}),
    "video": Record({**_ANYWHERE, "title": _LINE, "file": FILE, "captions": FILE, "transcript": _MARKDOWN}),
    "quick_card": _POINTS,
    "checklist": _POINTS,
    "document": Record(_ANYWHERE),
}
BLOCKS = ListOf(ByKind(BLOCK_KINDS), least=1)
LESSON = Record(
    {
        "key": _SLUG,
        "title": _LINE,
        "minutes": Number(1, 600),
        "completion": Absent(OneOf(["seen", "acknowledged", "attended"]), "seen"),
        "document": Absent(_SLUG),
        "criteria": Absent(_codes(), []),
        "instruments": Absent(_codes(_SLUG), []),
        "blocks": BLOCKS,
    }
)
