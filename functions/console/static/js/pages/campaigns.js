// Orders to many charge points at once.
import { get, send } from "../api.js";
import { mayOperate } from "../auth.js";
import { ask, el, field, fill, notice, table } from "../dom.js";
import { json } from "../form.js";
import { time } from "../format.js";
import { problemLine } from "../problems.js";
import { refreshing } from "../refresh.js";

export function campaignsPage(root) {
  const problem = problemLine();
  const list = el("div", {});
  const reading = refreshing(30, async (signal) => {
    const { campaigns } = await get("/campaigns?limit=100", { signal });
    fill(list, table("Campaigns", ["Campaign", "Phase", "What", "Created", "Finished"], campaigns.map((c) => [
      el("a", { href: `#/campaigns/${encodeURIComponent(c.campaignId)}` }, c.name || c.campaignId),
      el("span", { class: `state ${c.phase === "finished" ? "offline" : "charging"}` }, c.phase), `${c.operation ?? c.action}${c.dryRun ? " (dry run)" : ""}`, time(c.createdAt), time(c.finishedAt),
    ]), "There were none in the last 90 days."));
  }, problem.source());
  fill(root, el("div", { class: "heading" }, el("h2", {}, "Campaigns"), mayOperate() ? el("button", { class: "primary", type: "button", onclick: () => create() }, "New one") : null), problem.element, list);
  return reading;
}

async function create() {
  let kinds;
  try {
    const { paths } = await get("/openapi.json");
    kinds = Object.entries(paths).filter(([path, item]) => path.startsWith("/charge-points/{id}/") && item.post?.tags.includes("Operations"))
      .map(([path, item]) => ({ name: path.replace("/charge-points/{id}/", ""), summary: item.post.summary, example: item.post.requestBody?.content["application/json"].example }));
  } catch (error) {
    notice(error.message, "bad");
    return;
  }
  const name = el("input", { maxlength: 100, autocomplete: "off" });
  const operation = el("select", { onchange: () => { request.element.value = JSON.stringify(kinds[operation.selectedIndex].example ?? {}, null, 2); } },
    kinds.map((kind) => el("option", { value: kind.name }, `${kind.summary} (${kind.name})`)));
  const request = json("request", JSON.stringify(kinds[0].example ?? {}, null, 2));
  const ids = el("textarea", { rows: 3, placeholder: "CP001 CP002 …" });
  const where = Object.fromEntries(["vendorName", "model", "firmwareVersion"].map((member) => [member, el("input", { autocomplete: "off" })]));
  const protocol = el("select", {}, ["", "ocpp1.6", "ocpp2.0.1", "ocpp2.1"].map((word) => el("option", { value: word }, word || "any")));
  const rate = el("input", { type: "number", min: 1, max: 6000, value: 60 });
  const dry = el("input", { type: "checkbox", checked: true });
  ask("New campaign", [
    field("Name", name), field("What", operation), field("Its body, as JSON", request.element),
    field("Charge points", ids, "names with spaces between them; left empty: all that fit the following"),
    el("div", { class: "object" }, field("Vendor", where.vendorName), field("Model", where.model), field("Firmware", where.firmwareVersion), field("Version", protocol)),
    field("Charge points a minute", rate), el("label", { class: "check" }, dry, " Rehearse only: nothing is sent, and you learn who would fail, and why"),
  ], "Start", async () => {
    const body = { name: name.value, operation: operation.value, request: request.value() ?? {}, perMinute: Number(rate.value), dryRun: dry.checked };
    const listed = ids.value.split(/[\s,]+/).filter(Boolean);
    if (listed.length > 0) body.chargePointIds = listed;
    else body.where = Object.fromEntries([...Object.entries(where).map(([member, input]) => [member, input.value]), ["protocol", protocol.value]].filter(([, value]) => value));
    const made = await send("POST", "/campaigns", body);
    location.hash = `#/campaigns/${encodeURIComponent(made.campaignId)}`;
  });
}
