// Calls of the HTTP API. Answers are remembered with their entity tags, so that what has not changed is not sent again.
import { bearer, signInAgain } from "./auth.js";

/** What the API, or the network, said against a call, in words. */
export class Problem extends Error {
  constructor(status, detail, code) {
    super(detail);
    this.status = status;
    this.code = code;
  }
}

const remembered = new Map(); // path -> {tag, body}, the one used longest ago first
const mostRemembered = 400; // a page of 200 charge points is about 100 KB

const longest = 40000; // ms: an HTTP API answers within 30 s, or never

/** Counts of calls since the page was opened, for the footer. */
export const calls = { all: 0, unchanged: 0, since: Date.now() };

/** Reads. Options: wait, in seconds, for the fate of a command; signal to give up. */
export async function get(path, { wait, signal } = {}) {
  const before = remembered.get(path);
  const headers = {};
  if (before) headers["If-None-Match"] = before.tag;
  if (wait) headers.Prefer = `wait=${wait}`;
  const response = await call("GET", path, headers, undefined, signal);
  if (response.status === 304) {
    calls.unchanged++;
    remembered.delete(path);
    remembered.set(path, before);
    return before.body;
  }
  const body = await bodyOf(response);
  const tag = response.headers.get("ETag");
  if (tag) {
    remembered.set(path, { tag, body });
    if (remembered.size > mostRemembered) remembered.delete(remembered.keys().next().value);
  }
  return body;
}

/** Writes. A POST carries a key that keeps a repetition from commanding twice. */
export async function send(method, path, body, { wait } = {}) {
  const headers = {};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (wait) headers.Prefer = `wait=${wait}`;
  if (method !== "PUT") headers["Idempotency-Key"] = `console-${crypto.randomUUID()}`;
  return bodyOf(await call(method, path, headers, body === undefined ? undefined : JSON.stringify(body)));
}

async function call(method, path, headers, body, signal) {
  calls.all++;
  const token = bearer();
  if (token) headers.Authorization = `Bearer ${token}`;
  const patience = AbortSignal.timeout(longest);
  try {
    return await fetch(path, { method, headers, body, signal: signal ? AbortSignal.any([signal, patience]) : patience, cache: "no-store", credentials: "omit", redirect: "error" });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    if (error.name === "TimeoutError") throw new Problem(0, `The HTTP API did not answer within ${longest / 1000} s.`);
    throw new Problem(0, "The HTTP API cannot be reached. Is this machine online, and the system running?");
  }
}

async function bodyOf(response) {
  const text = await response.text();
  let body;
  try {
    body = text === "" ? undefined : JSON.parse(text);
  } catch {
    throw new Problem(response.status, `The HTTP API answered ${response.status} with something that is no JSON.`);
  }
  if (response.ok) return body;
  if (response.status === 401) signInAgain();
  throw new Problem(response.status, body?.detail ?? words[response.status] ?? body?.message ?? `The HTTP API answered ${response.status}.`, body?.code);
}

// What API Gateway answers in place of the API has no detail.
const words = {
  401: "You are not signed in any more.",
  403: "The HTTP API refuses this call: its caller is not authorized.",
  429: "There are too many calls at this moment; the page tries again later.",
  503: "The HTTP API is busy; the page tries again later.",
};

/** Reads the pages of a list one after the other; each(entries, whether there are more, the page) is told of every one. */
export async function pages(path, member, each, { most = Infinity, signal } = {}) {
  let cursor = "";
  for (let read = 1; ; read++) {
    const mark = path.includes("?") ? "&" : "?";
    const page = await get(`${path}${mark}limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`, { signal });
    cursor = page.nextCursor ?? "";
    each(page[member], cursor !== "" && read < most, page);
    if (!cursor || read >= most) return { pages: read, whole: !cursor };
  }
}

/** A path with a charge point in it. */
export const of = (id, rest = "") => `/charge-points/${encodeURIComponent(id)}${rest}`;
