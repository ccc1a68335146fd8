// The console works for everybody: contrast and names for those who see little or nothing, and keys for those who use no mouse.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { call, chargePoint, charging, everyPage, open, HTTP_API } from "./harness.mjs";

const axe = createRequire(import.meta.url)("axe-core");

test("axe finds nothing against any page, in the light and in the dark", async () => {
  await call("POST", "/charge-points", { chargePointId: "SEEN" });
  const point = await chargePoint("SEEN");
  await charging(point, { idTag: "04112233" });
  await point.call("StatusNotification", { connectorId: 2, errorCode: "GroundFailure", status: "Faulted" });
  const found = [];
  for (const colorScheme of ["light", "dark"]) {
    const page = await open("", { colorScheme });
    await page.evaluate(axe.source);
    for (const path of await everyPage("SEEN")) {
      await page.goto(`${HTTP_API}/console${path}`);
      await page.waitForTimeout(800); // what it shows first
      if (path.endsWith("/commands")) await page.getByLabel("What to command").selectOption("action SetChargingProfile");
      found.push(...await violations(page, `${path} in the ${colorScheme}`));
    }
    await page.goto(`${HTTP_API}/console#/charge-points`);
    await page.getByRole("button", { name: "Register one" }).click();
    found.push(...await violations(page, `a dialog in the ${colorScheme}`));
    assert.deepEqual(page.faults, []);
  }
  assert.deepEqual(found, []);
});

// What axe has against a page as it is now, in words.
async function violations(page, what) {
  const { violations } = await page.evaluate(() => globalThis.axe.run({ resultTypes: ["violations"] }));
  return violations.map((v) => `${what}: ${v.id}: ${v.nodes.slice(0, 3).map((node) => `${node.target} ${node.failureSummary}`).join("; ")}`);
}

test("a charge point is registered and commanded by keys alone", async () => {
  const page = await open();
  const focused = () => page.evaluate(() => document.activeElement.getAttribute("aria-label") || document.activeElement.textContent);
  const tabTo = async (name) => {
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press("Tab");
      if ((await focused()) === name) return;
    }
    assert.fail(`no key leads to ${name}`);
  };
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "Skip to the content");
  await tabTo("Charge points");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Charge points" }).waitFor();
  await tabTo("Register one");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.equal(await focused(), "Register one", "the focus is lost with the dialog");
  await page.keyboard.press("Enter");
  await page.keyboard.type("BY-KEYS");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "The key of BY-KEYS" }).waitFor();
  await tabTo("Go to the charge point");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "BY-KEYS" }).waitFor();
  await page.getByText("offline").first().waitFor();
  await tabTo("Registration");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "Registration" }).waitFor();
  await page.keyboard.press("ArrowDown"); // the choice has the focus
  await tabTo("Save");
  await page.keyboard.press("Enter");
  await page.getByText("BY-KEYS is Pending.").waitFor();
  assert.deepEqual(page.faults, []);
});
