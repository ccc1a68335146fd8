// A browser, and charge points that do as they are told.
import { mkdirSync } from "node:fs";
import { after } from "node:test";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { chromium } = require("playwright-core");
const { RPCClient } = require("ocpp-rpc");

export const { HTTP_API, CHARGE_POINTS, GUARDED_HTTP_API, ISSUER } = process.env;

const browser = await chromium.launch({ executablePath: process.env.BROWSER, args: ["--no-sandbox"] });
after(() => browser.close());

/** Opens the console. Whatever a script of the page fails at, or the policy of the page forbids, is in page.faults.
 * starts false: the page cannot begin, and says why. */
export async function open(path = "", { base = HTTP_API, prepare = async () => {}, starts = true, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB", timezoneId: "UTC", reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(20000);
  page.faults = [];
  page.on("pageerror", (error) => page.faults.push(error.stack ?? error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && !/the server responded with a status of 4\d\d/.test(message.text())) page.faults.push(message.text());
  });
  await prepare(page);
  await page.goto(`${base}/console${path}`);
  if (!starts) return page;
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link").first().waitFor();
  return page;
}

const pictures = new URL("../../docs/pictures/", import.meta.url);
mkdirSync(pictures, { recursive: true });

/** Leaves a picture of a page for the documents. */
export const picture = (page, name, { fullPage = false } = {}) => page.screenshot({ path: new URL(`${name}.png`, pictures).pathname, scale: "css", fullPage });

/** Addresses of one page of each kind, with a charge point that has charged. */
export async function everyPage(id) {
  const { transactions: [transaction] } = await call("GET", `/charge-points/${id}/transactions`);
  return ["#/", "#/charge-points", ...["", "/transactions", "/variables", "/commands", "/messages"].map((tab) => `#/charge-points/${id}${tab}`),
    "#/transactions", `#/transactions/${id}/${transaction.transactionId}`, "#/tokens", "#/campaigns"];
}

/** Calls the HTTP API, which must agree. */
export async function call(method, path, body, headers = {}) {
  const response = await fetch(HTTP_API + path, { method, headers: { ...headers, ...(body && { "Content-Type": "application/json" }) }, body: body && JSON.stringify(body) });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.status === 204 ? undefined : response.json();
}

/** Repeats a check until it is true. */
export async function eventually(check, what, patience = 20000) {
  const end = Date.now() + patience;
  while (!(await check())) {
    if (Date.now() > end) throw new Error(`after ${patience / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** A charge point of OCPP 1.6 that boots, and answers commands by handlers; it agrees to what it has no handler for. */
export async function chargePoint(identity, { boot = {}, handlers = {} } = {}) {
  const client = new RPCClient({ endpoint: CHARGE_POINTS, identity, protocols: ["ocpp1.6"], strictMode: false, reconnect: false });
  client.handle(({ method, params }) => handlers[method]?.(params) ?? { status: "Accepted" });
  await client.connect();
  await client.call("BootNotification", { chargePointVendor: "ACME", chargePointModel: "X1", firmwareVersion: "1.2.3", ...boot });
  await client.call("StatusNotification", { connectorId: 1, errorCode: "NoError", status: "Available" });
  after(() => client.close({ awaitPending: false, force: true }));
  return client;
}

/** Charges a car on connector 1, with readings a minute apart that end now. Returns what goes on with it. */
export async function charging(client, { idTag = "04AABBCC", minutes = 12 } = {}) {
  const began = Date.now() - minutes * 60000;
  const { transactionId } = await client.call("StartTransaction", { connectorId: 1, idTag, meterStart: 1000, timestamp: new Date(began).toISOString() });
  await client.call("StatusNotification", { connectorId: 1, errorCode: "NoError", status: "Charging" });
  let meter = 1000;
  let told = 0;
  const read = async () => {
    const watts = 7000 + 350 * Math.sin(told / 2) - 40 * told;
    meter += watts / 60;
    await client.call("MeterValues", { connectorId: 1, transactionId, meterValue: [{ timestamp: new Date(began + ++told * 60000).toISOString(), sampledValue: [
      { value: meter.toFixed(0), measurand: "Energy.Active.Import.Register", unit: "Wh" }, { value: watts.toFixed(0), measurand: "Power.Active.Import", unit: "W" },
      { value: String(20 + 2 * told), measurand: "SoC", unit: "Percent", location: "EV" },
    ] }] });
  };
  for (let i = 0; i < minutes - 2; i++) await read();
  const stop = async (reason = "Remote") => {
    await client.call("StopTransaction", { transactionId, meterStop: Math.round(meter), timestamp: new Date().toISOString(), reason });
    await client.call("StatusNotification", { connectorId: 1, errorCode: "NoError", status: "Available" });
  };
  return { transactionId: String(transactionId), read, stop };
}
