// How the fleet is, on one page, and what somebody should look at.
import { get, pages } from "../api.js";
import { shares, tile, timeline } from "../chart.js";
import { el, fill } from "../dom.js";
import { fleet, stateOf, states, watchFleet } from "../fleet.js";
import { count, day, energy, hour, power } from "../format.js";
import { problemLine } from "../problems.js";
import { pace, refreshing } from "../refresh.js";
import { attention } from "./attention.js";

const mostPages = 25; // of transactions: five thousand of the latest are enough for a picture
const dayLength = 24 * 3600 * 1000; // ms

export function overviewPage(root) {
  const problem = problemLine();
  const tiles = el("div", { class: "tiles" });
  const bar = el("div", {});
  const charts = el("div", { class: "charts" });
  const traffic = el("div", { class: "charts" });
  const needs = el("div", {});
  const asOf = el("p", { class: "quiet" }, "Reading …");
  let today = { transactions: [], running: [], whole: true };
  let told = { deadLetters: [], failedCommands: [], refusedConnections: [] };

  const draw = () => {
    const points = [...fleet.points.values()];
    const by = Object.groupBy(points, stateOf);
    const number = (state) => by[state]?.length ?? 0;
    const watts = today.running.reduce((sum, t) => sum + (t.powerW ?? 0), 0);
    const wattHours = today.transactions.reduce((sum, t) => sum + (t.energyWh ?? 0), 0);
    const rate = rateOf(told.traffic);
    fill(bar, shares("Charge points", states.map((state) => ({ name: state, count: number(state), kind: state }))));
    fill(tiles,
      tile("Connected", count(points.length - number("offline")), { link: "#/charge-points?state=online", note: `of ${count(points.length)}` }),
      tile("Charging", count(fleet.charging.size), { kind: "charging", link: "#/charge-points?state=charging" }),
      tile("Faulted", count(fleet.faulted.size), { kind: fleet.faulted.size ? "faulted" : "", link: "#/charge-points?state=faulted" }),
      tile("Offline", count(number("offline")), { kind: number("offline") ? "offline" : "", link: "#/charge-points?state=offline" }),
      tile("Power now", power(watts) || "0 W", { note: "as last told in running transactions" }),
      tile("Energy today", energy(wattHours) || "0 Wh", { link: "#/transactions", note: `${count(today.transactions.length)}${today.whole ? "" : "+"} transactions since 0:00 UTC` }),
      tile("Messages", rate ? `${count(rate.messages)} a minute` : "—", { note: rate ? `from charge points, last ${rate.minutes} min` : "not measured yet" }),
      tile("Errors", rate ? `${count(rate.errors)} a minute` : "—", { kind: rate?.errors ? "faulted" : "", note: rate ? `${count(rate.share * 100)} % of the messages` : "not measured yet" }));
    fill(asOf, fleet.whole ? `As of ${hour(fleet.at)}. ` : `${count(points.length)} charge points read so far … `,
      el("button", { type: "button", onclick: () => { watching.now(); reading.now(); looking.now(); } }, "Read again"));
    fill(needs, attention(points, today.transactions, told));
  };

  const watching = watchFleet(draw, problem.source());
  const reading = refreshing(60, async (signal) => {
    const began = await transactionsOf(day(), signal);
    const before = runningSince(began) ? await transactionsOf(day(new Date(Date.now() - dayLength)), signal) : null;
    const running = [...began.transactions, ...(before?.transactions ?? [])].filter((t) => t.state === "Active");
    today = { ...began, running };
    fill(charts, byHour(began.transactions), powerByPoint(running));
    draw();
    return pace(began.pages + (before?.pages ?? 0), 60);
  }, problem.source());
  const looking = refreshing(60, async (signal) => {
    const before = told.traffic;
    told = await get("/overview", { signal });
    if (told.traffic !== before) fill(traffic, byMinute(told.traffic));
    draw();
  }, problem.source());

  fill(root, el("h2", {}, "Overview"), problem.element, tiles, bar, asOf, charts, traffic,
    el("section", { class: "card" }, el("h3", {}, "What needs attention"), needs));
  return () => {
    watching();
    reading();
    looking();
  };
}

async function transactionsOf(wanted, signal) {
  const transactions = [];
  const read = await pages(`/transactions?day=${wanted}`, "transactions", (entries) => transactions.push(...entries), { most: mostPages, signal });
  return { transactions, whole: read.whole, pages: read.pages };
}

// Does a connector have a transaction that did not begin today?
function runningSince({ transactions, whole }) {
  const known = new Set(transactions.map((t) => `${t.chargePointId} ${t.transactionId}`));
  return whole && [...fleet.charging.values()].flat().some((c) => !known.has(`${c.chargePointId} ${c.transactionId}`));
}

const settled = 2; // minutes until CloudWatch has most of what was counted
const averaged = 5; // minutes

// Messages and errors a minute, of the latest minutes that are settled; null before anything was measured.
function rateOf(traffic) {
  const periods = traffic?.periods ?? [];
  const first = periods.findIndex((period) => period.messages > 0);
  if (first < 0) return null;
  const end = Math.max(first + 1, periods.length - settled);
  const latest = periods.slice(Math.max(first, end - averaged), end);
  const sum = (member) => latest.reduce((total, period) => total + period[member], 0);
  const [messages, errors] = [sum("messages"), sum("errors")];
  return { minutes: latest.length, messages: messages / latest.length, errors: errors / latest.length, share: messages ? errors / messages : 0 };
}

function byMinute(traffic) {
  const periods = traffic?.periods ?? [];
  const first = periods.findIndex((period) => period.messages > 0);
  const settledPeriods = periods.slice(Math.max(0, first), -1); // from the first that was measured; the last one has just begun
  const points = (value) => settledPeriods.map((period) => [Date.parse(period.at), value(period)]);
  const wrong = (period) => period.errors + period.refusedConnections + period.failedCommands;
  const all = settledPeriods.reduce((sum, period) => sum + wrong(period), 0);
  return [
    timeline("Messages a minute", "", points((period) => period.messages), { format: count, headline: "" }),
    timeline("Errors, refused connections and failed commands a minute", "", points(wrong), { bars: true, format: count, headline: `${count(all)} in an hour` }),
  ];
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
  const last = Math.max(Date.now(), ...hours.keys()); // clocks of charge points may be ahead
  for (let at = first; at <= last; at += 3600000) points.push([at, hours.get(at) ?? 0]);
  const all = points.reduce((sum, [, wh]) => sum + wh, 0);
  return timeline("Energy by hour of start", "Wh", points, { bars: true, format: energy, headline: energy(all), from: first - 1800000, to: first + 23.5 * 3600000 });
}

function powerByPoint(running) {
  const active = running.filter((t) => t.powerW > 0).sort((a, b) => b.powerW - a.powerW).slice(0, 8);
  const most = active[0]?.powerW;
  return el("figure", { class: "chart" }, el("figcaption", {}, "Power now, the highest"),
    active.length === 0 ? el("p", { class: "quiet" }, "Nobody tells of power at this moment.") : el("ul", { class: "bars" }, active.map((t) => {
      const piece = el("i", {});
      piece.style.width = `${(100 * t.powerW) / most}%`;
      return el("li", {}, el("a", { href: `#/charge-points/${encodeURIComponent(t.chargePointId)}` }, t.chargePointId), piece, el("b", {}, power(t.powerW)));
    })));
}
