"""The parts of a lesson as an author meets them in Wagtail: the same fields as in a content pack.

Text fields hold Markdown, in the pack and here alike, so that one source stands in both and a difference can be
read line by line.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from courses.media import kinds, library
from courses.models.framework import ALL_JURISDICTIONS


def _markdown(label: Any, *, rows: int = 3, required: bool = True) -> blocks.TextBlock:
    return blocks.TextBlock(label=label, rows=rows, required=required, help_text=_("Markdown."))


class FittingImage(ImageChooserBlock):
    """An image that a lesson can show."""

    def clean(self, value: Any) -> Any:
        """The image; refused where its content is not what lessons can show."""
        return _fitting(kinds.PICTURE, super().clean(value))


class FittingDocument(DocumentChooserBlock):
    """A document of a kind that a lesson can show."""

    def __init__(self, kind: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind = kind

    def clean(self, value: Any) -> Any:
        """The document; refused where its content is of another kind."""
        return _fitting(self.kind, super().clean(value))


def _fitting(kind: str, row: Any) -> Any:
    reason = library.reason_against(kind, row) if row is not None else ""
    if reason:
        raise ValidationError(reason)
    return row


class JurisdictionBlock(blocks.StructBlock):
    """Base: a part that may be shown only where the organisation has adopted a jurisdiction."""

    jurisdiction = blocks.CharBlock(
        label=_("Jurisdiction"), default=ALL_JURISDICTIONS, max_length=10, help_text=_("A code such as ZA, or all.")
    )


class TextBlock(JurisdictionBlock):
    """Explanation."""

    body = _markdown(_("Text"), rows=12)

    class Meta:
        icon = "doc-full"
        label = _("Text")


class SituationBlock(JurisdictionBlock):
    """A real moment at a counter."""

    title = blocks.CharBlock(label=_("Title"), max_length=250)
    body = _markdown(_("What happens"), rows=8)

    class Meta:
        icon = "group"
        label = _("Situation")


class OptionBlock(blocks.StructBlock):
    """One option of a choice."""

    text = _markdown(_("Option"), rows=2)
    right = blocks.BooleanBlock(label=_("Right"), required=False)
    feedback = _markdown(_("Feedback"), rows=2, required=False)


class ChoiceBlock(JurisdictionBlock):
    """Choose one option, or several."""

    question = _markdown(_("Question"))
    several = blocks.BooleanBlock(label=_("More than one may be right"), required=False)
    options = blocks.ListBlock(OptionBlock(), min_num=2, label=_("Options"))

    class Meta:
        icon = "help"
        label = _("Choice")


class SortItemBlock(blocks.StructBlock):
    """One thing to put into a group."""

    text = _markdown(_("Item"), rows=2)
    group = blocks.CharBlock(label=_("Right group"), max_length=250)
    feedback = _markdown(_("Feedback"), rows=2, required=False)


class SortBlock(JurisdictionBlock):
    """Put each item into its group."""

    prompt = _markdown(_("Task"))
    groups = blocks.ListBlock(blocks.CharBlock(max_length=250, label=_("Group")), min_num=2, label=_("Groups"))
    items = blocks.ListBlock(SortItemBlock(), min_num=2, label=_("Items"))

    class Meta:
        icon = "folder-open-inverse"
        label = _("Sort")


class PairBlock(blocks.StructBlock):
    """A left side and the right side that belongs to it."""

    left = _markdown(_("Left side"), rows=2)
    right = blocks.CharBlock(label=_("Right side"), max_length=250)
    feedback = _markdown(_("Feedback"), rows=2, required=False)


class MatchBlock(JurisdictionBlock):
    """Choose for each left side what belongs to it."""

    prompt = _markdown(_("Task"))
    pairs = blocks.ListBlock(PairBlock(), min_num=2, label=_("Pairs"))
    feedback = _markdown(_("Feedback"), required=False)

    class Meta:
        icon = "link"
        label = _("Match")


class ScenarioOptionBlock(blocks.StructBlock):
    """One option of a step; each is answered at once, so each needs its feedback."""

    text = _markdown(_("Option"), rows=2)
    right = blocks.BooleanBlock(label=_("Right"), required=False)
    feedback = _markdown(_("Feedback"), rows=2)
    critical_error = blocks.BooleanBlock(
        label=_("Critical error"), required=False, help_text=_("In an assessment this alone would mean not yet.")
    )


class ScenarioStepBlock(blocks.StructBlock):
    """What has happened since, and what is to be decided now."""

    scene = _markdown(_("What has happened since"), rows=4, required=False)
    question = _markdown(_("Question"), rows=2)
    options = blocks.ListBlock(ScenarioOptionBlock(), min_num=2, label=_("Options"), help_text=_("One is right."))


class SteppedScenarioBlock(JurisdictionBlock):
    """A case in steps: the next scene opens after an answer."""

    title = blocks.CharBlock(label=_("Title"), max_length=250)
    body = _markdown(_("How it begins"), rows=6)
    steps = blocks.ListBlock(ScenarioStepBlock(), min_num=2, label=_("Steps"))

    class Meta:
        icon = "list-ol"
        label = _("Stepped scenario")


class OrderBlock(JurisdictionBlock):
    """Put steps in order."""

    prompt = _markdown(_("Task"))
    steps = blocks.ListBlock(
        _markdown(_("Step"), rows=2), min_num=2, label=_("Steps"), help_text=_("In the right order.")
    )
    feedback = _markdown(_("Feedback"), required=False)

    class Meta:
        icon = "list-ol"
        label = _("Order")


class ReflectBlock(JurisdictionBlock):
    """Write for yourself, then compare. What a learner writes here never leaves her device."""

    prompt = _markdown(_("Question to think about"))
    expert = _markdown(_("An experienced colleague’s answer"), rows=6)

    class Meta:
        icon = "edit"
        label = _("Reflect")


class PointsBlock(JurisdictionBlock):
    """A title and short points."""

    title = blocks.CharBlock(label=_("Title"), max_length=250)
    points = blocks.ListBlock(_markdown(_("Point"), rows=2), min_num=1, label=_("Points"))


class PictureBlock(JurisdictionBlock):
    """A picture, which learners get small enough for a bad line."""

    file = FittingImage(label=_("Picture"))
    alt = blocks.CharBlock(
        label=_("What it shows, in words"),
        max_length=500,
        help_text=_("For those who cannot see it: what a reader should take from it, not “picture of”."),
    )
    caption = blocks.CharBlock(label=_("Caption"), max_length=500, required=False)

    class Meta:
        icon = "image"
        label = _("Picture")


class VideoBlock(JurisdictionBlock):
    """A video from our own site, with captions and a transcript. Nothing is loaded before it is wanted."""

    title = blocks.CharBlock(label=_("Title"), max_length=250)
    file = FittingDocument(kind=kinds.VIDEO, label=_("Video"), help_text=_("MP4 or WebM."))
    captions = FittingDocument(kind=kinds.CAPTIONS, label=_("Captions"), help_text=_("WebVTT."))
    transcript = _markdown(_("Transcript"), rows=8)

    class Meta:
        icon = "media"
        label = _("Video")


class DocumentBlock(JurisdictionBlock):
    """Shows the lesson's document, to be acknowledged."""

    class Meta:
        icon = "doc-empty"
        label = _("The lesson’s document")


