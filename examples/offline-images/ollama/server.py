#!/usr/bin/python3
"""Stand-in for Ollama: its HTTP API and its everyday commands, with answers that are always the same. No model is behind it.

A model has to be pulled before it answers, as with Ollama; the names of those that were are kept in /root/.ollama.
"""

import hashlib
import json
import math
import os
import signal
import sys
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

VERSION = "0.5.0-stand-in"
HOST, _, PORT = os.environ.get("OLLAMA_HOST", "").removeprefix("http://").partition(":")
PORT = int(PORT or 11434)
MODELS = os.path.join(os.environ.get("OLLAMA_MODELS", "/root/.ollama"), "stand-in.json")
ANSWER = "This is a stand-in for Ollama; it has no model."
DIMENSIONS = 64


def full_name(model):
    return model if ":" in model else model + ":latest"


def now():
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def read_models():
    try:
        with open(MODELS) as file:
            return json.load(file)
    except FileNotFoundError:
        return {}


def write_models(models):
    os.makedirs(os.path.dirname(MODELS), exist_ok=True)
    with open(MODELS + ".new", "w") as file:
        json.dump(models, file)
    os.replace(MODELS + ".new", MODELS)


def embedding(text):
    """A vector of length 1 that depends on the text alone."""
    vector = [byte - 127.5 for byte in hashlib.shake_256(text.encode()).digest(DIMENSIONS)]
    length = math.hypot(*vector)
    return [x / length for x in vector]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format, *arguments):
        print("[GIN]", format % arguments, flush=True)

    def answer(self, status, body, kind="application/json"):
        content = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def answer_lines(self, parts):
        self.answer(200, "".join(json.dumps(part) + "\n" for part in parts), "application/x-ndjson")

    def handle_request(self):
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            asked = json.loads(content or b"{}")
        except ValueError:
            return self.answer(400, {"error": "invalid JSON"})
        model = full_name(asked.get("model") or asked.get("name") or "")
        models = read_models()
        match self.path:
            case "/":
                self.answer(200, "Ollama is running", "text/plain")
            case "/api/version":
                self.answer(200, {"version": VERSION})
            case "/api/tags" | "/api/ps":
                self.answer(200, {"models": [describe(name, at) for name, at in models.items()]})
            case "/api/pull":
                write_models({**models, model: now()})
                done = {"status": "success"}
                if asked.get("stream", True):
                    self.answer_lines([{"status": "pulling manifest"}, done])
                else:
                    self.answer(200, done)
            case "/api/delete" if model in models:
                del models[model]
                write_models(models)
                self.answer(200, "")
            case "/api/generate" | "/api/chat" | "/api/embeddings" | "/api/embed" | "/api/delete" if model not in models:
                self.answer(404, {"error": f"model '{model}' not found, try pulling it first"})
            case "/api/generate":
                self.answer_text(asked, model, lambda text: {"response": text})
            case "/api/chat":
                self.answer_text(asked, model, lambda text: {"message": {"role": "assistant", "content": text}})
            case "/api/embeddings":
                self.answer(200, {"embedding": embedding(asked.get("prompt", ""))})
            case "/api/embed":
                texts = asked.get("input", [])
                self.answer(200, {"model": model, "embeddings": [embedding(t) for t in ([texts] if isinstance(texts, str) else texts)]})
            case _:
                self.answer(404, "404 page not found", "text/plain")

    do_GET = do_POST = do_HEAD = do_DELETE = handle_request

    def answer_text(self, asked, model, shape):
        common = {"model": model, "created_at": now()}
        end = {"done": True, "done_reason": "stop", "total_duration": 1_000_000, "eval_count": len(ANSWER.split())}
        if asked.get("stream", True):
            words = [word + " " for word in ANSWER.split()]
            self.answer_lines([{**common, **shape(word), "done": False} for word in words] + [{**common, **shape(""), **end}])
        else:
            self.answer(200, {**common, **shape(ANSWER), **end})


def describe(name, pulled_at):
    return {
        "name": name,
        "model": name,
        "modified_at": pulled_at,
        "size": 0,
        "digest": hashlib.sha256(name.encode()).hexdigest(),
        "details": {"format": "stand-in", "family": "stand-in"},
    }


def serve():
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    ThreadingHTTPServer.daemon_threads = True
    server = ThreadingHTTPServer((HOST or "0.0.0.0", PORT), Handler)
    print(f"Listening on {HOST or '0.0.0.0'}:{PORT} (version {VERSION})", flush=True)
    server.serve_forever()


def ask(path, body=None):
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}{path}", data=json.dumps(body).encode() if body else None)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def main(arguments):
    try:
        match arguments:
            case [] | ["serve"]:
                serve()
            case ["--version" | "-v"]:
                print("ollama version is", VERSION)
            case ["list" | "ls"]:
                print("NAME", *(model["name"] for model in ask("/api/tags")["models"]), sep="\n")
            case ["pull", model]:
                print(ask("/api/pull", {"model": model, "stream": False})["status"])
            case ["run", model, *words]:
                print(ask("/api/generate", {"model": model, "prompt": " ".join(words), "stream": False})["response"])
            case _:
                sys.exit(f"The stand-in for Ollama has serve, list, pull and run, not '{' '.join(arguments)}'.")
    except urllib.error.HTTPError as error:
        sys.exit(f"Error: {json.load(error).get('error', error)}")
    except OSError as error:
        sys.exit(f"Error: no server answers on port {PORT}: {error}")


main(sys.argv[1:])
