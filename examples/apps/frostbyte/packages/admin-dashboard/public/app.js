// The page: asks the API every two seconds how it is, follows its event stream, and comes back by itself.
const STAGES = ["RECEIVED", "STORED", "EXTRACTED", "EMBEDDED", "INDEXED", "DONE"];
const ASK_EVERY = 2000;
const SLOWEST_RETRY = 5000;
const KEPT_EVENTS = 200;
const KEPT_JOURNEYS = 8;

const $ = (id) => document.getElementById(id);
const apiOf = { name: "the API" };
// What is known. The verdict is worked out from these alone.
const known = {
  api: { state: "unknown", reason: "" }, // unknown | up | down | page
  services: {},
  stream: { state: "connecting", reason: "" }, // connecting | live | deaf | broken
};

// ---- the verdict -------------------------------------------------------------------------------------

function problems() {
  const { api, services, stream } = known;
  if (api.state === "page" || api.state === "down") return [api.reason];
  const lost = Object.entries(services).filter(([, server]) => server.status !== "up");
  const found = lost.map(([name, server]) => `${name} is down: ${server.reason}`);
  if (stream.state === "broken") found.push(`event stream broken: ${stream.reason}`);
  if (stream.state === "deaf" && !lost.some(([name]) => name === "redis")) found.push(stream.reason);
  return found;
}

function verdict() {
  const found = problems();
  if (found.length) return { state: "disconnected", found };
  const settled = known.api.state === "up" && known.stream.state === "live";
  return { state: settled ? "connected" : "connecting", found };
}

function summary(state) {
  if (state === "connected") return "The API, its four servers and the event stream all answer.";
  if (state === "connecting") return known.api.state === "up" ? "The API answers; waiting for the event stream." : "Asking the API how it is.";
  switch (known.api.state) {
    case "page": return "This page's own server does not answer, so nothing is known about the API.";
    case "down": return "The dashboard runs, the API does not answer.";
    default: {
      const lost = problems().filter((problem) => problem.includes(" is down: ")).length;
      return lost ? `The API answers, but ${lost === 1 ? "a server" : `${lost} servers`} it needs ${lost === 1 ? "is" : "are"} lost.` : "The API and its servers answer, the event stream does not.";
    }
  }
}

function show() {
  const { state, found } = verdict();
  const said = `${state}\n${found.join("\n")}\n${summary(state)}`;
  if (show.last !== said) {
    show.last = said; // the live region changes only when there is something to say
    $("state").dataset.state = state;
    $("verdict").textContent = state.toUpperCase();
    $("summary").textContent = summary(state);
    $("problems").replaceChildren(...found.map((problem) => element("li", {}, problem)));
    document.title = `${state === "connected" ? "●" : state === "connecting" ? "◌" : "▲"} Frostbyte admin`;
  }
  for (const card of document.querySelectorAll("#servers li")) showServer(card, known.services[card.dataset.service]);
  const words = { connecting: "connecting", live: "live", deaf: "no events", broken: "broken" };
  $("live").textContent = words[known.stream.state];
  $("live").dataset.live = known.stream.state === "deaf" ? "broken" : known.stream.state;
}

function showServer(card, server) {
  const up = !server ? "unknown" : server.status === "up" ? "yes" : "no";
  card.dataset.up = up;
  card.querySelector(".mark").textContent = { unknown: "unknown", yes: "up", no: "down" }[up];
  card.querySelector(".why").textContent = up === "no" ? server.reason : up === "yes" ? `${server.ms} ms` : "";
}

// ---- asking ------------------------------------------------------------------------------------------

async function ask() {
  try {
    const response = await fetch("/health/services", { cache: "no-store", signal: AbortSignal.timeout(6000) });
    const body = await response.json().catch(() => ({}));
    if (response.ok && body.services) {
      known.api = { state: "up", reason: "" };
      known.services = body.services;
    } else {
      known.api = { state: "down", reason: body.detail ?? `${apiOf.name} answers ${response.status} to /health/services` };
      known.services = {};
    }
  } catch (error) {
    const why = error.name === "TimeoutError" ? "no answer in 6 s" : "the connection fails";
    known.api = { state: "page", reason: `dashboard unreachable at ${location.origin}: ${why}` };
    known.services = {};
  }
  const wasDown = ask.down === true;
  ask.down = known.api.state !== "up";
  if (wasDown && !ask.down) {
    follow();
    refresh();
  }
  $("checked").textContent = `checked ${clock(new Date())}`;
  show();
}

async function askForEver() {
  for (;;) {
    await ask();
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY));
  }
}

// ---- the stream --------------------------------------------------------------------------------------

