// All charge points: looking for some, and making new ones.
import { send } from "../api.js";
import { mayOperate } from "../auth.js";
import { ask, el, field, fill } from "../dom.js";
import { fleet, known, stateOf, states, watchFleet } from "../fleet.js";
import { ago, count } from "../format.js";
import { problemLine } from "../problems.js";
import { windowed } from "../window.js";

// Texts are compared by their characters: by the rules of a language, ten thousand take ten times as long.
const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

const orders = {
  name: (a, b) => compare(a.chargePointId, b.chargePointId),
  "last seen": (a, b) => compare(b.lastSeenAt ?? "", a.lastSeenAt ?? "") || orders.name(a, b),
  state: (a, b) => states.indexOf(stateOf(a)) - states.indexOf(stateOf(b)) || orders.name(a, b),
  model: (a, b) => compare(model(a), model(b)) || orders.name(a, b),
  firmware: (a, b) => compare(a.boot?.firmwareVersion ?? "", b.boot?.firmwareVersion ?? "") || orders.name(a, b),
};

const model = (point) => [point.boot?.vendorName, point.boot?.model].filter(Boolean).join(" ");

// What is searched in; each charge point's is made once.
const texts = new WeakMap();

function textOf(point) {
  let text = texts.get(point);
  if (text === undefined) {
    text = `${point.chargePointId} ${model(point)} ${point.boot?.firmwareVersion ?? ""} ${point.boot?.serialNumber ?? ""}`.toLowerCase();
    texts.set(point, text);
  }
  return text;
}

export function chargePointsPage(root) {
  const given = new URLSearchParams(location.hash.split("?")[1]);
  const problem = problemLine();
  const search = el("input", { type: "search", placeholder: "name, model, firmware, serial number", "aria-label": "Search", oninput: () => draw() });
  const state = el("select", { "aria-label": "State", onchange: () => draw() }, ["all", "online", ...states].map((word) => el("option", { selected: word === given.get("state") }, word)));
  const version = el("select", { "aria-label": "OCPP version", onchange: () => draw() }, ["any version", "ocpp1.6", "ocpp2.0.1", "ocpp2.1"].map((word) => el("option", {}, word)));
  const order = el("select", { "aria-label": "Order", onchange: () => draw() }, Object.keys(orders).map((word) => el("option", { value: word }, `by ${word}`)));
  const found = el("p", { class: "quiet", role: "status" }, "Reading …");
  const list = windowed("Charge points", ["Charge point", "State", "Model", "Firmware", "Version", "Last seen"], (point) => [
    el("a", { href: `#/charge-points/${encodeURIComponent(point.chargePointId)}` }, point.chargePointId),
    el("span", { class: `state ${stateOf(point)}` }, stateOf(point)),
    model(point), point.boot?.firmwareVersion ?? "", (point.protocol ?? "").replace("ocpp", ""), ago(point.lastSeenAt),
  ]);

  const draw = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const shown = [...fleet.points.values()].filter((point) => {
      const is = stateOf(point);
      if (state.value !== "all" && state.value !== is && !(state.value === "online" && is !== "offline")) return false;
      if (version.value !== "any version" && point.protocol !== version.value) return false;
      return words.every((word) => textOf(point).includes(word));
    }).sort(orders[order.value]);
    list.show(shown);
    fill(found, `${count(shown.length)} of ${count(fleet.points.size)} charge points${fleet.whole ? "" : ", more are coming …"}`);
  };

  fill(root, el("div", { class: "heading" }, el("h2", {}, "Charge points"),
    mayOperate() ? el("button", { class: "primary", type: "button", onclick: register }, "Register one") : null),
  problem.element, el("div", { class: "filters" }, search, state, version, order), found, list.element);
  return watchFleet(draw, problem.source());
}

function register() {
  const name = el("input", { name: "chargePointId", required: true, maxlength: 48, autocomplete: "off", autofocus: true });
  const key = el("input", { type: "checkbox", name: "key", checked: true });
  ask("Register a charge point", [
    field("Name", name, "1 to 48 of a-z A-Z 0-9 : _ -, exactly as the charge point says it"),
    el("label", { class: "check" }, key, " Make a key for it"),
  ], "Register", async () => {
    const made = await send("POST", "/charge-points", { chargePointId: name.value, key: key.checked });
    known(made);
    if (made.key) showKey(made.chargePointId, made.key);
    else location.hash = `#/charge-points/${encodeURIComponent(made.chargePointId)}`;
  });
}

/** Shows a key, which nobody can read again. */
export function showKey(id, key) {
  ask(`The key of ${id}`, [
    el("p", {}, "Give it to the charge point now: it is shown this once, and cannot be read again."),
    el("output", { class: "key" }, key),
    el("button", { type: "button", onclick: () => navigator.clipboard.writeText(key) }, "Copy"),
  ], "Go to the charge point", async () => { location.hash = `#/charge-points/${encodeURIComponent(id)}`; });
}
