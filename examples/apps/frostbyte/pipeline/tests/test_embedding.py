import math
import subprocess
import sys
import unittest

from pipeline.embedding import DIMENSION, embed, words

FROST = "Ice crystals grow on cold window panes in winter nights."
BREAD = "Sourdough bread needs flour, water, salt and patience; bake it hot."
TABLES = "A relational database keeps rows in tables, with transactions and indexes."


def nearness(one: str, other: str) -> float:
    return sum(a * b for a, b in zip(embed(one), embed(other)))


class EmbeddingTests(unittest.TestCase):
    def test_embed_gives_a_unit_vector_of_the_dimension(self):
        vector = embed(FROST)
        self.assertEqual(len(vector), DIMENSION)
        self.assertAlmostEqual(math.hypot(*vector), 1.0)

    def test_embed_in_another_process_gives_the_same_numbers(self):
        program = f"from pipeline.embedding import embed; print(embed({FROST!r}))"
        other = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        self.assertEqual(other.stdout.strip(), str(embed(FROST)))

    def test_embed_when_there_is_no_word_gives_zeros(self):
        self.assertEqual(embed(" … !? "), [0.0] * DIMENSION)

    def test_nearness_ranks_the_text_that_is_about_it_first(self):
        for question, about in {"winter ice": FROST, "baking bread": BREAD, "database transaction": TABLES}.items():
            with self.subTest(question):
                self.assertEqual(max((FROST, BREAD, TABLES), key=lambda text: nearness(question, text)), about)

    def test_nearness_of_an_inflected_word_beats_that_of_a_foreign_one(self):
        self.assertGreater(nearness("embedding", "embeddings"), 0.4)
        self.assertGreater(nearness("embedding", "embeddings"), nearness("embedding", "sourdough"))

    def test_nearness_ignores_case_accents_and_common_words(self):
        self.assertAlmostEqual(nearness("The CAFÉ", "cafe"), 1.0)

    def test_words_when_all_are_common_keeps_them(self):
        self.assertEqual(words("To be, or not to be"), ["to", "be", "or", "not", "to", "be"])
        self.assertAlmostEqual(math.hypot(*embed("to be or not")), 1.0)


if __name__ == "__main__":
    unittest.main()
