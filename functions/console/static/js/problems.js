// What goes wrong with reading, in one line at the top of a page, for as long as it does.
import { el } from "./dom.js";

/** A line for problems. Each source() is a function for refreshing: it tells of its problem, and with null that it is over. */
export function problemLine() {
  const told = new Map(); // by source: {message, again}
  const element = el("p", { class: "problem", role: "alert", hidden: true });
  const show = () => {
    const soonest = new Map(); // what several sources have in common is said once
    for (const { message, again } of told.values()) soonest.set(message, Math.min(again ?? Infinity, soonest.get(message) ?? Infinity));
    element.hidden = told.size === 0;
    element.textContent = [...soonest].map(([message, again]) => (again === Infinity ? message : `${message} The next try is in ${again} s.`)).join(" ");
  };
  const source = () => {
    const key = Symbol("source");
    return (error, again) => {
      if (error) told.set(key, { message: error.message, again });
      else told.delete(key);
      show();
    };
  };
  return { element, source };
}
