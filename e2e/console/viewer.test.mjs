// Signing in at an issuer of tokens, and what those may do who were only allowed to look.
import assert from "node:assert/strict";
import { test } from "node:test";
import { GUARDED_HTTP_API, ISSUER, open } from "./harness.mjs";

const grant = (scopes) => fetch(`${ISSUER}/grant/${scopes}`, { method: "PUT" });
const guarded = { base: GUARDED_HTTP_API };

test("an operator signs in, a viewer can look and not command", async () => {
  await grant("openid ocpp/read ocpp/operate");
  const operator = await open("#/charge-points", guarded);
  await operator.getByRole("button", { name: "Register one" }).click();
  await operator.getByLabel("Name").fill("GUARDED");
  await operator.getByLabel("Make a key for it").uncheck();
  await operator.getByRole("button", { name: "Register", exact: true }).click();
  await operator.getByRole("heading", { name: "GUARDED" }).waitFor();
  assert.equal(new URL(operator.url()).search, "", "the code stays in the address");
  assert.deepEqual(operator.faults, []);

  await grant("openid ocpp/read");
  const viewer = await open("#/charge-points/GUARDED", guarded);
  await viewer.getByText("view only").waitFor();
  await viewer.getByText("offline").first().waitFor();
  for (const name of ["Registration", "New key", "Delete"]) assert.equal(await viewer.getByRole("button", { name }).count(), 0, `${name} is shown to a viewer`);
  // The API refuses what the page does not show.
  const refused = await viewer.evaluate(async () => {
    const { send } = await import(document.querySelector("script[type=module]").src.replace("main.js", "api.js"));
    return send("PUT", "/charge-points/GUARDED/registration", { registration: "Rejected" }).then(() => "done", (error) => `${error.status} ${error.message}`);
  });
  assert.match(refused, /^403 .*scope ocpp\/operate/);
  await viewer.reload();
  await viewer.getByText("view only").waitFor(); // the token is kept in the tab
});

test("without a token the API answers nothing, and the console's files say nothing", async () => {
  assert.equal((await fetch(`${GUARDED_HTTP_API}/charge-points`)).status, 401);
  const page = await fetch(`${GUARDED_HTTP_API}/console`);
  const policy = page.headers.get("content-security-policy");
  assert.match(policy, /default-src 'none'/);
  assert.ok(policy.includes(`connect-src 'self' ${new URL(ISSUER).origin};`), policy);
  assert.doesNotMatch(policy, /unsafe|\*/);
});

test("a stack that takes signatures says how to let people sign in", async () => {
  const forbidden = (page) => page.route(/\/health$/, (route) => route.fulfill({ status: 403, json: { message: "Forbidden" } })); // as API Gateway says it
  const page = await open("", { prepare: forbidden, starts: false });
  await page.getByRole("heading", { name: "This stack has no sign-in for people" }).waitFor();
  await page.getByText("--context consoleClientId").waitFor();
});

test("a console that cannot ask the issuer says why", async () => {
  const broken = (page) => page.route(/config\.json$/, (route) => route.fulfill({ json: { authorization: "jwt", problem: "The issuer does not say where people sign in." } }));
  const page = await open("", { prepare: broken, starts: false });
  await page.getByRole("alert").filter({ hasText: "does not say where people sign in" }).waitFor();
});

test("a token that has ended leads to the issuer, and back to the same page", async () => {
  await grant("openid ocpp/read");
  const page = await open("#/tokens", guarded);
  await page.evaluate(() => sessionStorage.setItem("ocpp-console-token", JSON.stringify({ token: "ended", expires: Date.now() + 60000, scopes: [] })));
  const signedIn = page.waitForRequest(/\/token$/);
  await page.reload();
  await signedIn;
  await page.getByRole("heading", { name: "Id tokens" }).waitFor();
});
