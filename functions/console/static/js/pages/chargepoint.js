// One charge point: what it is at the top, and a tab for each thing that it has.
import { get, of, send } from "../api.js";
import { mayOperate } from "../auth.js";
import { ask, el, facts, field, fill, notice } from "../dom.js";
import { forget } from "../fleet.js";
import { ago, time } from "../format.js";
import { problemLine } from "../problems.js";
import { refreshing } from "../refresh.js";
import { showKey } from "./chargepoints.js";
import { commandsTab } from "./commands.js";
import { messagesTab } from "./messages.js";
import { stateTab } from "./state.js";
import { transactionsTab } from "./pointtransactions.js";
import { variablesTab } from "./variables.js";

const tabs = {
  state: ["State", stateTab], transactions: ["Transactions", transactionsTab], variables: ["Variables", variablesTab],
  commands: ["Commands", commandsTab], messages: ["Messages", messagesTab],
};

export function chargePointPage(root, id, tab = "state") {
  const problem = problemLine();
  const head = el("div", {});
  const body = el("div", {});
  const context = { id, point: null };
  let leave = null;

  const watching = refreshing(15, async (signal) => {
    context.point = await get(of(id), { signal });
    fill(head, summary(context.point, watching));
    leave ??= tabs[tab][1](body, context, problem.source);
  }, problem.source());

  fill(root, el("h2", {}, id), problem.element, head,
    el("nav", { class: "tabs", "aria-label": "About this charge point" }, Object.entries(tabs).map(([name, [title]]) =>
      el("a", { href: `#/charge-points/${encodeURIComponent(id)}/${name}`, "aria-current": name === tab ? "page" : null }, title))), body);
  if (!tabs[tab]) {
    fill(body, el("p", { class: "problem" }, "There is no such page."));
    watching();
  }
  return () => {
    watching();
    leave?.();
  };
}

function summary(point, watching) {
  const boot = point.boot ?? {};
  return el("div", { class: "card" },
    el("p", {}, el("span", { class: `state ${point.connected ? "connected" : "offline"}` }, point.connected ? "connected" : "offline"), " ",
      el("span", { class: "badge" }, point.registration), " ", point.protocol ? el("span", { class: "badge" }, point.protocol.replace("ocpp", "OCPP ")) : null),
    facts([
      ["Model", [boot.vendorName, boot.model].filter(Boolean).join(" ")], ["Serial number", boot.serialNumber], ["Firmware", boot.firmwareVersion],
      ["Connected since", point.connected && time(point.connectedAt)], ["Last seen", point.lastSeenAt && `${time(point.lastSeenAt)} (${ago(point.lastSeenAt)})`],
      ["Last disconnect", point.disconnectedAt && `${time(point.disconnectedAt)}, ${[point.disconnectCode, point.disconnectReason].filter(Boolean).join(" ")}`],
      ["Last boot", point.bootedAt && `${time(point.bootedAt)}, told ${point.bootStatus}${boot.reason ? `, because of ${boot.reason}` : ""}`],
      ["Key", point.hasKey ? `yes${point.pendingKeys ? `, and ${point.pendingKeys} that it may have taken` : ""}` : "none"],
      ["Security profile", point.securityProfile], ["Validation", point.validation], ["Local list version", point.listVersion],
      ["Registered", time(point.registeredAt)], ["ICCID", boot.iccid], ["IMSI", boot.imsi], ["Meter", [boot.meterType, boot.meterSerialNumber].filter(Boolean).join(" ")],
    ]),
    mayOperate() ? el("p", { class: "buttons" },
      el("button", { type: "button", onclick: () => registration(point, watching) }, "Registration"),
      el("button", { type: "button", onclick: () => newKey(point) }, "New key"),
      el("button", { type: "button", class: "danger", onclick: () => remove(point) }, "Delete")) : null);
}

function registration(point, watching) {
  const select = el("select", {}, ["Accepted", "Pending", "Rejected"].map((word) => el("option", { selected: word === point.registration }, word)));
  ask("Registration", [field("It is", select, "One that is not accepted any more is made to reconnect, and is told with its next boot.")], "Save", async () => {
    await send("PUT", of(point.chargePointId, "/registration"), { registration: select.value });
    notice(`${point.chargePointId} is ${select.value}.`);
    watching.now();
  });
}

function newKey(point) {
  ask("Replace the key", el("p", {}, "The old key ends at once, with the connection. Whoever stands at the charge point types in the new one. To change it over OCPP, use the operation key-rotation."),
    "Replace", async () => {
      const made = await send("POST", of(point.chargePointId, "/key"));
      showKey(point.chargePointId, made.key);
    });
}

function remove(point) {
  const name = el("input", { autocomplete: "off" });
  ask(`Delete ${point.chargePointId}?`, [el("p", {}, "It cannot connect any more. Its transactions stay until they are old."), field("Type its name", name)], "Delete", async () => {
    if (name.value !== point.chargePointId) throw new Error("This is not its name.");
    await send("DELETE", of(point.chargePointId));
    forget(point.chargePointId);
    location.hash = "#/charge-points";
  });
}
