// The message log of a charge point: its frames as sentences, with the frame itself on demand.
import { get, of } from "../api.js";
import { el, fill } from "../dom.js";
import { pretty, time } from "../format.js";
import { refreshing } from "../refresh.js";

const kinds = { 2: "asks", 3: "answers", 4: "answers with an error", 5: "could not process the answer", 6: "tells" };

export function messagesTab(root, { id }, source) {
  const list = el("ol", { class: "log" });
  const search = el("input", { type: "search", placeholder: "action, message id or text", "aria-label": "Search in messages", oninput: () => draw() });
  const quiet = el("input", { type: "checkbox", checked: true, onchange: () => draw() });
  const older = el("button", { type: "button", onclick: () => readOlder() }, "Older ones");
  let newest = [];
  let before = [];
  let cursor = "";

  const draw = () => {
    const open = new Set([...list.querySelectorAll("details[open]")].map((details) => details.dataset.key));
    const seen = new Set();
    const word = search.value.toLowerCase();
    const shown = [...newest, ...before].filter((message) => {
      const key = keyOf(message);
      if (seen.has(key) || (quiet.checked && message.action === "Heartbeat")) return false;
      seen.add(key);
      return !word || `${message.action} ${JSON.stringify(message.frame ?? message.reason)}`.toLowerCase().includes(word);
    });
    fill(list, shown.map((message) => entry(message, open)));
    if (shown.length === 0) fill(list, el("li", { class: "quiet" }, "No messages."));
    older.hidden = cursor === "";
  };
  const reading = refreshing(10, async (signal) => {
    const page = await get(of(id, "/messages?limit=100"), { signal });
    newest = page.messages;
    if (before.length === 0) cursor = page.nextCursor ?? "";
    draw();
  }, source());
  async function readOlder() {
    const page = await get(of(id, `/messages?limit=100&cursor=${encodeURIComponent(cursor)}`));
    before.push(...page.messages);
    cursor = page.nextCursor ?? "";
    draw();
  }

  fill(root, el("section", { class: "card" }, el("div", { class: "filters" }, search, el("label", { class: "check" }, quiet, " without heartbeats")), list, older));
  return reading;
}

const keyOf = (message) => `${message.at} ${message.direction} ${message.messageId} ${message.connectionId} ${Array.isArray(message.frame) && message.frame[0]}`;

function entry(message, open) {
  if (message.kind === "refusedConnection") {
    return el("li", { class: "refused" }, el("time", {}, time(message.at)), ` A connection was refused: ${message.status} ${message.reason}${message.sourceIp ? ` (from ${message.sourceIp})` : ""}`);
  }
  const who = message.direction === "in" ? "Charge point" : "System";
  const kind = Array.isArray(message.frame) ? kinds[message.frame[0]] ?? "says" : "says";
  const bad = Array.isArray(message.frame) && (message.frame[0] === 4 || message.frame[0] === 5);
  const key = keyOf(message);
  return el("li", { class: `${message.direction} ${bad ? "refused" : ""}` }, el("details", { "data-key": key, open: open.has(key) },
    el("summary", {}, el("time", {}, time(message.at)), ` ${message.direction === "in" ? "→" : "←"} ${who} ${kind} `, el("b", {}, message.action ?? ""), el("span", { class: "quiet" }, ` ${gist(message)}`)),
    el("pre", {}, pretty(message.frame)), message.truncated ? el("p", { class: "quiet" }, "It was longer; this is its beginning.") : null));
}

// The members of a payload that are short, so that a reader need not open most frames.
function gist({ frame }) {
  if (!Array.isArray(frame)) return "";
  if (frame[0] === 4) return `${frame[2]}: ${frame[3]}`;
  const payload = frame[0] === 3 ? frame[2] : frame[3];
  const text = Object.entries(payload ?? {}).filter(([, value]) => typeof value !== "object").map(([name, value]) => `${name}: ${value}`).join(", ");
  return text.length > 110 ? `${text.slice(0, 110)} …` : text;
}
