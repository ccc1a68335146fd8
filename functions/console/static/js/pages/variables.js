// The device model, or in 1.6 the configuration keys, as told last; and changing them.
import { of, pages } from "../api.js";
import { mayOperate } from "../auth.js";
import { ask, el, field, fill, notice, table } from "../dom.js";
import { ago } from "../format.js";
import { refreshing } from "../refresh.js";
import { operate, place, words } from "./operate.js";

const shownAtOnce = 300; // rows; the search finds the others

export function variablesTab(root, { id }, source) {
  const search = el("input", { type: "search", placeholder: "component, variable or value", "aria-label": "Search in variables", oninput: () => draw() });
  const list = el("div", {});
  let all = [];
  const nameOf = (v) => [v.component && `${v.component.name}${v.component.instance ? `/${v.component.instance}` : ""}${v.component.evse ? ` @${v.component.evse.id}` : ""}`, `${v.variable.name}${v.variable.instance ? `/${v.variable.instance}` : ""}`].filter(Boolean).join(" · ");

  const draw = () => {
    const word = search.value.toLowerCase();
    const found = all.filter((v) => !word || `${nameOf(v)} ${v.value ?? ""}`.toLowerCase().includes(word));
    fill(list, table("Variables", ["Variable", "Value", "Told", "Actions"], found.slice(0, shownAtOnce).map((v) => [
      nameOf(v), el("code", {}, v.value ?? ""), ago(v.receivedAt),
      mayOperate() && writable(v) ? el("button", { type: "button", "aria-label": `Change ${nameOf(v)}`, onclick: () => change(v) }, "Change") : (writable(v) ? "" : "read only"),
    ]), all.length === 0 ? "It has told of none yet: ask for a report." : "None of that name."),
    found.length > shownAtOnce ? el("p", { class: "quiet" }, `and ${found.length - shownAtOnce} more: search for them`) : null);
  };
  const reading = refreshing(120, async (signal) => {
    const read = [];
    await pages(of(id, "/variables"), "variables", (entries) => read.push(...entries), { signal });
    all = read;
    draw();
  }, source());

  function change(v) {
    const value = el("input", { value: v.value ?? "", autocomplete: "off", name: "value" });
    ask(`Change ${nameOf(v)}`, field("Value", value, v.value === undefined ? "its value is not known" : `it was ${v.value}`), "Change", async () => {
      const variable = { variable: v.variable.name, value: value.value };
      if (v.variable.instance) variable.instance = v.variable.instance;
      if (v.component) {
        variable.component = v.component.name;
        if (v.component.instance) variable.componentInstance = v.component.instance;
        if (v.component.evse) variable.connector = String(v.component.evse.id) + (v.component.evse.connectorId ? `#${v.component.evse.connectorId}` : "");
      }
      const [command] = await place(id, "variables/set", { variables: [variable] });
      const refused = command.result?.setVariableResult?.find((result) => !["Accepted", "RebootRequired"].includes(result.attributeStatus));
      if (command.state !== "accepted") throw new Error(words(command));
      if (refused) throw new Error(`The charge point did not take it: ${refused.attributeStatus}`);
      notice(`${nameOf(v)}: ${words(command)}`);
      await place(id, "variables/get", { variables: [Object.fromEntries(Object.entries(variable).filter(([name]) => name !== "value"))] });
      setTimeout(reading.now, 1000); // what it tells is stored in the background
    });
  }

  fill(root, el("section", { class: "card" }, el("div", { class: "filters" }, search,
    mayOperate() ? el("button", { type: "button", onclick: async (event) => {
      await operate(id, "report", { base: "full" }, event.target);
      setTimeout(reading.now, 3000); // a report comes in parts
    } }, "Ask for all") : null), list));
  return reading;
}

function writable(v) {
  if (v.readOnly) return false;
  const attributes = Array.isArray(v.attributes) ? v.attributes : [];
  return !attributes.some((attribute) => attribute.mutability === "ReadOnly" && (attribute.type ?? "Actual") === "Actual");
}
