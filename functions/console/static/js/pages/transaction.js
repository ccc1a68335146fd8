// One transaction with its meter values as pictures.
import { of, pages } from "../api.js";
import { mayOperate } from "../auth.js";
import { timeline } from "../chart.js";
import { el, facts, fill } from "../dom.js";
import { duration, energy, power, time } from "../format.js";
import { problemLine } from "../problems.js";
import { refreshing } from "../refresh.js";
import { operate } from "./operate.js";

const mostPages = 20; // of readings: four thousand are two days of one a minute

export function transactionPage(root, pointId, id) {
  const problem = problemLine();
  const head = el("div", {});
  const charts = el("div", { class: "charts" });
  const path = of(pointId, `/transactions?transactionId=${encodeURIComponent(id)}`);
  let drawn = "";
  const reading = refreshing(15, async (signal) => {
    const readings = [];
    let transaction;
    await pages(path, "meterValues", (entries, more, page) => {
      readings.push(...entries);
      transaction = page;
    }, { most: mostPages, signal });
    fill(head, summary(transaction, reading));
    const series = seriesOf(readings);
    const start = transaction.meterStartWh ?? series.energy[0]?.[1] ?? 0;
    const charged = series.energy.map(([at, wh]) => [at, wh - start]);
    const now = JSON.stringify(Object.values(series).map((points) => [points.length, points.at(-1)]));
    if (now !== drawn) {
      drawn = now;
      fill(charts, timeline("Power", "W", series.power, { format: power }), timeline("Energy", "Wh", charged, { format: energy }),
        series.soc.length > 0 ? timeline("State of charge", "%", series.soc, { format: (percent) => `${Math.round(percent)} %` }) : null,
        series.current.length > 0 ? timeline("Current", "A", series.current, { format: (ampere) => `${Math.round(ampere * 10) / 10} A` }) : null);
    }
    return transaction.state === "Active" ? 15 : 600;
  }, problem.source());
  fill(root, el("h2", {}, `Transaction ${id}`), el("p", {}, "of ", el("a", { href: `#/charge-points/${encodeURIComponent(pointId)}/transactions` }, pointId)), problem.element, head, charts);
  return reading;
}

function summary(t, reading) {
  return el("div", { class: "card" }, el("p", {}, el("span", { class: `state ${t.state === "Active" ? "charging" : "offline"}` }, t.state), " ",
    t.state === "Active" && mayOperate() ? el("button", { type: "button", class: "danger", onclick: async (event) => {
      await operate(t.chargePointId, "remote-stop", { transactionId: t.transactionId }, event.target);
      setTimeout(reading.now, 1500); // its end comes by another message
    } }, "Stop") : null),
  facts([
    ["Connector", t.connector], ["Started", time(t.startedAt)], ["Ended", time(t.endedAt)], ["Lasted", duration(t.durationSeconds)], ["Energy", energy(t.energyWh)],
    ["Power", power(t.powerW)], ["State of charge", t.stateOfChargePercent !== undefined && `${t.stateOfChargePercent} %`], ["Charging state", t.chargingState],
    ["Id token", [t.idToken, t.idTokenType && `(${t.idTokenType})`, t.authorization].filter(Boolean).join(" ")], ["Ended because of", t.stopReason], ["Stopped by", t.stopIdToken],
    ["Meter", t.meterStartWh !== undefined && (t.meterStopWh === undefined ? `from ${energy(t.meterStartWh)}` : `${energy(t.meterStartWh)} to ${energy(t.meterStopWh)}`)], ["Doubts", (t.doubts ?? []).join(", ")], ["Events that never came", t.missingSeqNos],
    ["Remote start", t.commandId && el("a", { href: `#/charge-points/${encodeURIComponent(t.chargePointId)}/commands` }, t.commandId)],
  ]));
}

/** Readings by what they measure; of several phases the sum, unless the whole was told as well. */
export function seriesOf(readings) {
  const series = { power: [], energy: [], soc: [], current: [] };
  const kinds = { "Power.Active.Import": "power", "Energy.Active.Import.Register": "energy", SoC: "soc", "Current.Import": "current" };
  for (const { timestamp, sampledValue } of readings) {
    const sums = {};
    for (const value of sampledValue ?? []) {
      const kind = kinds[value.measurand ?? "Energy.Active.Import.Register"];
      const number = Number(value.value) * 10 ** (value.multiplier ?? 0) * (value.unit?.startsWith("k") ? 1000 : 1);
      if (!kind || Number.isNaN(number) || (value.location && value.location !== "Outlet" && kind !== "soc")) continue;
      const sum = (sums[kind] ??= { whole: null, phases: 0 });
      if (value.phase) sum.phases = kind === "current" ? Math.max(sum.phases, number) : sum.phases + number;
      else sum.whole = number;
    }
    for (const [kind, { whole, phases }] of Object.entries(sums)) series[kind].push([Date.parse(timestamp), whole ?? phases]);
  }
  for (const points of Object.values(series)) points.sort((a, b) => a[0] - b[0]);
  return series;
}
