// How values are written.

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "short", timeStyle: "medium" });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
const number = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });

const precise = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 });

export const time = (text) => (text ? moment.format(new Date(text)) : "");
export const hour = (date) => clock.format(date);
export const count = (n) => number.format(n);

/** Watt-hours, in words a person reads. */
export const energy = (wh) => (wh === undefined || wh === null ? "" : Math.abs(wh) >= 1000 ? `${precise.format(wh / 1000)} kWh` : `${number.format(wh)} Wh`);
export const power = (w) => (w === undefined || w === null ? "" : w >= 1000 ? `${number.format(w / 1000)} kW` : `${number.format(w)} W`);

export function duration(seconds) {
  if (seconds === undefined) return "";
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** How long ago something was. */
export function ago(text) {
  if (!text) return "";
  const seconds = Math.max(0, (Date.now() - new Date(text)) / 1000);
  if (seconds < 90) return `${Math.round(seconds)} s ago`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min ago`;
  if (seconds < 129600) return `${Math.round(seconds / 3600)} h ago`;
  return `${Math.round(seconds / 86400)} days ago`;
}

/** JSON over several lines. */
export const pretty = (value) => JSON.stringify(value, null, 2);

/** A day in UTC, as the API names days. */
export const day = (date = new Date()) => date.toISOString().slice(0, 10);
