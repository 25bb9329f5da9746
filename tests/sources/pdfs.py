"""PDFs for tests, plain and encrypted."""

from __future__ import annotations

import io

from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject


def pdf_of(*lines: str, mapped: str = "") -> bytes:
    """A PDF that shows these lines; in `mapped`, A stands for that character (in hexadecimal)."""
    writer = PdfWriter()
    page = writer.add_blank_page(600, 800)
    font = DictionaryObject(
        {NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1"),
         NameObject("/BaseFont"): NameObject("/Helvetica")}
    )  # fmt: skip
    if mapped:
        codes = DecodedStreamObject()
        ranges = "1 begincodespacerange <00> <FF> endcodespacerange"
        codes.set_data(f"begincmap {ranges} 1 beginbfchar <41> <{mapped}> endbfchar endcmap".encode())
        font[NameObject("/ToUnicode")] = writer._add_object(codes)
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): DictionaryObject({NameObject("/F"): font})})
    content = DecodedStreamObject()
    shown = "".join(f"BT /F 9 Tf 20 {780 - 12 * at} Td ({line}) Tj ET\n" for at, line in enumerate(lines))
    content.set_data(shown.encode())
    page[NameObject("/Contents")] = writer._add_object(content)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def encrypted(plain: bytes, algorithm: str, user_password: str) -> bytes:
    """The PDF, which only its owner may edit, and only who knows the user's password may read."""
    writer = PdfWriter(clone_from=io.BytesIO(plain))
    writer.encrypt(user_password, "the owner's", algorithm=algorithm)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
