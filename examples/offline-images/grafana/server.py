#!/usr/bin/python3
"""Stand-in for Grafana: it reads the same provisioning files and variables, and answers the common part of the same API.

It has health, login, data sources (with a proxy that really asks them), dashboards, folders and the list of plug-ins. Its
pages name the dashboards and what their panels ask for; it draws nothing. What is made through the API is gone with it.
"""

import base64
import glob
import html
import json
import os
import re
import signal
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import yaml

VERSION = "10.2.3-stand-in"
SESSION = "grafana_session=stand-in"
# How each kind of data source is asked whether it is well.
HEALTH_PATHS = {"prometheus": "/api/v1/query?query=1", "loki": "/ready", "jaeger": "/api/services"}


class Refused(Exception):
    """A request or a file that Grafana too would refuse."""


def setting(name, default):
    """GF_SECTION_KEY from the environment, or from the file that GF_SECTION_KEY__FILE names."""
    if file := os.environ.get(name + "__FILE"):
        with open(file) as content:
            return content.read().strip()
    return os.environ.get(name, default)


def log(logger, level, message):
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    print(f"logger={logger} t={moment} level={level} msg={json.dumps(message)}", flush=True)


def filled_in(value):
    """The value with $VARIABLE and ${VARIABLE} from the environment in it; $$ is one dollar."""
    if isinstance(value, str):
        found = re.compile(r"\$\$|\$\{(\w+)\}|\$(\w+)")
        return found.sub(lambda m: "$" if m[0] == "$$" else os.environ.get(m[1] or m[2], ""), value)
    if isinstance(value, list):
        return [filled_in(item) for item in value]
    if isinstance(value, dict):
        return {key: filled_in(item) for key, item in value.items()}
    return value


def slug(text):
    return re.sub(r"\W+", "-", text).strip("-").lower()


class Content:
    """The data sources and dashboards."""

    def __init__(self):
        self.sources = []
        self.dashboards = {}

    def provision(self, directory):
        for file, content in read_yaml(f"{directory}/datasources/*.y*ml"):
            for source in content.get("datasources") or []:
                added = self.add_source(dict(source))
                log("provisioning.datasources", "info", f"inserting datasource from {file} name={added['name']} uid={added['uid']}")
        for _, content in read_yaml(f"{directory}/dashboards/*.y*ml"):
            for provider in content.get("providers") or []:
                self.provision_dashboards(provider)

    def provision_dashboards(self, provider):
        path = (provider.get("options") or {}).get("path", "")
        files = sorted(glob.glob(f"{path}/**/*.json", recursive=True)) if path else []
        for file in files:
            try:
                with open(file) as content:
                    self.add_dashboard(json.load(content), provider.get("folder", ""))
            except ValueError as error:
                # As Grafana does: one dashboard that is broken is no reason not to start.
                log("provisioning.dashboard", "error", f"failed to load dashboard from {file}: {error}")

    def add_source(self, source):
        if not source.get("name") or not source.get("type"):
            raise Refused("a data source needs a name and a type")
        old = self.source("name", source["name"])
        if source.get("isDefault") and any(other["isDefault"] for other in self.sources if other is not old):
            raise Refused("Only one datasource per organization can be marked as default")
        added = {"uid": slug(source["name"]), "access": "proxy", "orgId": 1, "url": "", "jsonData": {}, **source}
        added["isDefault"] = bool(source.get("isDefault"))
        added["readOnly"] = not source.get("editable", False)
        added["id"] = old["id"] if old else max((other["id"] for other in self.sources), default=0) + 1
        added.pop("secureJsonData", None)
        if old:
            self.sources.remove(old)
        self.sources.append(added)
        return added

    def source(self, key, value):
        return next((source for source in self.sources if str(source[key]) == value), None)

    def add_dashboard(self, dashboard, folder):
        if not isinstance(dashboard, dict):
            raise ValueError("it is no JSON object")
        uid = dashboard.get("uid") or slug(dashboard.get("title", "")) or f"dashboard-{len(self.dashboards) + 1}"
        old = self.dashboards.get(uid)
        kept = {
            **dashboard,
            "uid": uid,
            "id": old["dashboard"]["id"] if old else len(self.dashboards) + 1,
            "version": old["dashboard"]["version"] + 1 if old else 1,
        }
        meta = {"slug": slug(kept.get("title", "")), "folderTitle": folder or "General", "provisioned": folder is not None}
        self.dashboards[uid] = {"dashboard": kept, "meta": meta}
        return kept

    def found(self, query):
        title = (urllib.parse.parse_qs(query).get("query") or [""])[0].lower()
        return [
            {
                "id": entry["dashboard"]["id"],
                "uid": uid,
                "title": entry["dashboard"].get("title", ""),
                "type": "dash-db",
                "url": f"/d/{uid}/{entry['meta']['slug']}",
                "tags": entry["dashboard"].get("tags", []),
                "folderTitle": entry["meta"]["folderTitle"],
            }
            for uid, entry in self.dashboards.items()
            if title in entry["dashboard"].get("title", "").lower()
        ]


