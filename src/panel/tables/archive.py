"""Office files that are the same byte for byte whenever they are written."""

from __future__ import annotations

import io
import re
import zipfile

# The earliest moment a zip archive can hold; properties of a document name the same.
_MOMENT = (1980, 1, 1, 0, 0, 0)
_PROPERTY = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def steady(content: bytes) -> bytes:
    """The same .docx or .xlsx without the times at which it was written."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename == "docProps/core.xml":
                data = _PROPERTY.sub(rb"\g<1>1980-01-01T00:00:00Z", data)
            info = zipfile.ZipInfo(entry.filename, _MOMENT)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, data)
    return out.getvalue()
