import unittest

from pipeline.settings import InvalidSettings, http_url, masked, postgres_dsn, read_settings


class SettingsTests(unittest.TestCase):
    def test_postgres_url_in_all_its_spellings(self):
        for given in ("postgresql+asyncpg", "postgresql+psycopg", "postgresql", "postgres"):
            self.assertEqual(postgres_dsn(f"{given}://u:p@db:5433/frost"), "postgresql://u:p@db:5433/frost")
        self.assertEqual(postgres_dsn("postgresql+asyncpg://u@db/frost?ssl=require"), "postgresql://u@db/frost?sslmode=require")

    def test_addresses_with_and_without_port(self):
        settings = read_settings({"POSTGRES_URL": "postgres://u:p@db/x", "QDRANT_URL": "https://q", "MINIO_ENDPOINT": "store:9000"})
        self.assertEqual(settings.address("postgres"), "db:5432")
        self.assertEqual(settings.address("qdrant"), "q:443")
        self.assertEqual(settings.address("minio"), "store:9000")
        self.assertEqual(settings.address("redis"), "redis:6379")

    def test_http_url_without_scheme_or_with_closing_slash(self):
        self.assertEqual(http_url("minio:9000"), "http://minio:9000")
        self.assertEqual(http_url("http://minio:9000/"), "http://minio:9000")

    def test_read_when_several_are_wrong_names_each_and_no_password(self):
        with self.assertRaises(InvalidSettings) as caught:
            read_settings({"POSTGRES_URL": "mysql://u:hush-hush@db/x", "REDIS_URL": "redis", "FROSTBYTE_AUTH_BYPASS": "maybe"})
        self.assertEqual(
            str(caught.exception),
            "POSTGRES_URL: 'mysql://u:***@db/x' is no PostgreSQL URL; expected postgresql://user:password@host:port/database; "
            "REDIS_URL: 'redis' is no Redis URL; expected redis://host:port/number; "
            "FROSTBYTE_AUTH_BYPASS: 'maybe' is neither true nor false",
        )

    def test_mask_hides_every_secret_but_not_a_password_that_is_the_login(self):
        settings = read_settings(
            {
                "POSTGRES_URL": "postgresql://frostbyte:p%40ss-word@db/x",
                "FROSTBYTE_ADMIN_API_KEY": "key-one",
                "JWT_SECRET": "key-one-and-more",
            }
        )
        self.assertEqual(settings.mask("frostbyte p@ss-word key-one key-one-and-more"), "frostbyte *** *** ***")
        self.assertNotIn("key-one", repr(settings))

    def test_masked_url(self):
        self.assertEqual(masked("redis://:secret@r:1/0"), "redis://:***@r:1/0")
        self.assertEqual(masked("redis://r:1/0"), "redis://r:1/0")


if __name__ == "__main__":
    unittest.main()
