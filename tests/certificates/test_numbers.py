"""Certificate numbers and what people make of them at a keyboard."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates import numbers


@given(st.integers(2020, 2099))
def test_a_new_number_is_its_own_normal_form(year: int) -> None:
    number = numbers.new("MCS", year)
    assert number.startswith(f"MCS-{year}-")
    assert numbers.normalise(number) == number


@given(st.data())
def test_a_wrong_digit_is_caught(data: st.DataObject) -> None:
    number = numbers.new("MCS", 2026)
    places = [place for place, sign in enumerate(number) if sign.isdigit() and place < len(number) - 1]
    place = data.draw(st.sampled_from(places))
    digit = data.draw(st.sampled_from(sorted(set("0123456789") - {number[place]})))
    assert numbers.normalise(number[:place] + digit + number[place + 1 :]) is None


@pytest.mark.parametrize(
    "spoil",
    [str.lower, lambda n: n.replace("-", " "), lambda n: n.replace("-", ""), lambda n: f"  {n}. ", lambda n: n[::1]],
)
def test_spaces_dashes_and_small_letters_do_not_matter(spoil: object) -> None:
    number = numbers.new("MCS", 2026)
    assert numbers.normalise(spoil(number)) == number  # type: ignore[operator]


def test_o_and_l_typed_for_digits_are_read_as_digits() -> None:
    number = next(n for n in (numbers.new("MCS", 2026) for _ in range(1000)) if "0" in n[9:-2] and "1" in n[9:-2])
    typed = number[:9] + number[9:-2].replace("0", "O").replace("1", "l") + number[-2:]
    assert numbers.normalise(typed) == number


@pytest.mark.parametrize(
    "typed", ["", "MCS", "MCS-2026", "x" * 500, "MCS-2026-00000-00000-!", "نورة", "12345678901234567"]
)
def test_what_cannot_be_a_number_is_none(typed: str) -> None:
    assert numbers.normalise(typed) is None


def test_a_code_has_128_random_bits() -> None:
    codes = {numbers.new_code() for _ in range(50)}
    assert len(codes) == 50
    assert {len(code) for code in codes} == {22}
