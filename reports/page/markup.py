"""What makes text from data safe to stand in the page, and the page's security policy."""

import base64
import hashlib
import re
import unicodedata
import zlib
from urllib.parse import urlencode

# Control and format characters can reorder or hide what is read: a name with a right-to-left override
# in it would show another name than the one that is filtered for. Line breaks and tabs become spaces.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}


def clean(text: str) -> str:
    """Return ``text`` without characters that cannot be seen; escaping is the template's.

    >>> clean("Harbour\\u202e Surgery\\x00\\n(West)")
    'Harbour Surgery (West)'
    """
    if text.isascii() and text.isprintable():
        return text
    spaced = re.sub(r"[\t\r\n]+", " ", text)
    return "".join(letter for letter in spaced if unicodedata.category(letter) not in _UNSEEN)


def anchor(prefix: str, code: str) -> str:
    """Return an id that a link can name: the code itself where it is plain, else a likeness and a checksum.

    >>> anchor("indicator", "COPD_ADM"), anchor("indicator", "a b")
    ('indicator-COPD_ADM', 'indicator-a-b-806c5cd3')
    """
    plain = re.sub(r"[^A-Za-z0-9_.-]+", "-", code)
    if plain != code:
        plain += f"-{zlib.crc32(code.encode('utf-8', 'replace')):08x}"
    return f"{prefix}-{plain}"


def view(**chosen: str) -> str:
    """Return the address of a view of the page's charts, as its script reads and writes it.

    >>> view(area="L04", indicator="a b")
    '#area=L04&indicator=a+b'
    """
    return f"#{urlencode(chosen)}"


def source_hash(text: str) -> str:
    """Return the policy's name for an inline style or script: ``'sha256-...'``."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"


def policy(*, style: str, script: str) -> str:
    """Return the content security policy under which this style and script run, and nothing else does."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src {source_hash(style)}",
            f"script-src {source_hash(script)}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
