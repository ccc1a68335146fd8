// The transactions of one charge point.
import { get, of } from "../api.js";
import { el, fill } from "../dom.js";
import { refreshing } from "../refresh.js";
import { transactionTable } from "./transactions.js";

export function transactionsTab(root, { id }, source) {
  const list = el("div", {});
  const more = el("button", { type: "button", hidden: true, onclick: () => readMore() }, "Older ones");
  let newest = [];
  let older = [];
  let cursor = "";
  const draw = () => {
    fill(list, transactionTable([...newest, ...older.filter((o) => !newest.some((n) => n.transactionId === o.transactionId))], { withPoint: false }));
    more.hidden = cursor === "";
  };
  const reading = refreshing(15, async (signal) => {
    const page = await get(of(id, "/transactions?limit=50"), { signal });
    newest = page.transactions;
    if (older.length === 0) cursor = page.nextCursor ?? "";
    draw();
  }, source());
  async function readMore() {
    const page = await get(of(id, `/transactions?limit=50&cursor=${encodeURIComponent(cursor)}`));
    older.push(...page.transactions);
    cursor = page.nextCursor ?? "";
    draw();
  }
  fill(root, el("section", { class: "card" }, list, more));
  return reading;
}
