// Charge points of OCPP 2.0.1 and 2.1 in the console: those of the fleet.
import assert from "node:assert/strict";
import { test } from "node:test";
import { call, eventually, open } from "./harness.mjs";

const versions = { "ocpp1.6": "FLEET-0001", "ocpp2.0.1": "FLEET-0002", "ocpp2.1": "FLEET-0003" };

// A fleet loses connections; what is commanded waits for the next one, and the test does, too.
const online = (id) => eventually(async () => (await call("GET", `/charge-points/${id}`)).connected, `${id} is offline`, 60000);

for (const [protocol, id] of Object.entries(versions)) {
  test(`every action of ${protocol} has a form`, async () => {
    const { actions } = await call("GET", `/schemas/${protocol}`);
    const commands = actions.filter(({ sentBy }) => sentBy !== "chargePoint").map(({ action }) => action);
    const page = await open(`#/charge-points/${id}/commands`);
    const choose = page.getByLabel("What to command");
    await choose.locator("optgroup").nth(1).waitFor({ state: "attached" });
    for (const action of commands) {
      await choose.selectOption(`action ${action}`);
      await page.getByRole("heading", { name: action, exact: true }).waitFor();
    }
    assert.ok(commands.length >= 25, `${commands.length} actions`);
    assert.deepEqual(page.faults, []);
  });
}

test("a charge point of 2.1 is commanded by a form with parts, and its device model is changed", async () => {
  const id = versions["ocpp2.1"];
  await online(id);
  const page = await open(`#/charge-points/${id}/commands`);
  await page.getByLabel("What to command").selectOption("action GetVariables");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByRole("alert").filter({ hasText: /getVariableData.*name is missing/ }).waitFor();
  const names = page.getByLabel(/^name/);
  await names.nth(0).fill("OCPPCommCtrlr");
  await names.nth(1).fill("HeartbeatInterval");
  await page.getByRole("button", { name: "Send" }).click();
  await page.locator(".fates [data-state=accepted]").waitFor();
  await page.locator(".fates summary").first().click();
  await page.locator(".fates").getByText('"attributeStatus": "Accepted"').waitFor();

  await page.getByRole("link", { name: "Variables" }).click();
  await page.getByRole("button", { name: "Ask for all" }).click();
  await page.getByRole("button", { name: "Change SampledDataCtrlr · TxUpdatedInterval" }).click();
  await page.getByRole("dialog").getByLabel("Value").fill("60");
  await page.getByRole("dialog").getByRole("button", { name: "Change" }).click();
  await page.getByText("TxUpdatedInterval: the charge point agreed").waitFor();
  assert.deepEqual(page.faults, []);
});

test("a transaction of 2.x is shown with power, energy and state of charge", async () => {
  let found;
  await eventually(async () => {
    const days = [new Date(), new Date(Date.now() - 86400000)].map((date) => date.toISOString().slice(0, 10));
    const all = (await Promise.all(days.map((day) => call("GET", `/transactions?day=${day}&limit=200`)))).flatMap((page) => page.transactions);
    found = all.find((t) => t.protocol !== "ocpp1.6" && t.stateOfChargePercent !== undefined && t.durationSeconds > 900);
    return found;
  }, "no car of 2.x has charged at a DC charger", 70000);
  const page = await open(`#/transactions/${found.chargePointId}/${encodeURIComponent(found.transactionId)}`);
  for (const title of ["Power", "Energy", "State of charge"]) {
    const chart = page.locator("figure.chart", { hasText: title });
    await chart.locator("canvas").waitFor();
    assert.ok(Number(await chart.getAttribute("data-points")) >= 2, title);
  }
  assert.deepEqual(page.faults, []);
});

test("a transaction of 2.0.1 is started and stopped from the page", async () => {
  const id = versions["ocpp2.0.1"];
  await online(id);
  const { connectors } = await call("GET", `/charge-points/${id}/connectors`);
  const page = await open(`#/charge-points/${id}`);
  if (connectors.every((connector) => connector.transactionId)) await page.getByRole("button", { name: "Stop" }).first().click(); // all are occupied
  await page.getByRole("button", { name: "Start" }).first().click();
  await page.getByText("RequestStartTransaction: the charge point agreed").waitFor();
  await page.getByRole("button", { name: "Stop" }).first().click();
  await page.getByText("RequestStopTransaction: the charge point agreed").first().waitFor();
  assert.deepEqual(page.faults, []);
});

test("the ends of a charge point's connections are listed", async () => {
  let left;
  await eventually(async () => {
    for (let i = 1; i <= 12 && !left; i++) {
      const id = `FLEET-${String(i).padStart(4, "0")}`;
      const { reports } = await call("GET", `/charge-points/${id}/reports/disconnect`);
      if (reports.length > 0) left = id;
    }
    return left;
  }, "none of the fleet has lost its connection", 60000);
  const page = await open(`#/charge-points/${left}`);
  await page.getByRole("region", { name: "Ends of its connections" }).getByRole("cell", { name: /^1\d\d\d$/ }).first().waitFor();
  assert.deepEqual(page.faults, []);
});
