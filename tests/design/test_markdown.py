"""Course authors write Markdown; nothing they or an importer write becomes a script."""

import html5lib
import pytest

from lms.core.markdown import rendered


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<a href="https://example.org" onclick="alert(1)">x</a>',
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](javascript:alert(1))",
        "<javascript:alert(1)>",
        "[x]: javascript:alert(1)\n\n[x]",
        "[x](vbscript:a)",
        "<style>body{display:none}</style>",
        '<iframe src="//example.org"></iframe>',
        "| a |\n|---|\n| <svg onload=alert(1)> |",
        '[x](https://example.org "\\" onmouseover=alert(1)")',
    ],
)
def test_nothing_runs(text: str) -> None:
    tree = html5lib.parseFragment(rendered(text), namespaceHTMLElements=False)
    for element in tree.iter():
        assert element.tag not in {"script", "style", "iframe", "svg", "form", "object"}
        assert not [name for name, _value in element.items() if name.startswith("on") or name == "style"]
        for address in (element.get("href", ""), element.get("src", "")):
            assert not address.lower().startswith(("javascript:", "data:", "vbscript:"))


def test_raw_html_is_shown_as_the_text_it_is() -> None:
    assert "&lt;b&gt;" in rendered("Say <b>no</b>.")


def test_headings_begin_below_the_one_of_the_page() -> None:
    assert rendered("# Gifts\n\n###### Deep") == (
        '<h2 class="govuk-heading-m">Gifts</h2>\n<h6 class="govuk-heading-s">Deep</h6>\n'
    )


def test_headings_within_a_section_begin_lower() -> None:
    assert rendered("# Gifts", first_heading=3).startswith("<h3 ")


def test_text_carries_the_classes_of_the_page() -> None:
    html = rendered("One.\n\n- a\n- b\n\n1. c\n\n[link](/learn/)")
    assert '<p class="govuk-body">One.</p>' in html
    assert '<ul class="govuk-list govuk-list--bullet">' in html
    assert '<ol class="govuk-list govuk-list--number">' in html
    assert '<a href="/learn/" class="govuk-link" rel="noopener noreferrer">link</a>' in html


def test_items_of_a_tight_list_hold_no_paragraphs() -> None:
    assert "<li>a</li>" in rendered("- a\n- b")


def test_a_table_is_a_table_with_its_numbers_to_the_right() -> None:
    html = rendered("| what | how many |\n|---|---:|\n| gifts | 2 |")
    assert '<th class="govuk-table__header" scope="col">what</th>' in html
    assert '<td class="govuk-table__cell govuk-table__cell--numeric">2</td>' in html
    assert "style=" not in html


def test_a_wide_table_scrolls_by_itself() -> None:
    html = rendered("| a |\n|---|\n| `</table>` |")
    tree = html5lib.parseFragment(html, namespaceHTMLElements=False)
    (frame,) = tree
    assert (frame.get("class"), frame.get("tabindex")) == ("frontline-scroll", "0")
    assert [child.tag for child in frame] == ["table"]
    assert "".join(frame.itertext()).split() == ["a", "</table>"]


def test_a_text_that_begins_with_a_second_level_leaves_none_out() -> None:
    assert rendered("## Gifts\n\n### Cash", first_heading=3) == (
        '<h3 class="govuk-heading-s">Gifts</h3>\n<h4 class="govuk-heading-s">Cash</h4>\n'
    )
