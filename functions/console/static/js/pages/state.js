// Connectors, what runs on them, and what the charge point has reported.
import { get, of } from "../api.js";
import { mayOperate } from "../auth.js";
import { el, fill, table } from "../dom.js";
import { duration, pretty, time } from "../format.js";
import { refreshing } from "../refresh.js";
import { operate } from "./operate.js";

const shownEnds = 10;

export function stateTab(root, { id }, source) {
  const connectors = el("div", {});
  const ends = el("div", {});
  const reports = el("div", {});
  fill(root, el("section", { class: "card" }, el("h3", {}, "Connectors"), connectors),
    el("section", { class: "card" }, el("h3", {}, "Ends of its connections"), ends),
    el("section", { class: "card" }, el("h3", {}, "What it has reported"), reports));
  const near = refreshing(10, async (signal) => {
    const { connectors: found } = await get(of(id, "/connectors"), { signal });
    fill(connectors, table("Connectors", ["Connector", "Status", "Transaction", "Error", "Since", "Actions"], found.map((c) => [
      c.connector === "0" ? "the charge point" : c.connector, el("span", { class: `state ${kind(c)}` }, c.status ?? "unknown"),
      c.transactionId ? el("a", { href: `#/transactions/${encodeURIComponent(id)}/${encodeURIComponent(c.transactionId)}` }, c.transactionId) : "",
      [c.errorCode === "NoError" ? "" : c.errorCode, c.info, c.vendorErrorCode].filter(Boolean).join(", "), time(c.timestamp ?? c.receivedAt), actions(id, c),
    ]), "It has told of no connector yet."));
  }, source());
  const far = refreshing(120, async (signal) => {
    const { reports: newest } = await get(of(id, "/reports"), { signal });
    const found = newest.filter((report) => report.kind !== "disconnect");
    const history = newest.length === found.length ? { reports: [] } : await get(of(id, `/reports/disconnect?limit=${shownEnds}`), { signal });
    fill(ends, table("Ends of its connections", ["Ended", "Had lasted", "Code", "Reason"], history.reports.map(({ timestamp, data }) => [
      time(timestamp), duration((Date.parse(timestamp) - Date.parse(data.connectedAt)) / 1000), data.code, meaning(data),
    ]), "None in the last 400 days."), history.nextCursor ? el("p", { class: "quiet" }, `The latest ${shownEnds} are shown.`) : null);
    fill(reports, found.length === 0 ? el("p", { class: "quiet" }, "Nothing yet.") : found.map((report) =>
      el("details", {}, el("summary", {}, `${report.kind} — ${time(report.receivedAt)}`), el("pre", {}, pretty(report.data)))));
  }, source());
  return () => {
    near();
    far();
  };
}

// What a code of WebSocket means here (RFC 6455 section 7.4), with the gateway's own words.
function meaning({ code, reason }) {
  const known = {
    1000: "the charge point left", 1001: "it went away, or the gateway's limit of two hours or ten idle minutes", 1005: "it left without a reason",
    1006: "the network was lost", 1008: "it broke a rule of the gateway", 1009: "a message was larger than the gateway takes",
  }[code];
  return [reason, known].filter(Boolean).join(": ");
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
