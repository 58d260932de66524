"""What is gathered reaches a collector, and a collector that is away disturbs nobody."""

import json
import os
import threading
import unittest
from http.server import BaseHTTPRequestHandler, HTTPServer

import telemetry


class Collector(BaseHTTPRequestHandler):
    received: dict = {}

    def do_POST(self):
        self.received[self.path] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


class TelemetryTest(unittest.TestCase):
    def setUp(self):
        Collector.received = {}
        self.server = HTTPServer(("127.0.0.1", 0), Collector)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.sender = telemetry.Telemetry("ml-service", f"http://127.0.0.1:{self.server.server_port}")

    def tearDown(self):
        self.server.shutdown()
        self.server.server_close()

    def test_spans_nest_and_continue_the_trace_given(self):
        parent = f"00-{'a' * 32}-{'b' * 16}-01"
        with self.sender.span("outer", telemetry.SERVER, parent):
            with self.sender.span("inner"):
                handed_on = telemetry.headers()["traceparent"]
        self.sender.flush()

        inner, outer = self._sent("traces", "resourceSpans", "scopeSpans")["spans"]
        self.assertEqual((outer["traceId"], outer["parentSpanId"]), ("a" * 32, "b" * 16))
        self.assertEqual(inner["parentSpanId"], outer["spanId"])
        self.assertEqual(handed_on, f"00-{inner['traceId']}-{inner['spanId']}-01")

    def test_an_error_marks_its_span(self):
        with self.assertRaises(KeyError), self.sender.span("fails"):
            raise KeyError("x")
        self.sender.flush()

        self.assertEqual(self._sent("traces", "resourceSpans", "scopeSpans")["spans"][0]["status"]["code"], 2)

    def test_figures_add_up_by_name_and_attributes(self):
        self.sender.count("seen", a=1)
        self.sender.count("seen", a=1)
        self.sender.record("took", 0.02)
        self.sender.record("took", 99)
        self.sender.flush()

        metrics = {one["name"]: one for one in self._sent("metrics", "resourceMetrics", "scopeMetrics")["metrics"]}
        self.assertEqual(metrics["seen"]["sum"]["dataPoints"][0]["asDouble"], 2)
        point = metrics["took"]["histogram"]["dataPoints"][0]
        self.assertEqual((point["count"], point["bucketCounts"][2], point["bucketCounts"][-1]), ("2", "1", "1"))

    def test_a_forked_process_sends_what_is_its_own(self):
        self.sender.count("of the parent")
        child = os.fork()
        if child == 0:
            self.sender.count("of the child")
            self.sender.flush()
            os._exit(0)
        os.waitpid(child, 0)

        self.assertEqual([one["name"] for one in self._sent("metrics", "resourceMetrics", "scopeMetrics")["metrics"]], ["of the child"])

    def test_a_collector_that_is_away_is_told_of_once(self):
        away = telemetry.Telemetry("ml-service", "http://127.0.0.1:1")
        away.count("seen")
        with self.assertLogs("telemetry", "WARNING") as said:
            away.flush()
            away.flush()
        self.assertEqual(len(said.output), 1)

    def test_without_an_endpoint_nothing_is_gathered(self):
        silent = telemetry.Telemetry.from_environment("ml-service", {})
        with silent.span("work"):
            silent.count("seen")
        silent.flush()

    def _sent(self, signal, resource, scope):
        return Collector.received[f"/v1/{signal}"][resource][0][scope][0]
