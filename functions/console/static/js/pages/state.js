// Connectors, what runs on them, and what the charge point has reported.
import { get, of } from "../api.js";
import { mayOperate } from "../auth.js";
import { el, fill, table } from "../dom.js";
import { pretty, time } from "../format.js";
import { refreshing } from "../refresh.js";
import { operate } from "./operate.js";

export function stateTab(root, { id }, failed) {
  const connectors = el("div", {});
  const reports = el("div", {});
  fill(root, el("section", { class: "card" }, el("h3", {}, "Connectors"), connectors),
    el("section", { class: "card" }, el("h3", {}, "What it has reported"), reports));
  const near = refreshing(10, async (signal) => {
    const { connectors: found } = await get(of(id, "/connectors"), { signal });
    fill(connectors, table("Connectors", ["Connector", "Status", "Transaction", "Error", "Since", ""], found.map((c) => [
      c.connector === "0" ? "the charge point" : c.connector, el("span", { class: `state ${kind(c)}` }, c.status ?? "unknown"),
      c.transactionId ? el("a", { href: `#/transactions/${encodeURIComponent(id)}/${encodeURIComponent(c.transactionId)}` }, c.transactionId) : "",
      [c.errorCode === "NoError" ? "" : c.errorCode, c.info, c.vendorErrorCode].filter(Boolean).join(", "), time(c.timestamp ?? c.receivedAt), actions(id, c),
    ]), "It has told of no connector yet."));
  }, failed);
  const far = refreshing(120, async (signal) => {
    const { reports: found } = await get(of(id, "/reports"), { signal });
    fill(reports, found.length === 0 ? el("p", { class: "quiet" }, "Nothing yet.") : found.map((report) =>
      el("details", {}, el("summary", {}, `${report.kind} — ${time(report.receivedAt)}`), el("pre", {}, pretty(report.data)))));
  }, failed);
  return () => {
    near();
    far();
  };
}

function kind(connector) {
  if (connector.status === "Faulted") return "faulted";
  if (connector.transactionId) return "charging";
  return connector.status === "Unavailable" ? "offline" : "connected";
}

function actions(id, connector) {
  if (!mayOperate() || connector.connector === "0") return "";
  const button = (verb, path, body) => el("button", { type: "button", onclick: (event) => operate(id, path, body, event.target) }, verb);
  return el("span", { class: "buttons" }, connector.transactionId
    ? button("Stop", "remote-stop", { transactionId: connector.transactionId })
    : button("Start", "remote-start", { connectorId: connector.connector }), button("Unlock", "unlock", { connector: connector.connector }));
}
