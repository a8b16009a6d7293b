"""A pack's study units, criteria, instruments and documents: files to rows, and rows as the files' content."""

from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from courses.curriculum.problems import Spot
from courses.curriculum.reading import Content, File, PackFiles
from courses.models import (
    Criterion,
    CriterionVersion,
    Document,
    DocumentVersion,
    Instrument,
    LearningOutcome,
    Pack,
    StudyUnit,
)


def load(files: PackFiles, pack: Pack) -> None:
    """Make the rows equal to the files. A criterion worded otherwise gets a new version. Problems go to the spots."""
    if files.instruments:
        instruments = [
            (content, files.instruments.inside("instruments", index))
            for index, content in enumerate(files.instruments.content["instruments"])
        ]
        for content, spot in instruments:
            _load_instrument(content, pack, spot)
        for content, spot in instruments:
            _load_successor(content, spot)
    for document in files.documents:
        _load_document(document, pack)
    if files.framework:
        for index, content in enumerate(files.framework.content["units"]):
            _load_unit(index, content, pack, files.framework)


def content_of(pack: Pack) -> Content:
    """The pack's part of the framework in the files' words; every field is there."""
    return {
        "units": [_unit(unit) for unit in StudyUnit.objects.filter(pack=pack)],
        "instruments": [
            _instrument(row)
            for row in Instrument.objects.filter(pack=pack).select_related("superseded_by").order_by("code")
        ],
        "documents": [_document(row) for row in Document.objects.filter(pack=pack).order_by("code")],
    }


def _load_instrument(content: Content, pack: Pack, spot: Spot) -> None:
    if _belongs_elsewhere(Instrument, content["code"], pack, spot):
        return
    fields = {name: value for name, value in content.items() if name not in {"code", "superseded_by", "superseded_on"}}
    Instrument.objects.update_or_create(code=content["code"], defaults={**fields, "pack": pack})


def _load_successor(content: Content, spot: Spot) -> None:
    """Say what replaced an instrument; it may stand further down in the file."""
    code, day = content["superseded_by"], content["superseded_on"]
    successor = Instrument.objects.filter(code=code).first() if code else None
    if code and successor is None:
        spot.refuse(_("The instrument “%s” is not known.") % code)
    elif code and day is None:
        spot.refuse(_("“superseded_on” is missing: from which day is it replaced?"))
    elif code == content["code"]:
        spot.refuse(_("An instrument does not replace itself."))
    else:
        Instrument.objects.filter(code=content["code"]).update(superseded_by=successor, superseded_on=day)


def _load_document(file: File, pack: Pack) -> None:
    content = file.content
    if _belongs_elsewhere(Document, content["code"], pack, file.at("code")):
        return
    fields = {name: content[name] for name in ("title", "kind", "jurisdiction", "owner")}
    document, _new = Document.objects.update_or_create(code=content["code"], defaults={**fields, "pack": pack})
    wanted = {name: content[name] for name in ("body", "acknowledgement", "effective_on", "review_due")}
    version, is_new = DocumentVersion.objects.get_or_create(
        document=document, version=content["version"], defaults=wanted
    )
    if is_new:
        version.instruments.set(instruments_at(file))
    elif wanted != {name: getattr(version, name) for name in wanted}:
        file.at("version").refuse(
            _(
                "Version %s was loaded with another text, and people may have signed it: give the new text a new version."
            )
            % version.version
        )


def _load_unit(index: int, content: Content, pack: Pack, file: File) -> None:
    if _belongs_elsewhere(StudyUnit, content["code"], pack, file.inside("units", index)):
        return
    unit, _new = StudyUnit.objects.update_or_create(
        code=content["code"], defaults={"title": content["title"], "pack": pack}
    )
    for outcome in content["outcomes"]:
        LearningOutcome.objects.update_or_create(code=outcome["code"], defaults={"unit": unit, "text": outcome["text"]})
    for number, criterion in enumerate(content["criteria"]):
        _load_criterion(criterion, unit, file.inside("units", index, "criteria", number))


def _load_criterion(content: Content, unit: StudyUnit, spot: Spot) -> None:
    outcome = LearningOutcome.objects.filter(code=content["outcome"]).first()
    if content["outcome"] and outcome is None:
        names = {"criterion": content["code"], "outcome": content["outcome"]}
        spot.refuse(_("%(criterion)s names the outcome %(outcome)s, which is not known.") % names)
    criterion, _new = Criterion.objects.update_or_create(
        code=content["code"], defaults={"unit": unit, "outcome": outcome}
    )
    worded = {
        "text": content["text"],
        "is_critical": content["critical"],
        "evidence": content["evidence"],
        "range_text": content["range"],
        "jurisdiction": content["jurisdiction"],
    }
    newest = criterion.versions.order_by("-number").first()
    if newest is None or worded != {name: getattr(newest, name) for name in worded}:
        last = criterion.versions.aggregate(last=Max("number"))["last"] or 0
        CriterionVersion.objects.create(criterion=criterion, number=last + 1, **worded)


def _belongs_elsewhere(model: Any, code: str, pack: Pack, spot: Spot) -> bool:
    row = model.objects.filter(code=code).select_related("pack").first()
    if row is None or row.pack == pack:
        return False
    owner = row.pack.code if row.pack else _("this site")
    spot.refuse(_("“%(code)s” belongs to %(owner)s already.") % {"code": code, "owner": owner})
    return True


def instruments_at(file: File) -> list[Instrument]:
    """The instruments that a file names; a problem for each that is not known."""
    codes = file.content["instruments"]
    known = {row.code: row for row in Instrument.objects.filter(code__in=codes)}
    for code in codes:
        if code not in known:
            file.at("instruments").refuse(_("The instrument “%s” is not known.") % code)
    return [known[code] for code in codes if code in known]


def _unit(unit: StudyUnit) -> Content:
    criteria = unit.criteria.select_related("outcome").prefetch_related("versions")
    return {
        "code": unit.code,
        "title": unit.title,
        "outcomes": [{"code": row.code, "text": row.text} for row in unit.outcomes.all()],
        "criteria": [_criterion(criterion) for criterion in criteria],
    }


def _criterion(criterion: Criterion) -> Content:
    version = max(criterion.versions.all(), key=lambda row: row.number)
    return {
        "code": criterion.code,
        "outcome": criterion.outcome.code if criterion.outcome else None,
        "text": version.text,
        "critical": version.is_critical,
        "evidence": version.evidence,
        "range": version.range_text,
        "jurisdiction": version.jurisdiction,
    }


def _instrument(row: Instrument) -> Content:
    names = ("code", "title", "kind", "jurisdiction", "as_at", "review_due", "citation", "note")
    successor = row.superseded_by.code if row.superseded_by else None
    return {name: getattr(row, name) for name in names} | {
        "superseded_on": row.superseded_on,
        "superseded_by": successor,
    }


def _document(row: Document) -> Content:
    newest = row.versions.order_by("effective_on", "pk").last()
    if newest is None:
        return {"code": row.code}
    return {
        **{name: getattr(row, name) for name in ("code", "title", "kind", "jurisdiction", "owner")},
        **{
            name: getattr(newest, name) for name in ("version", "effective_on", "review_due", "body", "acknowledgement")
        },
        "instruments": sorted(newest.instruments.values_list("code", flat=True)),
    }