def read_yaml(pattern):
    for file in sorted(glob.glob(pattern)):
        with open(file) as content:
            read = filled_in(yaml.safe_load(content) or {})
        if not isinstance(read, dict):
            raise Refused(f"{file} is no YAML mapping")
        yield file, read


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "grafana-stand-in", ""
    content = Content()
    user = password = ""
    anonymous = False
    plugins = []

    def log_message(self, *_):
        pass

    def answer(self, status, body, kind="application/json; charset=UTF-8", **headers):
        content = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def page(self, title, *lines):
        text = "".join(f"<p>{line}</p>" for line in lines)
        self.answer(200, f"<!DOCTYPE html><title>Grafana</title><h1>{html.escape(title)}</h1>{text}", "text/html; charset=UTF-8")

    def handle_request(self):
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path, _, query = self.path.partition("?")
        method = "GET" if self.command == "HEAD" else self.command
        try:
            if not self.is_public(method, path, raw):
                if self.may(method, path):
                    self.is_api(method, path, query, raw) or self.is_page(path)
                elif path.startswith("/api/"):
                    self.answer(401, {"message": "Invalid username or password" if self.headers.get("Authorization") else "Unauthorized"})
                else:
                    self.answer(302, "", "text/html", Location="/login")
        except (Refused, ValueError, KeyError) as error:
            self.answer(400, {"message": f"bad request data: {error}"})

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = handle_request

    def is_public(self, method, path, raw):
        """Answer what everybody may ask, and return whether it was that."""
        match path:
            case "/api/health":
                self.answer(200, {"commit": "offline", "database": "ok", "version": VERSION})
            case "/healthz":
                self.answer(200, "Ok", "text/plain")
            case "/metrics":
                lines = [
                    "# TYPE grafana_build_info gauge",
                    f'grafana_build_info{{version="{VERSION}",edition="stand-in"}} 1',
                    "# TYPE grafana_stat_totals_dashboard gauge",
                    f"grafana_stat_totals_dashboard {len(self.content.dashboards)}",
                ]
                self.answer(200, "\n".join(lines) + "\n", "text/plain; version=0.0.4")
            case "/login" if method == "POST":
                asked = json.loads(raw or b"{}")
                if (asked.get("user"), asked.get("password")) == (self.user, self.password):
                    self.answer(200, {"message": "Logged in"}, Set_Cookie=f"{SESSION}; Path=/; HttpOnly")
                else:
                    self.answer(401, {"message": "Invalid username or password"})
            case "/login":
                self.page("Grafana stand-in", "Log in with POST /login or with HTTP Basic.")
            case _:
                return False
        return True

    def may(self, method, path):
        authorization = self.headers.get("Authorization") or ""
        if authorization.startswith("Basic "):
            return base64.b64decode(authorization[6:]).decode("utf-8", "replace") == f"{self.user}:{self.password}"
        reads = method == "GET" or path.startswith("/api/ds/")
        return SESSION in (self.headers.get("Cookie") or "") or (self.anonymous and reads)

    def is_api(self, method, path, query, raw):
        """Answer what is asked of the API, and return whether it was that."""
        match path.strip("/").split("/"):
            case ["api", "org"]:
                self.answer(200, {"id": 1, "name": "Main Org."})
            case ["api", "user"]:
                self.answer(200, {"id": 1, "login": self.user, "isGrafanaAdmin": True})
            case ["api", "plugins"]:
                self.answer(200, [{"id": plugin, "name": plugin, "enabled": True, "type": "stand-in"} for plugin in self.plugins])
            case ["api", "folders"]:
                titles = sorted({entry["meta"]["folderTitle"] for entry in self.content.dashboards.values()})
                self.answer(200, [{"uid": slug(title), "title": title} for title in titles])
            case ["api", "search"]:
                self.answer(200, self.content.found(query))
            case ["api", "datasources"] if method == "POST":
                added = self.content.add_source({**json.loads(raw), "editable": True})
                self.answer(200, {"datasource": added, "id": added["id"], "name": added["name"], "message": "Datasource added"})
            case ["api", "datasources"]:
                self.answer(200, self.content.sources)
            case ["api", "datasources", "proxy", "uid", uid, *rest]:
                self.with_source("uid", uid, lambda source: self.proxy(method, source, rest, query, raw))
            case ["api", "datasources", "proxy", id, *rest]:
                self.with_source("id", id, lambda source: self.proxy(method, source, rest, query, raw))
            case ["api", "datasources", "uid", uid, "health"]:
                self.with_source("uid", uid, self.ask_health)
            case ["api", "datasources", ("uid" | "name" | "id") as key, value]:
                self.with_source(key, value, self.remove if method == "DELETE" else lambda source: self.answer(200, source))
            case ["api", "dashboards", "db"] if method == "POST":
                kept = self.content.add_dashboard(json.loads(raw)["dashboard"], None)
                self.answer(200, {**{key: kept[key] for key in ("id", "uid", "version")}, "status": "success", "url": f"/d/{kept['uid']}"})
            case ["api", "dashboards", "uid", uid]:
                entry = self.content.dashboards.get(uid)
                self.answer(200, entry) if entry else self.answer(404, {"message": "Dashboard not found"})
            case ["api", *_]:
                self.answer(404, {"message": "Not found"})
            case _:
                return False
        return True

    def is_page(self, path):
        match path.strip("/").split("/"):
            case ["d", uid, *_] if uid in self.content.dashboards:
                dashboard = self.content.dashboards[uid]["dashboard"]
                self.page(dashboard.get("title", uid), *(panel_line(panel) for panel in dashboard.get("panels") or []))
            case _:
                links = (f'<a href="{entry["url"]}">{html.escape(entry["title"])}</a>' for entry in self.content.found(""))
                self.page("Grafana stand-in", f"{len(self.content.sources)} data sources; it draws nothing.", *links)

    def with_source(self, key, value, action):
        source = self.content.source(key, value)
        action(source) if source else self.answer(404, {"message": "Data source not found"})

    def remove(self, source):
        self.content.sources.remove(source)
        self.answer(200, {"message": "Data source deleted"})

    def ask_health(self, source):
        try:
            urllib.request.urlopen(source["url"].rstrip("/") + HEALTH_PATHS.get(source["type"], "/"), timeout=5).close()
            self.answer(200, {"status": "OK", "message": f"Successfully queried the {source['type']} API."})
        except (OSError, ValueError) as error:
            self.answer(400, {"status": "ERROR", "message": str(error)})

    def proxy(self, method, source, rest, query, raw):
        url = source["url"].rstrip("/") + "/" + "/".join(rest) + (f"?{query}" if query else "")
        kind = self.headers.get("Content-Type") or "application/json"
        request = urllib.request.Request(url, data=raw or None, method=method, headers={"Content-Type": kind})
        try:
            answer = urllib.request.urlopen(request, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        except OSError as error:
            return self.answer(502, {"message": f"Bad Gateway: {error}"})
        with answer:
            self.answer(answer.status, answer.read(), answer.headers.get("Content-Type", "application/json"))


def panel_line(panel):
    asked = [target.get("expr") or target.get("query") or "" for target in panel.get("targets") or []]
    return f"<b>{html.escape(panel.get('title', ''))}</b> {html.escape('; '.join(str(text) for text in asked))}"


def main():
    if sys.argv[1:] == ["--version"]:
        print("grafana", VERSION)
        return
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    log("settings", "info", f"Starting Grafana stand-in {VERSION}")
    Handler.user = setting("GF_SECURITY_ADMIN_USER", "admin")
    Handler.password = setting("GF_SECURITY_ADMIN_PASSWORD", "admin")
    Handler.anonymous = setting("GF_AUTH_ANONYMOUS_ENABLED", "false").lower() == "true"
    Handler.plugins = [plugin.strip().split(" ")[0] for plugin in setting("GF_INSTALL_PLUGINS", "").split(",") if plugin.strip()]
    try:
        Handler.content.provision(setting("GF_PATHS_PROVISIONING", "/etc/grafana/provisioning"))
    except (Refused, TypeError, AttributeError, OSError, yaml.YAMLError) as error:
        log("provisioning", "error", f"Failed to provision: {error}")
        sys.exit(1)
    port = int(setting("GF_SERVER_HTTP_PORT", "3000"))
    ThreadingHTTPServer.daemon_threads = True
    server = ThreadingHTTPServer(("", port), Handler)
    log("http.server", "info", f"HTTP Server Listen address=[::]:{port}")
    server.serve_forever()


main()
