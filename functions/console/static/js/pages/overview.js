// How the fleet is, on one page, and what somebody should look at.
import { get, of, pages } from "../api.js";
import { shares, tile, timeline } from "../chart.js";
import { el, fill, table } from "../dom.js";
import { fleet, stale, stateOf, states, watchFleet } from "../fleet.js";
import { ago, count, day, energy, hour, power, time } from "../format.js";
import { recent } from "../mine.js";
import { pace, refreshing } from "../refresh.js";

const mostPages = 25; // of transactions: five thousand of the latest are enough for a picture
const samples = 5; // charge points whose messages are looked at, of all that are connected

export function overviewPage(root) {
  const problem = el("p", { class: "problem", role: "alert", hidden: true });
  const tiles = el("div", { class: "tiles" });
  const bar = el("div", {});
  const charts = el("div", { class: "charts" });
  const needs = el("div", {});
  const asOf = el("p", { class: "quiet" }, "Reading …");
  let today = { transactions: [], whole: true };
  let traffic = null;
  const details = { refused: [], failed: [] };

  const draw = () => {
    const points = [...fleet.points.values()];
    const by = Object.groupBy(points, stateOf);
    const number = (state) => by[state]?.length ?? 0;
    const active = today.transactions.filter((t) => t.state === "Active");
    const watts = active.reduce((sum, t) => sum + (t.powerW ?? 0), 0);
    const wattHours = today.transactions.reduce((sum, t) => sum + (t.energyWh ?? 0), 0);
    fill(bar, shares("Charge points", states.map((state) => ({ name: state, count: number(state), kind: state }))));
    fill(tiles,
      tile("Connected", count(points.length - number("offline")), { link: "#/charge-points?state=online", note: `of ${count(points.length)}` }),
      tile("Charging", count(fleet.charging.size), { kind: "charging", link: "#/charge-points?state=charging" }),
      tile("Faulted", count(fleet.faulted.size), { kind: fleet.faulted.size ? "faulted" : "", link: "#/charge-points?state=faulted" }),
      tile("Offline", count(number("offline")), { kind: number("offline") ? "offline" : "", link: "#/charge-points?state=offline" }),
      tile("Power now", power(watts) || "0 W", { note: "as last told in transactions of today" }),
      tile("Energy today", energy(wattHours) || "0 Wh", { link: "#/transactions", note: `${count(today.transactions.length)}${today.whole ? "" : "+"} transactions since 0:00 UTC` }),
      traffic && tile("Messages", `${count(traffic.perMinute)} a minute`, { note: `estimated from ${traffic.sampled} charge points` }),
      traffic && tile("Errors", `${count(traffic.errors * 100)} %`, { kind: traffic.errors > 0.05 ? "faulted" : "", note: "of these messages" }));
    fill(asOf, fleet.whole ? `As of ${hour(fleet.at)}. ` : `${count(points.length)} charge points read so far … `,
      el("button", { type: "button", onclick: () => { watching.now(); reading.now(); } }, "Read again"));
    fill(needs, attention(points, today.transactions, details));
  };

  const watching = watchFleet(draw, failed);
  const reading = refreshing(60, async (signal) => {
    const found = [];
    const told = await pages(`/transactions?day=${day()}`, "transactions", (entries) => found.push(...entries), { most: mostPages, signal });
    today = { transactions: found, whole: told.whole };
    fill(charts, byHour(found), powerByPoint(found));
    draw();
    return pace(told.pages, 60);
  }, failed);
  const looking = refreshing(300, async (signal) => {
    if (!fleet.whole) return 5;
    traffic = await sampled(signal);
    Object.assign(details, await worries(signal));
    draw();
  }, failed);

  function failed(error, again) {
    problem.hidden = !error;
    problem.textContent = error ? `${error.message} The next try is in ${again} s.` : "";
  }

  fill(root, el("h2", {}, "Overview"), problem, tiles, bar, asOf, charts,
    el("section", { class: "card" }, el("h3", {}, "What needs attention"), needs));
  return () => {
    watching();
    reading();
    looking();
  };
}

// Energy of the transactions of today by the hour in which they began.
function byHour(transactions) {
  const hours = new Map();
  for (const t of transactions) {
    if (!t.startedAt) continue;
    const at = Math.floor(new Date(t.startedAt) / 3600000) * 3600000;
    hours.set(at, (hours.get(at) ?? 0) + (t.energyWh ?? 0));
  }
  const first = Math.floor(Date.parse(`${day()}T00:00:00Z`) / 3600000) * 3600000;
  const points = [];
  for (let at = first; at <= Date.now(); at += 3600000) points.push([at, hours.get(at) ?? 0]);
  const all = points.reduce((sum, [, wh]) => sum + wh, 0);
  return timeline("Energy by hour of start", "Wh", points, { bars: true, format: energy, headline: energy(all), from: first - 1800000, to: first + 23.5 * 3600000 });
}

