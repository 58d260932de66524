import unittest

from ordinaut.queue import backoff


class BackoffTest(unittest.TestCase):
    def test_doubles_up_to_the_longest(self) -> None:
        self.assertEqual([backoff(failures, 60) for failures in range(8)], [1, 2, 4, 8, 16, 32, 60, 60])


if __name__ == "__main__":
    unittest.main()
