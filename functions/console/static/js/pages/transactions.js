// The transactions of the fleet that started on a day.
import { pages } from "../api.js";
import { el, field, fill, notice, table } from "../dom.js";
import { count, day, duration, energy, power, time } from "../format.js";
import { problemLine } from "../problems.js";
import { pace, refreshing } from "../refresh.js";

const shownAtOnce = 500; // rows; the file has all of them

export function transactionsPage(root) {
  const problem = problemLine();
  const when = el("input", { type: "date", value: day(), max: day(), onchange: () => { all = []; reading.now(); } });
  const search = el("input", { type: "search", placeholder: "charge point, id token, reason", "aria-label": "Search", oninput: () => draw() });
  const totals = el("div", { class: "tiles" });
  const list = el("div", {});
  let all = [];

  const draw = () => {
    const word = search.value.toLowerCase();
    const found = all.filter((t) => !word || `${t.chargePointId} ${t.transactionId} ${t.idToken ?? ""} ${t.stopReason ?? ""} ${t.state}`.toLowerCase().includes(word));
    const sum = (member) => found.reduce((total, t) => total + (t[member] ?? 0), 0);
    fill(totals, ...[["Transactions", count(found.length)], ["Running", count(found.filter((t) => t.state === "Active").length)], ["Energy", energy(sum("energyWh")) || "0 Wh"],
      ["Time", duration(sum("durationSeconds"))], ["With doubts", count(found.filter((t) => t.doubts?.length).length)]]
      .map(([name, value]) => el("div", { class: "tile", "data-tile": name }, el("span", { class: "name" }, name), el("strong", {}, value))));
    fill(list, transactionTable(found.slice(0, shownAtOnce), { withPoint: true }),
      found.length > shownAtOnce ? el("p", { class: "quiet" }, `and ${count(found.length - shownAtOnce)} more, which the CSV file has`) : null);
    return found;
  };
  const reading = refreshing(60, async (signal) => {
    const wanted = when.value || day();
    const read = [];
    const told = await pages(`/transactions?day=${wanted}`, "transactions", (entries, more) => {
      read.push(...entries);
      if (more && all.length === 0) fill(totals, el("p", { class: "quiet" }, `${count(read.length)} read so far …`));
    }, { signal });
    all = read;
    draw();
    return wanted === day() ? pace(told.pages, 60) : 3600; // the past changes little
  }, problem.source());

  fill(root, el("h2", {}, "Transactions"), problem.element, el("div", { class: "filters" }, field("Started on (UTC)", when), search,
    el("button", { type: "button", onclick: () => save(draw(), when.value || day()) }, "Save as CSV")), totals, list);
  return reading;
}

/** Transactions as a table. */
export function transactionTable(transactions, { withPoint }) {
  const headings = ["Transaction", ...(withPoint ? ["Charge point"] : []), "Connector", "State", "Started", "Lasted", "Energy", "Power", "Id token", "Ended because of", "Doubts"];
  return table("Transactions", headings, transactions.map((t) => [
    el("a", { href: `#/transactions/${encodeURIComponent(t.chargePointId)}/${encodeURIComponent(t.transactionId)}` }, t.transactionId),
    ...(withPoint ? [el("a", { href: `#/charge-points/${encodeURIComponent(t.chargePointId)}` }, t.chargePointId)] : []),
    t.connector ?? "", el("span", { class: `state ${t.state === "Active" ? "charging" : "offline"}` }, t.state), time(t.startedAt), duration(t.durationSeconds),
    energy(t.energyWh), t.state === "Active" ? power(t.powerW) : "", t.idToken ?? "", t.stopReason ?? "", (t.doubts ?? []).join(", "),
  ]), "None.");
}

const columns = ["chargePointId", "transactionId", "connector", "state", "startedAt", "endedAt", "durationSeconds", "energyWh", "meterStartWh", "meterStopWh", "idToken", "idTokenType", "stopReason", "offline", "missingSeqNos", "doubts"];

function save(transactions, wanted) {
  const lines = [columns.join(","), ...transactions.map((t) => columns.map((column) => cell([t[column] ?? ""].flat().join(" "))).join(","))];
  const url = URL.createObjectURL(new Blob([`${lines.join("\r\n")}\r\n`], { type: "text/csv" }));
  el("a", { href: url, download: `transactions-${wanted}.csv` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
  notice(`${count(transactions.length)} transactions were saved.`);
}

/** A cell of a CSV file (RFC 4180). A spreadsheet would calculate what begins like a formula: it is told that this is text. */
export function cell(value) {
  const text = /^[=+\-@\t\r]/.test(value) && Number.isNaN(Number(value)) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