function powerByPoint(transactions) {
  const active = transactions.filter((t) => t.state === "Active" && t.powerW > 0).sort((a, b) => b.powerW - a.powerW).slice(0, 8);
  const most = active[0]?.powerW;
  return el("figure", { class: "chart" }, el("figcaption", {}, "Power now, the highest"),
    active.length === 0 ? el("p", { class: "quiet" }, "Nobody tells of power at this moment.") : el("ul", { class: "bars" }, active.map((t) => {
      const piece = el("i", {});
      piece.style.width = `${(100 * t.powerW) / most}%`;
      return el("li", {}, el("a", { href: `#/charge-points/${encodeURIComponent(t.chargePointId)}` }, t.chargePointId), piece, el("b", {}, power(t.powerW)));
    })));
}

// What the log of a few connected charge points says about the last quarter of an hour.
async function sampled(signal) {
  const connected = [...fleet.points.values()].filter((point) => point.connected).sort(() => Math.random() - 0.5);
  const looked = connected.slice(0, samples);
  if (looked.length === 0) return null;
  const since = new Date(Date.now() - 15 * 60 * 1000).toISOString();
  const logs = await Promise.all(looked.map((point) => get(of(point.chargePointId, `/messages?kind=frame&limit=200&since=${since.slice(0, 19)}Z`), { signal })));
  const frames = logs.flatMap((log) => log.messages);
  const errors = frames.filter(({ frame }) => Array.isArray(frame) && (frame[0] === 4 || frame[0] === 5)).length;
  return { sampled: looked.length, perMinute: (frames.length / 15 / looked.length) * connected.length, errors: frames.length ? errors / frames.length : 0 };
}

// Refused connections of the charge points that went offline last, and the commands that this browser gave.
async function worries(signal) {
  const offline = [...fleet.points.values()].filter((point) => !point.connected)
    .sort((a, b) => (b.disconnectedAt ?? b.registeredAt ?? "").localeCompare(a.disconnectedAt ?? a.registeredAt ?? "")).slice(0, samples);
  const since = `${new Date(Date.now() - 24 * 3600 * 1000).toISOString().slice(0, 19)}Z`;
  const refused = await Promise.all(offline.map((point) => get(of(point.chargePointId, `/messages?kind=refusedConnection&limit=1&since=${since}`), { signal })));
  const commands = await Promise.all(recent().map(({ chargePointId, commandId }) =>
    get(of(chargePointId, `/commands/${commandId}`), { signal }).catch(() => null))); // one that is forgotten worries nobody
  return {
    refused: refused.flatMap((log) => log.messages),
    failed: commands.filter((c) => c && ["rejected", "callError", "invalidResult", "timedOut", "expired"].includes(c.state)),
  };
}

function attention(points, transactions, { refused, failed }) {
  const link = (id, tab = "") => el("a", { href: `#/charge-points/${encodeURIComponent(id)}${tab}` }, id);
  const rows = [
    ...[...fleet.faulted].flatMap(([id, connectors]) => connectors.map((c) => ["Fault", link(id), `connector ${c.connector}: ${[c.errorCode, c.info, c.vendorErrorCode].filter(Boolean).join(", ") || "no reason told"}`, ago(c.receivedAt)])),
    ...refused.map((r) => ["Refused connection", link(r.chargePointId, "/messages"), `${r.status}: ${r.reason}`, ago(r.at)]),
    ...points.filter(stale).map((p) => ["Silent connection", link(p.chargePointId), "connected, but nothing was heard for more than 15 minutes", ago(p.lastSeenAt)]),
    ...failed.map((c) => ["Failed command", link(c.chargePointId, "/commands"), `${c.action}: ${c.state}${c.errorDescription ? `, ${c.errorDescription}` : ""}`, ago(c.finishedAt ?? c.createdAt)]),
    ...points.filter((p) => p.registration !== "Accepted").map((p) => ["Registration", link(p.chargePointId), `it is ${p.registration}`, ago(p.registeredAt)]),
    ...transactions.filter((t) => t.doubts?.length > 0).map((t) => ["Doubtful transaction", link(t.chargePointId), `${t.transactionId}: ${t.doubts.join(", ")}`, time(t.startedAt)]),
  ];
  const shown = rows.slice(0, 50);
  return [
    table("What needs attention", ["What", "Charge point", "Why", "When"], shown, "Nothing at this moment."),
    rows.length > shown.length ? el("p", { class: "quiet" }, `and ${count(rows.length - shown.length)} more`) : null,
  ];
}
