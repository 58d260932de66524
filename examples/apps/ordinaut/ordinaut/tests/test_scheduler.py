import unittest
from datetime import datetime, timedelta, timezone

from ordinaut.scheduler import following, is_missed

NOON = datetime(2026, 1, 31, 12, tzinfo=timezone.utc)
MINUTE = timedelta(minutes=1)


class FollowingTest(unittest.TestCase):
    def test_once_has_no_other(self) -> None:
        self.assertIsNone(following(NOON, None, NOON))

    def test_is_one_period_on(self) -> None:
        self.assertEqual(following(NOON, MINUTE, NOON + timedelta(seconds=1)), NOON + MINUTE)

    def test_after_a_long_silence_keeps_step(self) -> None:
        self.assertEqual(following(NOON, MINUTE, NOON + timedelta(seconds=150)), NOON + 3 * MINUTE)


class MissedTest(unittest.TestCase):
    def test_repeated_beyond_the_grace(self) -> None:
        self.assertTrue(is_missed(NOON, MINUTE, NOON + timedelta(seconds=31), 30))
        self.assertFalse(is_missed(NOON, MINUTE, NOON + timedelta(seconds=29), 30))

    def test_once_is_never_missed(self) -> None:
        self.assertFalse(is_missed(NOON, None, NOON + timedelta(days=1), 30))


if __name__ == "__main__":
    unittest.main()