function follow() {
  clearTimeout(follow.again);
  follow.source?.close();
  if (known.stream.state !== "broken") known.stream = { state: "connecting", reason: "" };
  const source = (follow.source = new EventSource("/api/v1/pipeline/stream"));
  source.onmessage = (message) => {
    follow.pause = 500;
    take(JSON.parse(message.data));
    show();
  };
  source.onerror = () => {
    source.close();
    known.stream = { state: "broken", reason: known.api.state === "up" ? "the connection ended, trying again" : "the API is gone" };
    follow.pause = Math.min((follow.pause ?? 500) * 2, SLOWEST_RETRY);
    follow.again = setTimeout(follow, follow.pause);
    ask();
  };
}

function take(event) {
  if (event.stage === "SYSTEM") {
    if (event.state === "listening") {
      if (known.stream.state !== "live") refresh(); // what passed meanwhile was not heard
      known.stream = { state: "live", reason: "" };
    } else if (event.state === "lost") {
      known.stream = { state: "deaf", reason: event.message };
      ask();
    } else if (event.state === "connecting") known.stream = { state: "connecting", reason: event.message };
  } else journey(event);
  record(event);
}

function record(event) {
  record.count = (record.count ?? 0) + 1;
  $("event-count").textContent = record.count;
  const about = event.name ? `${event.name}: ${event.message}` : event.message;
  const line = element("li", { stage: event.stage }, time(event.time, true), element("b", {}, event.stage), element("span", {}, `${about} (worker ${event.worker})`));
  $("events").prepend(line);
  while ($("events").children.length > KEPT_EVENTS) $("events").lastChild.remove();
}

function journey(event) {
  $("no-journeys").hidden = true;
  let line = $("journeys").querySelector(`[data-document="${CSS.escape(event.document)}"]`);
  if (!line) {
    const track = element("div", {}, ...STAGES.map(() => element("i")));
    track.className = "track";
    track.setAttribute("aria-hidden", "true");
    const head = element("div", {}, element("b", {}, event.name), element("span"), time(event.time));
    head.className = "journey-head";
    line = element("li", { document: event.document }, track, head);
    $("journeys").prepend(line);
    while ($("journeys").children.length > KEPT_JOURNEYS) $("journeys").lastChild.remove();
  }
  const failed = event.stage === "FAILED";
  const reached = STAGES.indexOf(failed ? event.towards : event.stage);
  [...line.querySelectorAll(".track i")].forEach((dot, place) => {
    dot.className = place < reached || (place === reached && !failed) ? "passed" : place === reached ? "broken" : "";
  });
  line.dataset.outcome = event.stage;
  line.querySelector("span").textContent = failed ? `failed: ${event.message}` : event.message;
  if (failed || event.stage === "DONE") {
    $("announcement").textContent = `${event.name} ${failed ? `failed: ${event.message}` : "is done"}`;
    refresh();
  }
}

// ---- documents, post, search -------------------------------------------------------------------------

async function call(path, options = {}) {
  const key = sessionStorage.getItem("frostbyte-key");
  const headers = { ...options.headers, ...(key ? { "X-API-Key": key } : {}) };
  const response = await fetch(path, { ...options, headers, cache: "no-store" }).catch(() => {
    throw new Error("the dashboard's server does not answer");
  });
  $("key-form").classList.toggle("asked", response.status === 401);
  if (!response.ok) throw new Error(problem(await response.json().catch(() => ({})), response.status));
  return response;
}

function problem(body, status) {
  if (status === 401) return `the API wants a key: ${body.detail}. Give it at the top of the page.`;
  if (Array.isArray(body.detail)) return body.detail.map((each) => each.msg).join("; ");
  return body.detail ?? `the API answers ${status}`;
}

async function refresh() {
  if (refresh.running) return (refresh.stale = true);
  refresh.running = true;
  try {
    const { documents, total } = await (await call("/api/v1/documents?limit=12")).json();
    $("rows").replaceChildren(...documents.map(row));
    $("count").textContent = total > documents.length ? `${documents.length} of ${total}` : "";
    $("table").hidden = !documents.length;
    note(documents.length ? "" : "None yet.");
  } catch (error) {
    note(`Not up to date: ${error.message}`);
  } finally {
    refresh.running = false;
    if (refresh.stale) {
      refresh.stale = false;
      refresh();
    }
  }
}

function note(text) {
  $("documents-note").textContent = text;
  $("documents-note").hidden = !text;
}