class LessonBody(blocks.StreamBlock):
    """Everything that a lesson may hold. The names are the `kind`s of the pack format."""

    text = TextBlock()
    situation = SituationBlock()
    choice = ChoiceBlock()
    sort = SortBlock()
    match = MatchBlock()
    order = OrderBlock()
    stepped_scenario = SteppedScenarioBlock()
    reflect = ReflectBlock()
    picture = PictureBlock()
    video = VideoBlock()
    quick_card = PointsBlock(icon="pin", label=_("Quick card"))
    checklist = PointsBlock(icon="tick", label=_("Checklist"))
    document = DocumentBlock()


def to_pack(raw: dict[str, Any]) -> dict[str, Any]:
    """A block of a StreamField's raw data as the pack writes it, with its `id` kept."""
    return {"id": raw["id"], "kind": raw["type"], **_plain(raw["value"])}


def from_pack(block: dict[str, Any]) -> dict[str, Any]:
    """The counterpart of `to_pack`."""
    value = {name: content for name, content in block.items() if name not in {"id", "kind"}}
    return {"id": block["id"], "type": block["kind"], "value": value}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(content) for name, content in value.items()}
    if isinstance(value, list):
        return [_plain(item["value"] if _is_list_item(item) else item) for item in value]
    return value


def _is_list_item(item: Any) -> bool:
    return isinstance(item, dict) and item.get("type") == "item"
