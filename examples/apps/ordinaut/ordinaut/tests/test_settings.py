import unittest

from ordinaut.settings import read_settings

URLS = {"DATABASE_URL": "postgresql://u:p@db/o", "REDIS_URL": "redis://redis:6379/0"}


class SettingsTest(unittest.TestCase):
    def test_defaults_are_the_documents(self) -> None:
        settings = read_settings(URLS)
        self.assertEqual((settings.misfire_grace, settings.scheduler_batch), (30, 10))
        self.assertEqual((settings.lease, settings.poll, settings.retries, settings.longest_backoff), (60, 0.5, 3, 60))

    def test_what_is_missing_is_named(self) -> None:
        with self.assertRaisesRegex(ValueError, "REDIS_URL is not set"):
            read_settings({"DATABASE_URL": "x"})

    def test_what_is_no_number_is_named(self) -> None:
        with self.assertRaisesRegex(ValueError, "WORKER_MAX_RETRIES is 'many', which is no number"):
            read_settings(URLS | {"WORKER_MAX_RETRIES": "many"})


if __name__ == "__main__":
    unittest.main()
