// One campaign: how far it is, and what became of its members.
import { get, send } from "../api.js";
import { mayOperate } from "../auth.js";
import { shares } from "../chart.js";
import { ask, el, facts, fill, table } from "../dom.js";
import { count, pretty, time } from "../format.js";
import { problemLine } from "../problems.js";
import { refreshing } from "../refresh.js";

const moods = { accepted: "connected", planned: "connected", toOrder: "offline", queued: "waiting", sent: "waiting", ordering: "waiting", cancelled: "offline", expired: "offline" };

export function campaignPage(root, id) {
  const problem = problemLine();
  const head = el("div", {});
  const list = el("div", {});
  const state = el("select", { "aria-label": "State", onchange: () => reading.now() }, el("option", { value: "" }, "all members"));
  const path = `/campaigns/${encodeURIComponent(id)}`;
  const reading = refreshing(10, async (signal) => {
    const campaign = await get(path, { signal });
    const { members, nextCursor } = await get(`${path}/members?limit=200${state.value && `&state=${encodeURIComponent(state.value)}`}`, { signal });
    fill(head, progress(campaign, reading));
    if (state.options.length === 1) state.append(...Object.keys(campaign.totals).map((word) => el("option", {}, word)));
    fill(list, table("Members", ["Charge point", "State", "Why", "Ordered"], members.map((m) => [
      el("a", { href: `#/charge-points/${encodeURIComponent(m.chargePointId)}/commands` }, m.chargePointId),
      el("span", { class: `state ${moods[m.state] ?? "faulted"}` }, m.state), m.error ?? "", time(m.orderedAt),
    ]), "None."), nextCursor ? el("p", { class: "quiet" }, "The first 200 are shown.") : null);
    return campaign.phase === "finished" ? 300 : 10;
  }, problem.source());
  fill(root, el("h2", {}, "Campaign"), problem.element, head, el("section", { class: "card" }, el("div", { class: "filters" }, state), list));
  return reading;
}

function progress(c, reading) {
  const totals = Object.entries(c.totals).filter(([, number]) => number > 0);
  return el("div", { class: "card" }, el("h3", {}, c.name || c.campaignId, c.dryRun ? " (dry run)" : ""),
    el("p", {}, el("span", { class: `state ${c.phase === "finished" ? "offline" : "charging"}` }, c.phase), ` ${count(c.members)} members: ${totals.map(([word, number]) => `${count(number)} ${word}`).join(", ")}`),
    shares("Members", totals.map(([name, number]) => ({ name, count: number, kind: moods[name] ?? "faulted" }))),
    facts([["What", c.operation ?? c.action], ["Created", time(c.createdAt)], ["Ordered a minute", c.orderedPerMinute && count(c.orderedPerMinute)], ["Estimated end", c.phase !== "finished" && time(c.estimatedEnd)],
      ["Stopped", time(c.stoppedAt)], ["Finished", time(c.finishedAt)], ["Problem", c.problem], ["Body", el("code", {}, pretty(c.request ?? c.payload ?? {}))]]),
    (c.failures ?? []).length > 0 ? table("Why members failed", ["Code", "How many", "For example"], c.failures.map((f) => [f.code, count(f.count), f.example])) : null,
    c.phase !== "finished" && !c.stoppedAt && mayOperate() ? el("button", { type: "button", class: "danger", onclick: () =>
      ask("Stop the campaign?", el("p", {}, "Nobody is ordered any more, and commands that wait are cancelled. What was sent runs out."), "Stop it", async () => {
        await send("DELETE", `/campaigns/${encodeURIComponent(c.campaignId)}`);
        reading.now();
      }) }, "Stop") : null);
}
