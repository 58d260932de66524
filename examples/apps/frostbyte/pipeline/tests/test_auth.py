import base64
import hashlib
import hmac
import json
import unittest

from pipeline.auth import Refused, authorize, verify_token
from pipeline.settings import read_settings

SECRET = "dev-secret-min-32-characters"
# A widely published example: made by others, so that we are not our own witness.
FOREIGN_TOKEN = (
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ"
    ".SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"
)


def encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def token(claims: dict, secret: str = SECRET, algorithm: str = "HS256") -> str:
    signed = f"{encoded(json.dumps({'alg': algorithm}).encode())}.{encoded(json.dumps(claims).encode())}"
    return f"{signed}.{encoded(hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest())}"


class TokenTests(unittest.TestCase):
    def refused(self, given: str, why: str, now: float = 1000.0, secret: str = SECRET):
        with self.assertRaises(Refused) as caught:
            verify_token(given, secret, now)
        self.assertEqual(str(caught.exception), why)

    def test_verify_when_signed_and_in_time_gives_the_claims(self):
        self.assertEqual(verify_token(token({"sub": "ops", "exp": 1001, "nbf": 1000}), SECRET, 1000.0)["sub"], "ops")

    def test_verify_when_made_by_another_program(self):
        self.assertEqual(verify_token(FOREIGN_TOKEN, "your-256-bit-secret", 1000.0)["name"], "John Doe")

    def test_verify_when_signed_with_another_secret(self):
        self.refused(token({}, "another"), "the token's signature does not match")

    def test_verify_when_claims_were_changed(self):
        head, _, signature = token({"sub": "ops"}).split(".")
        self.refused(f"{head}.{encoded(b'{}')}.{signature}", "the token's signature does not match")

    def test_verify_when_unsigned_or_of_another_algorithm(self):
        for algorithm in ("none", "HS512", "RS256"):
            self.refused(token({}, algorithm=algorithm), "the token is not signed with HS256")

    def test_verify_when_late_or_early(self):
        self.refused(token({"exp": 1000}), "the token has expired")
        self.refused(token({"nbf": 1001}), "the token is not valid yet")
        self.refused(token({"exp": "tomorrow"}), "the token's 'exp' is not a time in seconds")

    def test_verify_when_malformed(self):
        for given in ("", "x", "a.b.c", "..", "e30.e30", f"{encoded(b'[]')}.e30.AA", "é.é.é"):
            with self.subTest(given), self.assertRaises(Refused):
                verify_token(given, SECRET, 1000.0)

    def test_verify_when_no_secret_is_set(self):
        self.refused(token({}, ""), "tokens are not accepted: JWT_SECRET is not set", secret="")


class AuthorizeTests(unittest.TestCase):
    settings = read_settings({"FROSTBYTE_ADMIN_API_KEY": "the-key", "JWT_SECRET": SECRET})

    def test_authorize_when_key_or_token_holds(self):
        authorize(self.settings, "the-key", None)
        authorize(self.settings, None, f"Bearer {token({})}")

    def test_authorize_when_neither_holds(self):
        for key, header in ((None, None), ("", None), ("the-kex", None), (None, "Basic eDp5"), (None, "Bearer "), ("ключ", None)):
            with self.subTest((key, header)), self.assertRaises(Refused):
                authorize(self.settings, key, header)

    def test_authorize_when_nothing_is_set_refuses_the_empty_key(self):
        with self.assertRaises(Refused):
            authorize(read_settings({}), "", None)

    def test_authorize_when_switched_off_lets_all_in(self):
        authorize(read_settings({"FROSTBYTE_AUTH_BYPASS": "true"}), None, None)


if __name__ == "__main__":
    unittest.main()
