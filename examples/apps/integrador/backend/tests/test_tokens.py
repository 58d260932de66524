import unittest

from shared import tokens


class TokensTest(unittest.TestCase):
    def test_a_token_says_what_was_signed(self):
        self.assertEqual(7, tokens.verify(tokens.sign({"table": 7}, "secret"), "secret")["table"])

    def test_another_secret_does_not_open_it(self):
        with self.assertRaises(tokens.BadToken):
            tokens.verify(tokens.sign({"table": 7}, "secret"), "another")

    def test_it_expires(self):
        with self.assertRaises(tokens.BadToken):
            tokens.verify(tokens.sign({"table": 7}, "secret", lifetime=-1), "secret")


if __name__ == "__main__":
    unittest.main()
