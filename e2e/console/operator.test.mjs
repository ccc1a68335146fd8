// What an operator does in the console, from a new charge point to the end of its first transaction.
import assert from "node:assert/strict";
import { test } from "node:test";
import { call, chargePoint, charging, eventually, open, picture } from "./harness.mjs";

test("an operator registers a charge point, sees it charge, and stops it", async () => {
  const page = await open();
  await page.getByRole("link", { name: "Charge points", exact: true }).click();
  await page.getByRole("button", { name: "Register one" }).click();

  // A wrong name is explained, and the dialog stays.
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("no good!");
  await dialog.getByRole("button", { name: "Register" }).click();
  await dialog.getByRole("alert").filter({ hasText: /./ }).waitFor();
  assert.match(await dialog.getByRole("alert").innerText(), /charge point|characters|name|id/i);

  await dialog.getByLabel("Name").fill("DEPOT-1");
  await dialog.getByRole("button", { name: "Register" }).click();
  const shown = page.getByRole("dialog", { name: "The key of DEPOT-1" });
  assert.match(await shown.locator("output").innerText(), /^[0-9a-f]{40}$/);
  await shown.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("link", { name: "DEPOT-1" }).click();
  await page.getByText("offline").first().waitFor();

  // The one with a key needs it; this one is let in by name alone.
  await call("POST", "/charge-points", { chargePointId: "DEPOT-2" });
  let current;
  const point = await chargePoint("DEPOT-2", { handlers: { RemoteStopTransaction: () => { setTimeout(() => current.stop(), 200); return { status: "Accepted" }; } } });
  current = await charging(point);
  await page.goto(page.url().replace("DEPOT-1", "DEPOT-2"));
  await page.getByRole("cell", { name: "Charging" }).waitFor();
  await picture(page, "console-charge-point");

  // Its charts grow as it charges.
  await page.getByRole("link", { name: current.transactionId }).click();
  const chart = page.locator("figure.chart", { hasText: "Power" });
  await chart.locator("canvas").waitFor();
  const before = Number(await chart.getAttribute("data-points"));
  assert.ok(before >= 2, `${before} values`);
  await current.read();
  await eventually(async () => Number(await chart.getAttribute("data-points")) > before, "the chart does not grow", 40000);
  assert.equal(await page.locator("figure.chart canvas").count(), 3, "power, meter and state of charge");
  await picture(page, "console-transaction");

  // It is stopped from here, and the page tells what became of that.
  await page.getByRole("button", { name: "Stop" }).click();
  await page.getByText("RemoteStopTransaction: the charge point agreed").waitFor();
  await page.getByText("Ended", { exact: true }).first().waitFor();
  await page.getByText("Remote", { exact: true }).waitFor();
  assert.deepEqual(page.faults, []);
});

test("an operator sends any action by its form, and sees its fate as it happens", async () => {
  await call("POST", "/charge-points", { chargePointId: "FORMS" });
  let asked;
  let answer;
  await chargePoint("FORMS", { handlers: {
    TriggerMessage: (payload) => { asked = payload; return new Promise((resolve) => { answer = () => resolve({ status: "NotImplemented" }); }); },
    ChangeConfiguration: () => ({ status: "Accepted" }),
    GetConfiguration: ({ key }) => ({ configurationKey: [{ key: key?.[0] ?? "HeartbeatInterval", readonly: false, value: "300" }] }),
  } });
  const page = await open("#/charge-points/FORMS/commands");
  await page.getByLabel("What to command").selectOption("action TriggerMessage");
  await page.getByRole("button", { name: "Send" }).click();
  assert.match(await page.locator("form").getByRole("alert").innerText(), /requestedMessage is missing/);

  await page.getByLabel(/requestedMessage/).selectOption("MeterValues");
  await page.getByLabel(/connectorId/).fill("one");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText('connectorId must be a number, not "one"').waitFor();
  await page.getByLabel(/connectorId/).fill("1");
  await page.getByRole("button", { name: "Send" }).click();
  await page.locator(".fates [data-state=sent]").waitFor();
  await eventually(() => answer, "the charge point is not asked");
  assert.deepEqual(asked, { requestedMessage: "MeterValues", connectorId: 1 });
  answer();
  await page.locator(".fates [data-state=rejected]").waitFor();
  await page.getByText("the charge point did not agree (NotImplemented)").first().waitFor();

  // An operation in words of all versions, with what the API says against it.
  await page.getByLabel("What to command").selectOption({ label: "Open the lock of a connector" });
  await page.getByLabel(/^connector/).fill("0");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText("a charge point as a whole has no lock").waitFor();
  await picture(page, "console-commands");

  // Configuration keys: asked for, shown, changed.
  await page.getByRole("link", { name: "Variables" }).click();
  await page.getByRole("button", { name: "Ask for all" }).click();
  await page.getByRole("button", { name: "Change HeartbeatInterval" }).click();
  await page.getByRole("dialog").getByLabel("Value").fill("240");
  await page.getByRole("dialog").getByRole("button", { name: "Change" }).click();
  await page.getByText("HeartbeatInterval: the charge point agreed").waitFor();

  await page.getByRole("link", { name: "Messages" }).click();
  await page.getByText("Charge point asks BootNotification").waitFor();
  await page.getByText("System asks TriggerMessage").waitFor();
  await picture(page, "console-messages");
  assert.deepEqual(page.faults, []);
});

test("tokens, campaigns and the transactions of a day", async () => {
  const page = await open("#/tokens");
  await page.getByRole("button", { name: "New one" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(/^Id token/).fill("04AABBCC");
  await dialog.getByLabel(/^Group/).fill("FLEET7");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByRole("row", { name: /^04AABBCC / }).getByRole("button", { name: "Block" }).click();
  await page.getByRole("row", { name: /^04AABBCC Blocked/ }).waitFor();

  await call("POST", "/charge-points", { chargePointId: "MEMBER" });
  const point = await chargePoint("MEMBER");
  await page.getByRole("link", { name: "Campaigns" }).click();
  await page.getByRole("button", { name: "New one" }).click();
  await dialog.getByLabel("Name", { exact: true }).fill("Clear caches");
  await dialog.getByLabel(/^What/).selectOption("clear-cache");
  await dialog.getByRole("textbox", { name: /^Charge points names/ }).fill("MEMBER NOBODY");
  await dialog.getByLabel(/Rehearse/).uncheck();
  await dialog.getByRole("button", { name: "Start" }).click();
  await page.getByRole("cell", { name: "MEMBER" }).waitFor();
  await page.locator("td", { hasText: "accepted" }).waitFor({ timeout: 40000 });
  await page.getByText("notFound").first().waitFor();

  const { stop } = await charging(point, { idTag: "=1+1" });
  await stop("Local");
  await page.getByRole("link", { name: "Transactions", exact: true }).click();
  await page.getByRole("cell", { name: "MEMBER" }).waitFor();
  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as CSV" }).click();
  const { readFile } = await import("node:fs/promises");
  const csv = await readFile(await (await saving).path(), "utf8");
  assert.match(csv, /^chargePointId,transactionId,/);
  assert.match(csv, /MEMBER,.*,'=1\+1,/); // a spreadsheet does not calculate it
  await picture(page, "console-transactions");
  assert.deepEqual(page.faults, []);
});
