"""Office files without the moment they were written at."""

from __future__ import annotations

import io
import zipfile

from panel.tables.archive import steady


def test_times_are_taken_out_and_the_rest_is_kept() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("docProps/core.xml", '<dcterms:created a="b">2031-05-06</dcterms:created>')
        archive.writestr("word/document.xml", "<dcterms:created>kept</dcterms:created>")
    with zipfile.ZipFile(io.BytesIO(steady(out.getvalue()))) as archive:
        assert {e.date_time for e in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.read("docProps/core.xml") == (
            b'<dcterms:created a="b">1980-01-01T00:00:00Z</dcterms:created>'
        )
        assert archive.read("word/document.xml") == b"<dcterms:created>kept</dcterms:created>"
