// Forms that are made from JSON schemas: those of OCPP messages (draft-07), and those of the HTTP API's bodies.
import { el, fill } from "./dom.js";

/** A form for a schema. resolve finds what a reference means. value() returns what was filled in, or throws in words. */
export function schemaForm(schema, resolve) {
  return part(schema, resolve, "", true);
}

// Each part is {element, value()}; value() is undefined when nothing was filled in. path names it in errors.
function part(given, resolve, path, needed) {
  const schema = given.$ref ? { ...resolve(given.$ref), ...(given.description && { description: given.description }) } : given;
  if (schema.enum) return choice(schema.enum.map((word) => [word, String(word)]), path, needed);
  const types = [schema.type ?? "object"].flat();
  if (types.includes("object")) return schema.properties ? object(schema, resolve, path) : json(path);
  if (types.includes("array")) return list(schema, resolve, path);
  if (types.includes("boolean") && types.length === 1) return choice([[true, "yes"], [false, "no"]], path, needed);
  return line(schema, types, path);
}

function object(schema, resolve, path) {
  const required = schema.required ?? [];
  const names = Object.keys(schema.properties).filter((name) => name !== "customData"); // of a vendor: written as JSON
  names.sort((a, b) => required.includes(b) - required.includes(a));
  const parts = names.map((name) => {
    const needed = required.includes(name);
    const inner = path ? `${path}.${name}` : name;
    const shape = schema.properties[name];
    const whole = shape.$ref ? resolve(shape.$ref) : shape;
    const nested = !whole.enum && (whole.properties || [whole.type].flat().includes("array"));
    return { name, needed, ...(nested ? enclosed(name, shape, resolve, inner, needed) : labelled(name, shape, whole, resolve, inner, needed)) };
  });
  return {
    element: el("div", { class: "object" }, parts.map((p) => p.element)),
    value() {
      const entries = parts.map((p) => [p.name, p.value(), p.needed]).filter(([name, value, needed]) => {
        if (value === undefined && needed) throw new Error(`${path ? `${path}.` : ""}${name} is missing.`);
        return value !== undefined;
      });
      return Object.fromEntries(entries.map(([name, value]) => [name, value]));
    },
  };
}

function labelled(name, shape, whole, resolve, path, needed) {
  const inner = part(shape, resolve, path, needed);
  const hint = [shape.description ?? whole.description, whole.maxLength && `At most ${whole.maxLength} characters.`].filter(Boolean).join(" ").replaceAll("`", "");
  return {
    element: el("label", { class: "field" }, el("span", {}, name, needed ? el("b", { title: "needed" }, " *") : null), inner.element,
      hint ? el("small", { class: "hint" }, hint.length > 160 ? `${hint.slice(0, 160)} …` : hint) : null),
    value: inner.value,
  };
}

// What has members of its own is only there when it is wanted; its form is made when it is opened.
function enclosed(name, shape, resolve, path, needed) {
  const body = el("div", {});
  let inner = null;
  const open = (wanted) => {
    inner = wanted ? part(shape, resolve, path, needed) : null;
    fill(body, inner?.element);
  };
  const box = needed ? null : el("input", { type: "checkbox", name: path, onchange: (event) => open(event.target.checked) });
  if (needed) open(true);
  return {
    element: el("fieldset", {}, el("legend", {}, box ? el("label", {}, box, ` ${name}`) : [name, el("b", { title: "needed" }, " *")]), body),
    value: () => inner?.value(),
  };
}

function list(schema, resolve, path) {
  const items = [];
  const body = el("div", { class: "items" });
  const draw = () => fill(body, items.map((item, i) => el("div", { class: "item" }, item.element,
    el("button", { type: "button", "aria-label": `Remove ${path} ${i + 1}`, onclick: () => { items.splice(i, 1); draw(); } }, "Remove"))));
  const add = () => {
    items.push(part(schema.items ?? {}, resolve, `${path}[${items.length + 1}]`, true));
    draw();
  };
  for (let i = 0; i < (schema.minItems ?? 0); i++) add();
  return {
    element: el("div", {}, body, el("button", { type: "button", onclick: add }, "Add one")),
    value: () => (items.length === 0 ? undefined : items.map((item) => item.value())),
  };
}

function choice(words, path, needed) {
  const select = el("select", { name: path }, el("option", { value: "" }, needed ? "choose …" : "—"),
    words.map(([, label], i) => el("option", { value: String(i) }, label)));
  return { element: select, value: () => (select.value === "" ? undefined : words[Number(select.value)][0]) };
}

function line(schema, types, path) {
  const numeric = types.every((type) => type === "integer" || type === "number");
  const input = el("input", { name: path, type: "text", inputmode: numeric ? "decimal" : null, autocomplete: "off", placeholder: schema.format === "date-time" ? "2026-06-01T08:00:00Z" : null });
  return {
    element: input,
    value() {
      const text = input.value;
      if (text === "") return undefined;
      if (types.includes("string")) return text;
      const number = Number(text);
      if (Number.isNaN(number)) throw new Error(`${path} must be a number, not "${text}".`);
      if (types.includes("integer") && !types.includes("number") && !Number.isInteger(number)) throw new Error(`${path} must be a whole number, not ${text}.`);
      return number;
    },
  };
}

/** Any JSON value. */
export function json(path, initial = "") {
  const area = el("textarea", { name: path, rows: 6, spellcheck: "false", value: initial });
  return {
    element: area,
    value() {
      if (area.value.trim() === "") return undefined;
      try {
        return JSON.parse(area.value);
      } catch (error) {
        throw new Error(`This is no JSON: ${error.message}`);
      }
    },
  };
}

/** Finds references within a document: #/types/X, #/components/schemas/X. */
export const within = (document) => (reference) =>
  reference.replace(/^#\//, "").split("/").reduce((found, name) => found[decodeURIComponent(name)], document);
