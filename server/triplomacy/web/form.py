"""Reads the fields of a request, those of its URL and those of a form, to the letter.

Fields come in their order, a name as often as it was sent, and what is not UTF-8 is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qsl

from werkzeug.http import parse_options_header

from triplomacy.errors import BadRequest, UnsupportedMediaType

FORM = "application/x-www-form-urlencoded"
_UTF_8 = ("", "utf-8", "utf8", "us-ascii")
_MAX_FIELDS = 1000

Fields = Sequence[tuple[str, str]]
"""Names and values."""


def media_type_of(content_type: str) -> str:
    """The media type that a `Content-Type` header tells, in small letters.

    Raises:
        UnsupportedMediaType: the body is in another encoding than UTF-8.
    """
    media_type, options = parse_options_header(content_type)
    charset = options.get("charset", "").strip().lower()
    if charset not in _UTF_8:
        raise UnsupportedMediaType(f"The body is in {charset[:60]}.", "send it in UTF-8")
    return media_type.strip().lower()


def fields_of(encoded: bytes, what: str) -> Fields:
    """The fields of a URL or a form.

    Args:
        encoded: what follows the `?` of the URL, or the body.
        what: what it is, for people.

    Raises:
        BadRequest: it is not UTF-8, or has too many fields.
    """
    try:
        return parse_qsl(
            encoded.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MAX_FIELDS,
        )
    except UnicodeDecodeError:
        raise BadRequest(f"{what} is not percent-encoded UTF-8.", "encode it in UTF-8") from None
    except ValueError:
        raise BadRequest(f"{what} has more than {_MAX_FIELDS} fields.", "send fewer") from None
