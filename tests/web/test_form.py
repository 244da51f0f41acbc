"""Fields come as they were sent: in their order, each as often, in UTF-8."""

from __future__ import annotations

import pytest

from triplomacy.errors import BadRequest, UnsupportedMediaType
from triplomacy.web.form import FORM, fields_of, media_type_of


def test_a_field_comes_as_often_as_it_was_sent() -> None:
    fields = fields_of(b"q=Ukra%C3%AFne&q=%2B+x&empty=&q=", "The form")
    assert fields == [("q", "Ukraïne"), ("q", "+ x"), ("empty", ""), ("q", "")]


@pytest.mark.parametrize("encoded", [b"q=%FC", b"q=\xfc", b"%ED%A0%80=x", b"x=y&" * 1_001])
def test_what_is_no_form_is_refused_with_what_it_is(encoded: bytes) -> None:
    with pytest.raises(BadRequest, match="The form"):
        fields_of(encoded, "The form")


@pytest.mark.parametrize(
    "header", [FORM, FORM.upper(), f"{FORM}; charset=UTF-8", f'{FORM};charset="utf8"']
)
def test_a_media_type_is_read_whatever_its_case(header: str) -> None:
    assert media_type_of(header) == FORM
    assert media_type_of("") == ""


@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-16", "x" * 5_000])
def test_another_encoding_is_refused(charset: str) -> None:
    with pytest.raises(UnsupportedMediaType) as caught:
        media_type_of(f"{FORM}; charset={charset}")
    assert len(caught.value.detail) < 100
