// What is known of all charge points, shared by the pages that show it. It is read page by page, and shown while it comes.
import { pages } from "./api.js";
import { pace, refreshing } from "./refresh.js";

/** After this long without a word a session is suspicious: a charge point says something at least every nine minutes. */
const silence = 45 * 60 * 1000;

export const fleet = { points: new Map(), faulted: new Map(), charging: new Map(), whole: false, at: 0, pages: 1 };
const watchers = new Set();

/** Tells a page of every change. Returns what ends that; its now() reads everything at once. */
export function watchFleet(changed, failed) {
  watchers.add(changed);
  if (fleet.at) changed();
  const end = refreshing(30, read, failed);
  const leave = () => {
    watchers.delete(changed);
    end();
  };
  leave.now = () => {
    fleet.at = 0;
    end.now();
  };
  return leave;
}

async function read(signal) {
  const left = pace(fleet.pages) - (Date.now() - fleet.at) / 1000;
  if (left > 1) return left; // another page has just read it
  const [charging, faulted] = await Promise.all([
    connectors("/connectors?charging=true", signal), connectors("/connectors?status=Faulted", signal),
  ]);
  Object.assign(fleet, { charging: charging.found, faulted: faulted.found });
  const points = fleet.whole ? new Map() : fleet.points;
  const told = await pages("/charge-points", "chargePoints", (entries, more) => {
    for (const entry of entries) points.set(entry.chargePointId, entry);
    if (more && points === fleet.points) tell(); // the first time it is shown while it comes
  }, { signal });
  Object.assign(fleet, { points, whole: true, at: Date.now(), pages: told.pages + charging.pages + faulted.pages });
  tell();
  return pace(fleet.pages);
}

async function connectors(path, signal) {
  const found = new Map();
  const told = await pages(path, "connectors", (entries) => {
    for (const entry of entries) found.set(entry.chargePointId, [...(found.get(entry.chargePointId) ?? []), entry]);
  }, { signal });
  return { found, pages: told.pages };
}

function tell() {
  for (const changed of watchers) changed();
}

/** A charge point that was just made or changed by this page. */
export function known(point) {
  fleet.points.set(point.chargePointId, point);
  tell();
}

export function forget(id) {
  fleet.points.delete(id);
  tell();
}

export const stale = (point) => point.connected && point.lastSeenAt && Date.now() - new Date(point.lastSeenAt) > silence;

/** One word for a charge point, the one that matters most. */
export function stateOf(point) {
  if (!point.connected) return "offline";
  if (fleet.faulted.has(point.chargePointId)) return "faulted";
  if (point.registration !== "Accepted") return "waiting";
  if (fleet.charging.has(point.chargePointId)) return "charging";
  return "connected";
}

export const states = ["charging", "connected", "faulted", "waiting", "offline"];
