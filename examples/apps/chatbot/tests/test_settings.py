import unittest

from src.app.embedding import SIZE, embed
from src.app.settings import read_settings


class SettingsTests(unittest.TestCase):
    def test_names_when_nothing_is_set_bear_the_environment(self):
        settings = read_settings({"ENVIRONMENT": "stage"})

        self.assertEqual(settings.collection, "stage_messages")
        self.assertEqual(settings.documents, "stage-documents")
        self.assertTrue(settings.database_url.endswith("/stage_shia_chatbot"))

    def test_password_when_printed_is_not_there(self):
        self.assertNotIn("hidden", repr(read_settings({"MINIO_ROOT_PASSWORD": "hidden"})))


class EmbeddingTests(unittest.TestCase):
    def test_text_when_embedded_twice_is_the_same_vector_of_length_one(self):
        self.assertEqual(embed("The same words"), embed("the SAME words"))
        self.assertEqual(len(embed("words")), SIZE)
        self.assertAlmostEqual(sum(value * value for value in embed("three words here")), 1.0)


if __name__ == "__main__":
    unittest.main()
