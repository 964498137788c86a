import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxiu.customers.rules import Phone, masked_email, masked_phone, phone


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("13812345678", Phone("13812345678")),
        ("138 1234 5678", Phone("13812345678")),
        ("138-1234-5678", Phone("13812345678")),
        ("１３８１２３４５６７８", Phone("13812345678")),
        ("+86 138 1234 5678", Phone("13812345678")),
        ("+86-21-6234 5678", Phone("02162345678")),
        ("(+86) 138 1234 5678", Phone("13812345678")),
        ("008613812345678", Phone("13812345678")),
        ("8613812345678", Phone("13812345678")),
        ("013812345678", Phone("13812345678")),
        ("021-62345678", Phone("02162345678")),
        ("(021) 6234 5678", Phone("02162345678")),
        ("021-62345678-801", Phone("02162345678", "801")),
        ("021-62345678 转 801", Phone("02162345678", "801")),
        ("0755-23456789 ext. 12", Phone("075523456789", "12")),
        ("010-62345678，转801", Phone("01062345678", "801")),
        ("+86 400 123 4567", Phone("4001234567")),
        ("400-123-4567", Phone("4001234567")),
        ("95555", Phone("95555")),
        ("+49 30 123456", Phone("004930123456")),
        ("62345678", Phone("62345678")),
    ],
)
def test_a_number_is_read_however_it_is_written(written: str, read: Phone) -> None:
    assert phone(written) == read


@pytest.mark.parametrize("written", ["", "王小明", "1234", "138123x45678y", "AT-2025-0031", "1" * 16])
def test_what_is_no_number_is_not_read_as_one(written: str) -> None:
    assert phone(written) is None


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from(["", "+86 ", "0086", "86", "0"]))
def test_a_mobile_is_the_same_with_any_prefix_and_its_tail_is_its_end(digits: str, prefix: str) -> None:
    read = phone(prefix + digits)
    assert read == Phone(digits)
    assert read.tail[:4] == digits[-1:-5:-1]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("13812345678", "138****5678"), ("+86 138 1234 5678", "138****5678"), ("021-62345678-801", "021****5678"),
        ("95555", "****55"), ("", ""),
    ],
)  # fmt: skip
def test_a_number_is_shown_without_its_middle(written: str, shown: str) -> None:
    assert masked_phone(written) == shown


@given(st.text(max_size=40))
def test_masking_never_shows_more_than_seven_digits(written: str) -> None:
    assert sum(each.isdigit() for each in masked_phone(written)) <= 7


def test_an_address_is_shown_without_its_name() -> None:
    assert (masked_email("wang@example.com"), masked_email("")) == ("w***@example.com", "")
