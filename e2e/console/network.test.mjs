// What the page does while the network is slow, the API refuses, and nobody reloads it for an hour.
import assert from "node:assert/strict";
import { test } from "node:test";
import { call, chargePoint, eventually, open, HTTP_API } from "./harness.mjs";

const api = (url) => url.href.startsWith(HTTP_API) && !url.pathname.startsWith("/console");

test("a slow network is told, and waited for", async () => {
  const page = await open("#/tokens");
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.emulateNetworkConditions", { offline: false, latency: 2000, downloadThroughput: 50000, uploadThroughput: 50000 });
  await page.getByRole("link", { name: "Overview" }).click();
  await page.getByText("Reading …").waitFor();
  await page.getByText(/^As of/).waitFor();
  assert.deepEqual(page.faults, []);
});

test("a refusal is told in words, what was read stays, and the page recovers", async () => {
  const page = await open();
  await page.getByText(/^As of/).waitFor();
  const shown = await page.locator("[data-tile=Connected]").innerText();
  let answer;
  let asked = 0;
  await page.route(api, (route) => { asked++; return answer ? answer(route) : route.continue(); });
  for (const [told, reply] of [
    ["its caller is not authorized", (route) => route.fulfill({ status: 403, json: { message: "Forbidden" } })], // as API Gateway says it
    ["too many calls", (route) => route.fulfill({ status: 429, json: { message: "Too Many Requests" } })],
    ["with something that is no JSON", (route) => route.fulfill({ status: 502, contentType: "text/html", body: "<h1>Bad Gateway</h1>" })],
    ["cannot be reached", (route) => route.abort("internetdisconnected")],
  ]) {
    answer = reply;
    await page.getByRole("button", { name: "Read again" }).click();
    await page.getByRole("alert").filter({ hasText: told }).waitFor();
    assert.match(await page.getByRole("alert").innerText(), /The next try is in \d+ s\./);
    assert.equal(await page.locator("[data-tile=Connected]").innerText(), shown, "what was read is gone");
  }
  const before = asked;
  await page.waitForTimeout(3000);
  assert.equal(asked, before, "it asks on and on");
  answer = undefined;
  await page.getByRole("button", { name: "Read again" }).click();
  await page.getByRole("alert").waitFor({ state: "hidden" });
  page.faults = page.faults.filter((fault) => !/502|ERR_INTERNET_DISCONNECTED/.test(fault)); // what Chromium itself says about them
  assert.deepEqual(page.faults, []);
});

test("a page that cannot begin says why, and tries again when it is told to", async () => {
  let busy = true;
  const page = await open("#/tokens", { starts: false, prepare: (page) => page.route(/\/health$/, (route) => (busy ? route.fulfill({ status: 503, json: { message: "Service Unavailable" } }) : route.continue())) });
  await page.getByRole("alert").filter({ hasText: "busy" }).waitFor();
  busy = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("heading", { name: "Id tokens" }).waitFor();
});

test("a command that is refused is explained where it was given", async () => {
  await call("POST", "/charge-points", { chargePointId: "REFUSING" });
  const page = await open("#/charge-points/REFUSING");
  await page.getByRole("button", { name: "Registration" }).click();
  await page.route(/\/registration$/, (route) => route.fulfill({ status: 403, contentType: "application/problem+json", json: { status: 403, detail: "the token does not have the scope ocpp/operate" } }));
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await page.getByRole("dialog").getByRole("alert").filter({ hasText: "ocpp/operate" }).waitFor();
});

// The costs in docs/console.md rest on these counts.
for (const [path, most] of [["", 480], ["#/charge-points", 360], ["#/charge-points/FLEET-0002", 660], ["#/transactions", 60]]) {
  test(`an hour on ${path || "the overview"} takes at most ${most} calls, and no more memory at its end`, async () => {
    let asked = 0;
    const page = await open(path, { prepare: async (page) => {
      await page.clock.install();
      page.on("request", (request) => { if (api(new URL(request.url()))) asked++; });
    } });
    const devtools = await page.context().newCDPSession(page);
    const size = async () => {
      await devtools.send("HeapProfiler.collectGarbage");
      const { usedSize } = await devtools.send("Runtime.getHeapUsage");
      return { heap: usedSize, elements: await page.evaluate(() => document.querySelectorAll("*").length) };
    };
    const minutes = async (count) => {
      for (let i = 0; i < count * 12; i++) {
        await page.clock.runFor(5000);
        await page.waitForLoadState("networkidle");
      }
    };
    await minutes(10);
    const early = await size();
    await minutes(50);
    const late = await size();
    assert.ok(asked <= most * 1.02 && asked > most / 10, `${asked} calls`);
    assert.ok(late.heap < early.heap + 3e6, `the heap grew from ${early.heap} to ${late.heap} bytes`);
    assert.ok(late.elements < early.elements * 1.5 + 100, `there were ${early.elements} elements, there are ${late.elements}`);
    assert.deepEqual(page.faults, []);
  });
}

test("what fails in the whole fleet is on the overview", async () => {
  await assert.rejects(chargePoint("NOBODY"), /Not Found/);
  const refused = await call("POST", "/charge-points/FLEET-0002/commands", { action: "UnpublishFirmware", payload: { checksum: "00" } }, { Prefer: "wait=20" });
  assert.equal(refused.state, "rejected");
  const page = await open("", { prepare: (page) => page.route(/\/overview$/, async (route) => { // with dead letters, which nothing here leaves
    const response = await route.fetch();
    const told = await response.json();
    told.deadLetters[0].messages = 3;
    await route.fulfill({ json: told });
  }) });
  await page.getByRole("row", { name: /^Dead letters 3 in AwsOcppGatewayStack-DeadLetterQueueFor/ }).waitFor();
  await eventually(async () => {
    await page.getByRole("button", { name: "Read again" }).click();
    return (await page.getByRole("row", { name: /Refused connection NOBODY 404/ }).count()) > 0 && (await page.getByRole("row", { name: /Failed command FLEET-0002 UnpublishFirmware/ }).count()) > 0;
  }, "the overview tells of neither", 15000);
});
