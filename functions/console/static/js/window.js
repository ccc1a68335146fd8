// A long list of which only the rows that can be seen are elements: ten thousand rows cost as much as thirty.
import { el, fill } from "./dom.js";

const rowHeight = 44; // pixels, as .row in parts.css; a finger hits it
const margin = 8; // rows above and below what can be seen

/** A list; render(entry) makes the cells of a row. Returns the element, and show(entries) to change what is listed. */
export function windowed(label, headings, render) {
  const rows = el("div", { class: "rows", role: "presentation" });
  const space = el("div", { class: "space", role: "presentation" }, rows);
  const view = el("div", { class: "view", tabindex: "0", role: "rowgroup", "aria-label": label }, space);
  const element = el("div", { class: "list", role: "table", "aria-label": label },
    el("div", { class: "row head", role: "row" }, headings.map((heading) => el("span", { role: "columnheader" }, heading))), view);
  let entries = [];
  let drawn = "";
  const draw = (changed) => {
    const first = Math.max(0, Math.floor(view.scrollTop / rowHeight) - margin);
    const last = Math.min(entries.length, Math.ceil((view.scrollTop + view.clientHeight) / rowHeight) + margin);
    if (!changed && drawn === `${first}-${last}`) return;
    drawn = `${first}-${last}`;
    const focused = rows.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    rows.style.transform = `translateY(${first * rowHeight}px)`;
    fill(rows, entries.slice(first, last).map((entry, i) =>
      el("div", { class: "row", role: "row", "aria-rowindex": first + i + 2 }, render(entry).map((cell) => el("span", { role: "cell" }, cell)))));
    if (focused) rows.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  };
  view.addEventListener("scroll", () => draw(false), { passive: true });
  new ResizeObserver(() => draw(false)).observe(view);
  return {
    element,
    show(next) {
      entries = next;
      element.setAttribute("aria-rowcount", entries.length + 1);
      space.style.height = `${entries.length * rowHeight}px`;
      draw(true);
    },
  };
}
