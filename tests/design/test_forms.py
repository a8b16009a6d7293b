"""Forms come out in the markup that our stylesheet and screen readers expect, with no class in a Python form."""

from datetime import date
from typing import cast
from xml.etree.ElementTree import Element

import html5lib
import pytest
from django import forms
from django.utils import translation
from wagtail.admin.widgets import AdminDateInput


class Visit(forms.Form):
    name = forms.CharField(help_text="As on your staff card.")
    email = forms.EmailField(required=False, label="E-mail address")
    secret = forms.CharField(widget=forms.PasswordInput, label="Password")
    story = forms.CharField(widget=forms.Textarea, max_length=200)
    office = forms.ChoiceField(choices=[("n", "North"), ("s", "South")])
    gift = forms.ChoiceField(choices=[("g", "Give it back"), ("k", "Keep it")], widget=forms.RadioSelect)
    duties = forms.MultipleChoiceField(choices=[("c", "Cash"), ("r", "Records")], widget=forms.CheckboxSelectMultiple)
    agree = forms.BooleanField(label="I have read the code", help_text="You can read it again.")
    day = forms.DateField(label="Day of the visit")
    evidence = forms.FileField(help_text="PDF or picture.")
    token = forms.CharField(widget=forms.HiddenInput, initial="t")

    def clean(self) -> dict[str, object]:
        raise forms.ValidationError("The day and the office do not go together.")


def parsed(markup: str) -> Element:
    return cast("Element", html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parseFragment(markup))


def one(tree: Element, name: str) -> Element:
    """The single control of that name."""
    found = [element for element in tree.iter() if element.get("name") == name]
    assert len(found) == 1, found
    return found[0]


def by_id(tree: Element, ident: str) -> Element:
    return next(element for element in tree.iter() if element.get("id") == ident)


def text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


@pytest.fixture
def fresh() -> Element:
    return parsed(str(Visit(initial={"day": date(2026, 11, 22)})))


@pytest.fixture
def refused() -> Element:
    return parsed(str(Visit({"day": "the day after"})))


@pytest.mark.parametrize(
    ("name", "css"),
    [
        ("name", "govuk-input"),
        ("email", "govuk-input"),
        ("secret", "govuk-input"),
        ("story", "govuk-textarea"),
        ("office", "govuk-select"),
        ("agree", "govuk-checkboxes__input"),
        ("evidence", "govuk-file-upload"),
    ],
)
def test_every_control_has_its_class_and_a_label(fresh: Element, name: str, css: str) -> None:
    control = one(fresh, name)
    assert css in control.get("class", "").split()
    labels = [label for label in fresh.iter("label") if label.get("for") == control.get("id")]
    assert len(labels) == 1


def test_a_hint_and_an_error_are_read_out_with_the_field(refused: Element) -> None:
    control = one(refused, "name")
    assert control.get("aria-describedby") == "id_name_helptext id_name_error"
    assert text(by_id(refused, "id_name_helptext")) == "As on your staff card."
    assert text(by_id(refused, "id_name_error")) == "Error: This field is required."
    assert "govuk-input--error" in control.get("class", "")


def test_a_file_field_names_its_hint_and_error_too(refused: Element) -> None:
    assert one(refused, "evidence").get("aria-describedby") == "id_evidence_helptext id_evidence_error"


@pytest.mark.parametrize(("name", "kind"), [("gift", "radios"), ("duties", "checkboxes")])
def test_choices_stand_in_a_fieldset_under_their_question(refused: Element, name: str, kind: str) -> None:
    group = next(
        fieldset
        for fieldset in refused.iter("fieldset")
        if any(element.get("name") == name for element in fieldset.iter())
    )
    assert text(group[0]) == name.capitalize()
    assert group.get("aria-describedby") == f"id_{name}_error"
    items = [element for element in group.iter("div") if element.get("class") == f"govuk-{kind}__item"]
    assert [[child.tag for child in item] for item in items] == [["input", "label"]] * 2
    assert [item[0].get("id") for item in items] == [item[1].get("for") for item in items]


def test_the_summary_comes_first_and_links_to_each_field(refused: Element) -> None:
    summary = next(iter(refused))
    assert "govuk-error-summary" in summary.get("class", "")
    targets = [link.get("href", "")[1:] for link in summary.iter("a")]
    assert targets[0] == "id_name"
    assert "id_gift_0" in targets
    assert {element.get("id") for element in refused.iter()} >= set(targets)
    assert "The day and the office do not go together." in text(summary)


def test_a_form_without_errors_has_no_summary(fresh: Element) -> None:
    assert not [element for element in fresh.iter() if "govuk-error-summary" in element.get("class", "")]


def test_a_date_reaches_the_browsers_picker_in_its_own_form(fresh: Element) -> None:
    control = one(fresh, "day")
    assert (control.get("type"), control.get("value")) == ("date", "2026-11-22")


def test_a_date_typed_the_local_way_is_shown_again() -> None:
    with translation.override("en-gb"):
        control = one(parsed(str(Visit({"day": "22/11/2026"}))), "day")
    assert control.get("value") == "2026-11-22"


def test_what_is_no_date_stays_as_typed(refused: Element) -> None:
    assert one(refused, "day").get("value") == "the day after"


def test_a_password_can_be_shown(fresh: Element) -> None:
    button = next(fresh.iter("button"))
    assert button.get("aria-controls") == one(fresh, "secret").get("id")
    assert "govuk-js-password-input-input" in one(fresh, "secret").get("class", "")


def test_a_limited_text_counts_its_characters(fresh: Element) -> None:
    counted = next(element for element in fresh.iter() if element.get("data-maxlength"))
    assert counted.get("data-maxlength") == "200"
    assert by_id(counted, "id_story-info") is not None
    assert "%{count}" in counted.get("data-i18n.characters-under-limit.other", "")


def test_only_what_may_stay_empty_is_marked_optional(fresh: Element) -> None:
    marked = [text(label) for label in fresh.iter("label") if "(optional)" in text(label)]
    assert marked == ["E-mail address (optional)"]


def test_a_filter_that_requires_nothing_marks_nothing() -> None:
    class Filter(forms.Form):
        word = forms.CharField(required=False)

    assert "(optional)" not in str(Filter())


def test_hidden_fields_are_carried_without_a_group(fresh: Element) -> None:
    control = one(fresh, "token")
    assert (control.get("type"), control.get("class"), control.get("value")) == ("hidden", None, "t")
    assert control in list(fresh)


def test_what_was_entered_is_escaped() -> None:
    tree = parsed(str(Visit({"name": '"><script>alert(1)</script>', "story": "</textarea><b>"})))
    assert not list(tree.iter("script"))
    assert not list(tree.iter("b"))


def test_the_classes_of_a_widget_join_ours() -> None:
    class Year(forms.Form):
        year = forms.IntegerField(widget=forms.NumberInput({"class": "govuk-input--width-4"}))

    assert one(parsed(str(Year())), "year").get("class") == "govuk-input govuk-input--width-4"


def test_the_admins_own_date_chooser_is_left_alone() -> None:
    class Review(forms.Form):
        on = forms.DateField(widget=AdminDateInput)

    assert one(html5lib.parseFragment(str(Review()["on"]), namespaceHTMLElements=False), "on").get("type") == "text"
