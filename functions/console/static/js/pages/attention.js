// What somebody should look at, of the whole fleet.
import { el, table } from "../dom.js";
import { fleet, stale } from "../fleet.js";
import { ago, count, time } from "../format.js";
import { words } from "./operate.js";

const shownOfEach = 10; // rows: many of one kind do not hide the others

/** Rows about charge points, transactions of today, and what GET /overview has told. */
export function attention(points, transactions, { deadLetters, failedCommands, refusedConnections }) {
  const link = (id, tab = "") => el("a", { href: `#/charge-points/${encodeURIComponent(id)}${tab}` }, id);
  const groups = [
    ["Dead letters", deadLetters.filter((queue) => queue.messages > 0).map((queue) => ["",
      `${count(queue.messages)} in ${queue.queue}: something could not be handled in several tries. The log tells why; scripts/redrive.sh sends them on their way again.`, ""])],
    ["Fault", [...fleet.faulted].flatMap(([id, connectors]) => connectors.map((c) => [link(id),
      `connector ${c.connector}: ${[c.errorCode, c.info, c.vendorErrorCode].filter(Boolean).join(", ") || "no reason told"}`, ago(c.receivedAt)]))],
    ["Refused connection", grouped(refusedConnections).map(({ first, times }) => [link(first.chargePointId, "/messages"),
      `${first.status}: ${first.reason}${times > 1 ? ` (${count(times)} times)` : ""}`, ago(first.at)])],
    ["Silent connection", points.filter(stale).map((p) => [link(p.chargePointId), "connected, but nothing was heard for more than 45 minutes", ago(p.lastSeenAt)])],
    ["Failed command", failedCommands.map((c) => [link(c.chargePointId, "/commands"), `${c.action}: ${words(c)}`, ago(c.finishedAt ?? c.createdAt)])],
    ["Registration", points.filter((p) => p.registration !== "Accepted").map((p) => [link(p.chargePointId), `it is ${p.registration}`, ago(p.registeredAt)])],
    ["Doubtful transaction", transactions.filter((t) => t.doubts?.length > 0).map((t) => [link(t.chargePointId), `${t.transactionId}: ${t.doubts.join(", ")}`, time(t.startedAt)])],
  ];
  const rows = groups.flatMap(([kind, all]) => [
    ...all.slice(0, shownOfEach).map((cells) => [kind, ...cells]),
    ...(all.length > shownOfEach ? [[kind, "", `and ${count(all.length - shownOfEach)} more`, ""]] : []),
  ]);
  return table("What needs attention", ["What", "Charge point", "Why", "When"], rows, "Nothing at this moment.");
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
