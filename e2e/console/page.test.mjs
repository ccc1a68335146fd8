// The page itself: what charge points say does nothing to it, it costs nothing unseen, and it works for everybody.
import assert from "node:assert/strict";
import { test } from "node:test";
import { call, chargePoint, charging, eventually, everyPage, open, picture, HTTP_API } from "./harness.mjs";

const hostile = "<img src=x onerror=alert(1)>";

test("the overview shows the fleet, in the light, in the dark and on a phone", async () => {
  await Promise.all(["A", "B", "C"].map(async (letter, i) => {
    await call("POST", "/charge-points", { chargePointId: `GARAGE-${letter}` });
    await charging(await chargePoint(`GARAGE-${letter}`, { boot: { chargePointModel: `Wallbox ${i}` } }), { idTag: "04DDEEFF", minutes: 20 + 30 * i });
  }));
  await call("POST", "/charge-points", { chargePointId: "GARAGE-D" });
  const faulted = await chargePoint("GARAGE-D");
  await faulted.call("StatusNotification", { connectorId: 1, errorCode: "HighTemperature", status: "Faulted", info: "fan" });
  const page = await open();
  await eventually(async () => Number(await page.locator("[data-tile=Charging] strong").innerText()) >= 3, "three charge");
  await eventually(async () => (await page.locator("[data-tile='Power now'] strong").innerText()) !== "0 W", "there is power");
  await page.getByRole("row", { name: /^Fault GARAGE-D/ }).waitFor();
  await page.locator("[data-tile=Messages]").waitFor();
  await picture(page, "console-overview", { fullPage: true });
  const dark = await open("", { colorScheme: "dark" });
  await dark.getByRole("row", { name: /^Fault GARAGE-D/ }).waitFor();
  await picture(dark, "console-overview-dark", { fullPage: true });
  const phone = await open("", { viewport: { width: 360, height: 780 } });
  await phone.getByRole("row", { name: /^Fault GARAGE-D/ }).waitFor();
  await picture(phone, "console-phone");
  for (const path of await everyPage("GARAGE-A")) {
    await phone.goto(`${HTTP_API}/console${path}`);
    await phone.waitForTimeout(700);
    assert.ok(await phone.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${path} is wider than a phone`);
  }
  assert.deepEqual([...page.faults, ...dark.faults, ...phone.faults], []);
});

test("what a charge point says is text", async () => {
  await call("POST", "/charge-points", { chargePointId: "HOSTILE" });
  const point = await chargePoint("HOSTILE", { boot: { chargePointVendor: "<b>ACME</b>", chargePointModel: "<script>x()", firmwareVersion: hostile } });
  await point.call("StatusNotification", { connectorId: 1, errorCode: "GroundFailure", status: "Faulted", info: hostile, vendorErrorCode: "\"><svg onload=x>" });
  const page = await open();
  page.on("dialog", () => page.faults.push("a script ran"));
  for (const path of ["#/", "#/charge-points", "#/charge-points/HOSTILE", "#/charge-points/HOSTILE/messages", `#/charge-points/${encodeURIComponent(hostile)}`, `#/${hostile}`]) {
    await page.goto(`${HTTP_API}/console${path}`);
    await page.locator("#content").getByText(path.includes("HOSTILE") || path === "#/charge-points" ? "HOSTILE" : /./).first().waitFor();
    await page.waitForTimeout(500);
    assert.equal(await page.locator("#content img, #content script, #content svg, #content table b").count(), 0, path);
  }
  await page.goto(`${HTTP_API}/console#/charge-points/HOSTILE`);
  await page.getByText(hostile).first().waitFor();
  assert.deepEqual(page.faults, []);
});

test("ten thousand charge points are listed by the few that can be seen", async () => {
  const page = await open("#/tokens"); // the page is there, and asks for the fleet only when it is shown
  const points = Array.from({ length: 10000 }, (_, i) => ({ chargePointId: `CP${String(i).padStart(5, "0")}`, registration: "Accepted", connected: i % 3 !== 0, protocol: "ocpp1.6", hasKey: true, lastSeenAt: new Date().toISOString(), boot: { vendorName: "ACME", model: `X${i % 7}` } }));
  let asked = 0;
  await page.route(/\/charge-points\?/, (route) => {
    asked++;
    const from = Number(new URL(route.request().url()).searchParams.get("cursor") ?? 0);
    const next = from + 200 < points.length ? String(from + 200) : undefined;
    return route.fulfill({ json: { chargePoints: points.slice(from, from + 200), nextCursor: next } });
  });
  await page.getByRole("link", { name: "Charge points", exact: true }).click();
  await page.getByText("10,000 of 10,000 charge points").waitFor({ timeout: 60000 }); // the test answers fifty calls, one after the other
  assert.equal(asked, 50);
  assert.ok((await page.locator(".rows .row").count()) < 60, "only what can be seen is there");
  const began = Date.now();
  await page.getByLabel("Search").fill("CP09999");
  await page.getByText("1 of 10,000 charge points").waitFor();
  await page.getByRole("link", { name: "CP09999" }).waitFor();
  assert.ok(Date.now() - began < 5000, "the search is slow");
  await page.getByLabel("Search").fill("");
  await page.locator(".view").evaluate((view) => { view.scrollTop = view.scrollHeight; });
  await page.getByRole("link", { name: "CP09999" }).waitFor();
  await page.waitForTimeout(3000);
  assert.equal(asked, 50, "it is not read again at once");
  await picture(page, "console-charge-points");
  assert.deepEqual(page.faults, []);
});

test("an error of the API is told, and the page goes on; a hidden page asks for nothing", async () => {
  const page = await open("#/tokens");
  await page.getByRole("heading", { name: "Id tokens" }).waitFor();
  let broken = true;
  let asked = 0;
  await page.route(/\/charge-points\/GARAGE-A/, (route) => {
    asked++;
    return broken ? route.fulfill({ status: 500, contentType: "application/problem+json", json: { status: 500, detail: "the request failed inside the system" } }) : route.continue();
  });
  await page.goto(`${HTTP_API}/console#/charge-points/GARAGE-A`);
  await page.getByText("the request failed inside the system The next try is in").waitFor();
  broken = false;
  await page.getByText("Last boot").waitFor({ timeout: 60000 });
  await page.getByText("the request failed inside the system").waitFor({ state: "hidden" });

  await page.evaluate(() => {
    Object.defineProperty(document, "hidden", { value: true, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await page.waitForTimeout(1000); // what was on its way
  const before = asked;
  await page.waitForTimeout(17000);
  assert.equal(asked, before, "it goes on asking");
  await page.evaluate(() => {
    Object.defineProperty(document, "hidden", { value: false, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await eventually(() => asked > before, "it asks again when it is seen");
});

test("answers that have not changed are not sent again", async () => {
  const page = await open("#/tokens");
  const statuses = [];
  page.on("response", (response) => { if (response.url().includes("/tokens?")) statuses.push(response.status()); });
  await page.getByRole("link", { name: "Campaigns" }).click();
  await page.getByRole("link", { name: "Id tokens" }).click();
  await eventually(() => statuses.length > 0, "nothing is asked");
  assert.equal(statuses[0], 304);
});
