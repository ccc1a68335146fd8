// Commanding: a form for each operation in words of all versions, and for each action of the charge point's own.
import { get, of, send } from "../api.js";
import { mayOperate } from "../auth.js";
import { el, fill, notice } from "../dom.js";
import { json, schemaForm, within } from "../form.js";
import { pretty } from "../format.js";
import { refreshing } from "../refresh.js";
import { commandCard, followed, place } from "./operate.js";

export function commandsTab(root, context, source) {
  const list = el("div", {});
  const more = el("div", {});
  const fates = followed();
  let ended = false;
  const reading = refreshing(15, async (signal) => {
    const page = await get(of(context.id, "/commands?limit=25"), { signal });
    show(page);
  }, source());
  const show = ({ commands, nextCursor }) => {
    const open = new Set([...list.querySelectorAll("details[open]")].map((details) => details.dataset.id));
    fill(list, commands.length === 0 ? el("p", { class: "quiet" }, "None yet.") : commands.map((command) => row(context.id, command, open, reading)));
    fill(more, nextCursor ? el("p", { class: "quiet" }, "There are older ones; the HTTP API lists them all.") : null);
  };
  fill(root, mayOperate() ? el("section", { class: "card" }, el("h3", {}, "Command it"), fates.element, orders()) : null,
    el("section", { class: "card" }, el("h3", {}, "Commands, newest first"), list, more));
  return () => {
    ended = true;
    reading();
  };

  function orders() {
    const area = el("div", {});
    const choose = el("select", { "aria-label": "What to command" }, el("option", { value: "" }, "Choose what to command …"));
    choose.addEventListener("change", () => open(choose.value, area));
    prepare(choose).catch(source());
    return el("div", {}, choose, area);
  }

  async function prepare(choose) {
    const document = await get("/openapi.json");
    const operations = Object.entries(document.paths).filter(([, item]) => item.post?.tags.includes("Operations") && item.post.requestBody)
      .filter(([path]) => path.startsWith("/charge-points/{id}/"));
    choose.append(el("optgroup", { label: "Operations, in words of all versions" },
      operations.map(([path, item]) => el("option", { value: `operation ${path}` }, item.post.summary))));
    if (!context.point.protocol) return;
    const { actions } = await get(`/schemas/${context.point.protocol}`);
    choose.append(el("optgroup", { label: `Actions of ${context.point.protocol.replace("ocpp", "OCPP ")}` },
      actions.filter((action) => action.sentBy !== "chargePoint").map(({ action }) => el("option", { value: `action ${action}` }, action))));
  }

  async function open(chosen, area) {
    fill(area, chosen ? el("p", { class: "quiet" }, "Reading its form …") : null);
    if (!chosen) return;
    const [kind, name] = chosen.split(" ");
    try {
      if (kind === "operation") {
        const document = await get("/openapi.json");
        const { summary, description, requestBody } = document.paths[name].post;
        const media = requestBody.content["application/json"];
        const path = name.replace("/charge-points/{id}/", "");
        if (!ended) fill(area, order([summary, description].filter(Boolean).join(". "), schemaForm(media.schema, within(document)), media.example, (body) => place(context.id, path, body, fates.add)));
      } else {
        const document = await get(`/schemas/${context.point.protocol}/${encodeURIComponent(name)}`);
        if (!ended) fill(area, order(name, schemaForm(document.request, within(document)), {}, (payload) => place(context.id, "commands", { action: name, payload }, fates.add)));
      }
    } catch (error) {
      fill(area, el("p", { class: "problem", role: "alert" }, error.message));
    }
  }

  function order(title, form, example, submit) {
    const problem = el("p", { class: "problem", role: "alert", hidden: true });
    const body = el("div", {}, form.element);
    let used = form;
    const asText = el("input", { type: "checkbox", onchange: () => {
      used = asText.checked ? json("body", pretty(attempt(form) ?? example ?? {})) : form;
      fill(body, used.element);
    } });
    const button = el("button", { class: "primary", type: "submit" }, "Send");
    return el("form", { class: "order", novalidate: true, onsubmit: async (event) => {
      event.preventDefault();
      problem.hidden = true;
      button.disabled = true;
      try {
        await submit(used.value() ?? {});
        reading.now();
      } catch (error) {
        problem.textContent = error.message;
        problem.hidden = false;
      } finally {
        button.disabled = false;
      }
    } }, el("h4", {}, title), body, problem, el("p", { class: "buttons" }, button, el("label", { class: "check" }, asText, " as JSON")));
  }
}

// What the form has so far, for going on with it as JSON.
function attempt(form) {
  try {
    return form.value();
  } catch {
    return undefined; // it is not finished
  }
}

function row(id, command, open, reading) {
  const card = commandCard(command);
  card.dataset.id = command.commandId;
  card.open = open.has(command.commandId);
  if (command.state === "queued" && mayOperate()) {
    card.append(el("button", { type: "button", onclick: async () => {
      try {
        await send("DELETE", of(id, `/commands/${command.commandId}`));
        reading.now();
      } catch (error) {
        notice(error.message, "bad");
      }
    } }, "Take it back"));
  }
  return card;
}