function row(one) {
  const stage = element("span", { stage: one.stage }, one.stage);
  stage.className = "stage";
  const reason = one.reason ? element("small", {}, one.reason) : "";
  if (reason) reason.className = "wrong";
  const file = element("button", {}, "file");
  file.className = "plain";
  file.type = "button";
  file.setAttribute("aria-label", `Download ${one.name}`);
  file.onclick = () => download(one, file);
  const numbers = [one.words ?? "–", size(one.size)].map((value) => Object.assign(element("td", {}, String(value)), { className: "number" }));
  return element("tr", { id: one.id }, element("td", {}, element("b", {}, one.title ?? one.name), element("small", {}, one.name)), element("td", {}, stage, reason), ...numbers, element("td", {}, time(one.created_at)), element("td", {}, one.stage === "RECEIVED" ? "" : file));
}

async function download(one, button) {
  button.disabled = true;
  try {
    const link = element("a");
    link.href = URL.createObjectURL(await (await call(`/api/v1/documents/${one.id}/file`)).blob());
    link.download = one.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  } catch (error) {
    note(`${one.name}: ${error.message}`);
  } finally {
    button.disabled = false;
  }
}

async function post(event) {
  event.preventDefault();
  const [file] = $("file").files;
  const text = $("text").value;
  if (!file && !text.trim()) return said("post-result", "Give a text or choose a file.", "wrong");
  const button = event.submitter ?? event.target.querySelector("button");
  button.disabled = true;
  said("post-result", "On its way …", "");
  try {
    const response = await call("/api/v1/documents", { method: "POST", ...(file ? { body: form(file) } : json({ name: $("name").value.trim() || "note.md", text })) });
    const done = await response.json();
    said("post-result", `“${done.title}” is in: ${done.words} words.`, "right");
    event.target.reset();
  } catch (error) {
    said("post-result", error.message, "wrong");
  } finally {
    button.disabled = false;
    refresh();
  }
}

function form(file) {
  const body = new FormData();
  body.append("file", file, $("name").value.trim() || file.name);
  return body;
}

function json(value) {
  return { headers: { "Content-Type": "application/json" }, body: JSON.stringify(value) };
}

async function search(event) {
  event.preventDefault();
  const query = $("query").value;
  try {
    const { results } = await (await call(`/api/v1/search?limit=5&q=${encodeURIComponent(query)}`)).json();
    $("hits").replaceChildren(...results.map((hit) => found(hit, query)));
    said("search-result", results.length ? `${results.length} nearest to “${query}”` : "No document yet to compare with.", "");
  } catch (error) {
    $("hits").replaceChildren();
    said("search-result", error.message, "wrong");
  }
}

function found(hit, query) {
  const head = element("div", {}, element("b", {}, hit.title ?? hit.name), element("code", {}, hit.score.toFixed(3)));
  head.className = "hit-head";
  const meter = element("meter");
  Object.assign(meter, { min: 0, max: 1, value: Math.max(0, hit.score) });
  meter.setAttribute("aria-label", `nearness ${hit.score.toFixed(3)}`);
  return element("li", { id: hit.id }, head, meter, marked(hit.excerpt, query));
}

function marked(text, query) {
  const asked = query.match(/[\p{L}\p{N}]{3,}/gu) ?? [];
  if (!asked.length) return element("p", {}, text);
  const parts = text.split(new RegExp(`(${asked.join("|")})`, "iu"));
  return element("p", {}, ...parts.map((part, place) => (place % 2 ? element("mark", {}, part) : part)));
}

function said(id, text, how) {
  $(id).textContent = text;
  $(id).className = how;
}

// ---- small things ------------------------------------------------------------------------------------

function element(name, data = {}, ...children) {
  const made = document.createElement(name);
  Object.assign(made.dataset, data);
  made.append(...children);
  return made;
}

function time(moment, exact = false) {
  const date = new Date(moment);
  const made = element("time", {}, exact ? clock(date, 3) : date.toDateString() === new Date().toDateString() ? clock(date) : date.toLocaleDateString());
  made.dateTime = date.toISOString();
  made.title = date.toLocaleString();
  return made;
}

function clock(date, fraction = 0) {
  return date.toLocaleTimeString([], { hour12: false, ...(fraction ? { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: fraction } : {}) });
}

function size(bytes) {
  return bytes < 1000 ? `${bytes} B` : bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

$("post-form").addEventListener("submit", post);
$("search-form").addEventListener("submit", search);
$("key").value = sessionStorage.getItem("frostbyte-key") ?? "";
$("key-form").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem("frostbyte-key", $("key").value);
  refresh();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.closest("input, textarea")) return;
  event.preventDefault();
  $("query").focus();
});
fetch("/admin/about").then((response) => response.json()).then((about) => {
  apiOf.name = `the API at ${about.api}`;
  $("where").textContent = `API ${about.api}${about.mode === "development" ? " · development" : ""}`;
}).catch(() => {});
follow();
refresh();
askForEver();
