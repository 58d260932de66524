"""The server of the Flower stand-in: what Celery's events tell, over HTTP."""

import base64
import collections
import html
import json
import os
import signal
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TASK_FIELDS = "uuid name state args kwargs result received started succeeded failed runtime exception timestamp".split()


class Watch:
    """Keeps what the events tell of workers and tasks, and asks for the rest."""

    def __init__(self, app):
        self.app = app
        self.state = app.events.State()
        self.counts = collections.Counter()
        threading.Thread(target=self.follow, daemon=True).start()

    def follow(self):
        while True:
            try:
                with self.app.connection_for_read() as connection:
                    self.app.events.Receiver(connection, handlers={"*": self.note}).capture(limit=None, timeout=None, wakeup=True)
            except Exception as error:  # a broker that is away may come back
                print(f"flower: broker: {error}", flush=True)
                time.sleep(1)

    def note(self, event):
        self.state.event(event)
        task = self.state.tasks.get(event.get("uuid"))
        self.counts[event["type"], event.get("hostname", ""), (task and task.name) or ""] += 1

    def workers(self, ask):
        found = {name: {"status": worker.alive} for name, worker in list(self.state.workers.items())}
        if ask or not found:
            inspect = self.app.control.inspect(timeout=1)
            for name, stats in (inspect.stats() or {}).items():
                found.setdefault(name, {}).update(status=True, stats=stats)
            for name, queues in (inspect.active_queues() or {}).items():
                found.setdefault(name, {})["active_queues"] = queues
            for name, tasks in (inspect.registered() or {}).items():
                found.setdefault(name, {})["registered"] = tasks
        return found

    def tasks(self):
        return {uuid: describe(task) for uuid, task in self.state.tasks_by_time()}

    def metrics(self):
        lines = ["# TYPE flower_events_total counter"]
        for (kind, worker, task), count in sorted(self.counts.items()):
            lines.append(f'flower_events_total{{task="{task}",type="{kind}",worker="{worker}"}} {count}')
        lines.append("# TYPE flower_worker_online gauge")
        for name, worker in sorted(self.state.workers.items()):
            lines.append(f'flower_worker_online{{worker="{name}"}} {int(worker.alive)}')
        return "\n".join(lines) + "\n"


def describe(task):
    return {**{field: getattr(task, field, None) for field in TASK_FIELDS}, "worker": task.worker.hostname if task.worker else None}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    watch = None
    logins = []
    prefix = ""

    def log_message(self, *_):
        pass

    def answer(self, status, body, kind="application/json; charset=UTF-8", **headers):
        content = (body if isinstance(body, str) else json.dumps(body, default=str)).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def may(self):
        authorization = self.headers.get("Authorization") or ""
        given = base64.b64decode(authorization[6:]).decode("utf-8", "replace") if authorization.startswith("Basic ") else ""
        return not self.logins or given in self.logins

    def do_GET(self):
        path, _, query = self.path.partition("?")
        path = path.removeprefix(self.prefix)
        if path == "/healthcheck":
            self.answer(200, "OK", "text/plain")
        elif path == "/metrics":
            self.answer(200, self.watch.metrics(), "text/plain; version=0.0.4")
        elif not self.may():
            self.answer(401, "Access denied", "text/plain", WWW_Authenticate='Basic realm="flower"')
        elif path == "/api/workers":
            self.answer(200, self.watch.workers("refresh=1" in query or "refresh=true" in query.lower()))
        elif path == "/api/tasks":
            self.answer(200, self.watch.tasks())
        elif path.startswith("/api/task/info/"):
            task = self.watch.state.tasks.get(path.rsplit("/", 1)[1])
            self.answer(200, describe(task)) if task else self.answer(404, "Unknown task", "text/plain")
        else:
            workers = "".join(f"<li>{html.escape(name)}</li>" for name in self.watch.workers(False))
            self.answer(200, f"<!DOCTYPE html><title>Flower</title><h1>Flower (stand-in)</h1><ul>{workers}</ul>", "text/html; charset=UTF-8")


def serve(app, address, port, logins, prefix):
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    Handler.watch, Handler.logins, Handler.prefix = Watch(app), logins, prefix
    ThreadingHTTPServer.daemon_threads = True
    server = ThreadingHTTPServer((address, port), Handler)
    print(f"[I] Visit me at http://{address or '0.0.0.0'}:{port}{prefix}\n[I] Broker: {app.connection().as_uri()}", flush=True)
    server.serve_forever()
