import asyncio
import unittest
from datetime import datetime, timezone

from pipeline.extraction import Unreadable, extract
from pipeline.main import excerpt
from pipeline.objects import sign
from pipeline.uploads import LARGEST, Rejected, Upload, read_upload


class ExtractionTests(unittest.TestCase):
    def test_extract_of_markdown_gives_heading_and_plain_text(self):
        found = extract("a.md", "text/markdown", b"intro\n\n## The *title* ##\n\n- **bold** [link](http://x) `code`\n> said")
        self.assertEqual(found.title, "The *title*")
        self.assertEqual(found.text, "intro\n\nThe *title*\n\nbold link code\nsaid")

    def test_extract_of_text_gives_first_line_and_keeps_marks(self):
        found = extract("a.txt", "text/plain", "\ufeff\n# eins zwei\ndrei".encode())
        self.assertEqual((found.title, found.text, found.words), ("# eins zwei", "# eins zwei\ndrei", 3))

    def test_extract_when_there_is_no_text(self):
        for content, why in (
            (b"ab\xff", "'a.txt' is not UTF-8 text (byte 2)"),
            (b"a\0b", "'a.txt' is not text: it holds a NUL character"),
            (b" \n ", "'a.txt' holds not a single word"),
        ):
            with self.subTest(why), self.assertRaises(Unreadable) as caught:
                extract("a.txt", "text/plain", content)
            self.assertEqual(str(caught.exception), why)

    def test_excerpt_shows_the_place_that_was_asked_for(self):
        text = "filler " * 100 + "the needle is here " + "filler " * 100
        part = excerpt(text, ["needle"])
        self.assertIn("the needle is here", part)
        self.assertTrue(part.startswith("… ") and part.endswith(" …"))
        self.assertEqual(excerpt("short", ["absent"]), "short")


class UploadTests(unittest.TestCase):
    def read(self, content_type: str, body: bytes, piece: int = 7) -> Upload:
        async def chunks():
            for start in range(0, len(body), piece):
                yield body[start : start + piece]

        return asyncio.run(read_upload(content_type, chunks()))

    def rejected(self, content_type: str, body: bytes, status: int, piece: int = 7):
        with self.assertRaises(Rejected) as caught:
            self.read(content_type, body, piece)
        self.assertEqual(caught.exception.status, status, str(caught.exception))

    def form(self, name: str, content: bytes, kind: str = "text/plain") -> bytes:
        return (
            b'--X\r\nContent-Disposition: form-data; name="note"\r\n\r\nnot this\r\n'
            b'--X\r\nContent-Disposition: form-data; name="file"; filename="' + name.encode() + b'"\r\n'
            b"Content-Type: " + kind.encode() + b"\r\n\r\n" + content + b"\r\n--X--\r\n"
        )

    def test_read_of_a_form_gives_the_bytes_of_its_file(self):
        self.assertEqual(
            self.read("multipart/form-data; boundary=X", self.form("Bäume.md", b"# a\r\n--Y\r\n")),
            Upload("Bäume.md", "text/markdown", b"# a\r\n--Y\r\n"),
        )
        self.assertEqual(self.read("multipart/form-data; boundary=X", self.form("README", b"a")).media_type, "text/plain")

    def test_read_of_json(self):
        self.assertEqual(self.read("application/json; charset=utf-8", b'{"name": " a  b ", "text": "c"}').name, "a b")

    def test_read_when_there_is_no_document(self):
        self.rejected("text/plain", b"x", 415)
        self.rejected("application/json", b"{", 422)
        self.rejected("application/json", b"[]", 422)
        self.rejected("application/json", b'{"name": "", "text": "x"}', 422)
        self.rejected("multipart/form-data; boundary=X", b"--X\r\n", 422)
        self.rejected("multipart/form-data; boundary=X", self.form("a.pdf", b"x", "application/pdf"), 415)
        self.rejected("multipart/form-data; boundary=X", self.form("a.txt", b"x" * (LARGEST + 1)), 413, 65536)


class SignatureTests(unittest.TestCase):
    def test_sign_is_sensitive_to_all_that_it_covers(self):
        now = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
        one = ("PUT", "minio:9000", "/documents/a", b"x", "frostbyte", "frostbyte", now)
        signatures = {sign(*one)["authorization"]}
        for place, other in enumerate(("GET", "minio", "/documents/b", b"y", "other", "secret12", now.replace(second=6))):
            signatures.add(sign(*one[:place], other, *one[place + 1 :])["authorization"])
        self.assertEqual(len(signatures), 8)
        self.assertEqual(sign(*one)["x-amz-date"], "20260102T030405Z")


if __name__ == "__main__":
    unittest.main()
