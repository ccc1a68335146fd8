// What somebody should look at, of the whole fleet.
import { el, table } from "../dom.js";
import { fleet, stale } from "../fleet.js";
import { ago, count, time } from "../format.js";
import { words } from "./operate.js";

const shownAtOnce = 60; // rows

/** Rows about charge points, transactions of today, and what GET /overview has told. */
export function attention(points, transactions, { deadLetters, failedCommands, refusedConnections }) {
  const link = (id, tab = "") => el("a", { href: `#/charge-points/${encodeURIComponent(id)}${tab}` }, id);
  const rows = [
    ...deadLetters.filter((queue) => queue.messages > 0).map((queue) => ["Dead letters", "",
      `${count(queue.messages)} in ${queue.queue}: something could not be handled in several tries. The log tells why; scripts/redrive.sh sends them on their way again.`, ""]),
    ...[...fleet.faulted].flatMap(([id, connectors]) => connectors.map((c) => ["Fault", link(id),
      `connector ${c.connector}: ${[c.errorCode, c.info, c.vendorErrorCode].filter(Boolean).join(", ") || "no reason told"}`, ago(c.receivedAt)])),
    ...grouped(refusedConnections).map(({ first, times }) => ["Refused connection", link(first.chargePointId, "/messages"),
      `${first.status}: ${first.reason}${times > 1 ? ` (${count(times)} times)` : ""}`, ago(first.at)]),
    ...points.filter(stale).map((p) => ["Silent connection", link(p.chargePointId), "connected, but nothing was heard for more than 15 minutes", ago(p.lastSeenAt)]),
    ...failedCommands.map((c) => ["Failed command", link(c.chargePointId, "/commands"), `${c.action}: ${words(c)}`, ago(c.finishedAt ?? c.createdAt)]),
    ...points.filter((p) => p.registration !== "Accepted").map((p) => ["Registration", link(p.chargePointId), `it is ${p.registration}`, ago(p.registeredAt)]),
    ...transactions.filter((t) => t.doubts?.length > 0).map((t) => ["Doubtful transaction", link(t.chargePointId), `${t.transactionId}: ${t.doubts.join(", ")}`, time(t.startedAt)]),
  ];
  const shown = rows.slice(0, shownAtOnce);
  return [
    table("What needs attention", ["What", "Charge point", "Why", "When"], shown, "Nothing at this moment."),
    rows.length > shown.length ? el("p", { class: "quiet" }, `and ${count(rows.length - shown.length)} more`) : null,
  ];
}

// One that tries again and again is one row.
function grouped(refused) {
  const groups = new Map();
  for (const one of refused) {
    const key = `${one.chargePointId} ${one.status} ${one.reason}`;
    const group = groups.get(key);
    if (group) group.times++;
    else groups.set(key, { first: one, times: 1 });
  }
  return [...groups.values()];
}
