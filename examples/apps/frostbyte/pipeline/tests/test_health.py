import asyncio
import socket
import unittest
from unittest import mock

import httpcore

from pipeline import health
from pipeline.health import Health, Probe
from pipeline.progress import BACKLOG, Progress, event
from pipeline.servers import ServerDown, reason_of


class HealthTests(unittest.TestCase):
    def states(self, *probes: Probe) -> dict:
        return asyncio.run(Health(list(probes)).states())

    def test_states_name_each_server_and_why_it_is_down(self):
        async def up(_):
            pass

        async def down(_):
            raise ServerDown("minio", "the key hush is refused")

        found = self.states(Probe("redis", up, str), Probe("minio", down, lambda text: text.replace("hush", "***")))
        self.assertEqual(list(found), ["redis", "minio"])
        self.assertEqual(found["redis"].as_json()["status"], "up")
        self.assertEqual(found["minio"].as_json(), {"status": "down", "reason": "the key *** is refused"})

    def test_state_when_the_server_is_silent_does_not_wait_for_it(self):
        async def silent(_):
            await asyncio.Event().wait()

        with mock.patch.object(health, "PATIENCE", 0.01), mock.patch.object(health, "LIMIT", 0.05):
            found = self.states(Probe("qdrant", silent, str))
        self.assertEqual(found["qdrant"].reason, "no answer within 1.5 s")

    def test_state_when_asked_twice_at_once_checks_once(self):
        begun = []

        async def check(_):
            begun.append(1)
            await asyncio.sleep(0)

        async def ask():
            probe = Probe("redis", check, str)
            await asyncio.gather(*(probe.state() for _ in range(10)))
            self.assertEqual(len(begun), 1)
            await probe.state()
            self.assertEqual(len(begun), 2)

        asyncio.run(ask())


class ReasonTests(unittest.TestCase):
    def test_reason_is_found_behind_what_a_client_raised(self):
        refused = httpcore.ConnectError("All connection attempts failed")
        refused.__cause__ = ExceptionGroup("several", [ConnectionRefusedError(111, "Connect call failed")])
        self.assertEqual(reason_of(refused, "minio:9000"), "connection refused at minio:9000")
        unknown = socket.gaierror(-2, "Name or service not known")
        self.assertEqual(reason_of(unknown, "redis:6379"), "host name of redis:6379 does not resolve")
        self.assertEqual(reason_of(TimeoutError(), "db:1"), "no answer in time from db:1")
        self.assertEqual(reason_of(OSError(113, "No route to host"), "db:1"), "no route to host at db:1")
        self.assertEqual(reason_of(ValueError("odd"), "db:1"), "odd (at db:1)")


async def stays() -> bool:
    return False


async def leaves() -> bool:
    return True


class StreamTests(unittest.TestCase):
    def progress(self, heartbeat: float = 10.0) -> Progress:
        return Progress("redis://127.0.0.1:1/0", "127.0.0.1:1", heartbeat)

    def test_stream_begins_with_the_state_and_ends_when_asked(self):
        async def follow():
            progress = self.progress()
            lines = progress.stream(stays)
            self.assertTrue((await anext(lines)).startswith('data: {"stage": "SYSTEM", "message": "waiting for redis"'))
            progress._hand_out(event("DONE", "done", name="a"))
            self.assertIn('"stage": "DONE"', await anext(lines))
            progress.end_streams()
            self.assertIn("stopping", await anext(lines))
            self.assertEqual([line async for line in lines], [])

        asyncio.run(follow())

    def test_stream_when_nothing_happens_gives_a_comment(self):
        async def follow():
            lines = self.progress(heartbeat=0.001).stream(stays)
            await anext(lines)
            self.assertEqual(await anext(lines), ": heartbeat\n\n")
            await lines.aclose()

        asyncio.run(follow())

    def test_stream_when_its_reader_has_left_ends_and_is_forgotten(self):
        async def follow():
            progress = self.progress(heartbeat=0.001)
            self.assertEqual(len([line async for line in progress.stream(leaves)]), 1)
            self.assertEqual(progress._streams, set())

        asyncio.run(follow())

    def test_stream_when_its_reader_is_slow_loses_the_oldest(self):
        async def follow():
            progress = self.progress()
            lines = progress.stream(stays)
            await anext(lines)
            for number in range(BACKLOG + 3):
                progress._hand_out(event("DONE", str(number)))
            self.assertIn('"message": "3"', await anext(lines))

        asyncio.run(follow())


if __name__ == "__main__":
    unittest.main()
