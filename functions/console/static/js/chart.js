// Pictures of numbers. uPlot draws what has a time; shares are drawn by elements.
import { el } from "./dom.js";

const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const daytime = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const dated = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric", hour: "2-digit", hourCycle: "h23" });

/**
 * A line over time, or bars. points are [milliseconds, value]; at least two are needed for a line. headline is what stands
 * beside the title, by default the last value; from and to are the ends of the axis, by default those of the points.
 */
export function timeline(title, unit, points, { bars = false, format = String, headline, from, to } = {}) {
  const figure = el("figure", { class: "chart", "data-points": points.length },
    el("figcaption", {}, title, points.length > 0 ? el("b", {}, ` ${headline ?? format(points.at(-1)[1])}`) : el("span", { class: "quiet" }, " — nothing was told yet")));
  if (points.length < 2) return figure;
  const area = el("div", { class: "plot", role: "img", "aria-label": `${title}: ${points.length} values, from ${format(points[0][1])} to ${format(points.at(-1)[1])}` });
  figure.append(area);
  const sorted = [...points].sort((a, b) => a[0] - b[0]);
  const long = sorted.at(-1)[0] - sorted[0][0] > 24 * 3600 * 1000;
  const axis = { stroke: color("--quiet"), grid: { stroke: color("--line"), width: 1 }, ticks: { stroke: color("--line"), width: 1 } };
  let plot;
  const draw = () => {
    plot?.destroy();
    const width = Math.max(200, area.clientWidth);
    plot = new globalThis.uPlot({
      width, height: 170, legend: { show: false }, cursor: { y: false, drag: { setScale: false } },
      scales: { x: { time: true, range: (_, low, high) => [from ? from / 1000 : low, to ? to / 1000 : high] }, y: { range: (_, low, high) => [Math.min(0, low), high > 0 ? high * 1.1 : 1] } },
      axes: [{ ...axis, values: (_, ticks) => ticks.map((tick) => (long ? dated : daytime).format(tick * 1000)) }, { ...axis, size: 76, values: (_, ticks) => ticks.map((tick) => `${format(tick)}`) }],
      series: [{}, {
        label: unit, stroke: color("--accent"), fill: color("--accent-faint"), width: 2, points: { show: !bars && points.length < 40 },
        paths: bars ? globalThis.uPlot.paths.bars({ size: [0.7, 40] }) : undefined,
      }],
    }, [sorted.map(([at]) => at / 1000), sorted.map(([, value]) => value)], area);
  };
  let drawn = 0;
  const observer = new ResizeObserver(() => {
    if (!area.isConnected && drawn) {
      observer.disconnect();
      plot?.destroy();
    } else if (area.clientWidth && area.clientWidth !== drawn) {
      drawn = area.clientWidth;
      draw();
    }
  });
  observer.observe(area);
  return figure;
}

/** How a whole is shared: parts are {name, count, kind}. */
export function shares(label, parts) {
  const all = parts.reduce((sum, part) => sum + part.count, 0);
  const bar = el("div", { class: "shares", role: "img", "aria-label": `${label}: ${parts.map((part) => `${part.count} ${part.name}`).join(", ")}` });
  for (const part of parts.filter((part) => part.count > 0)) {
    const piece = el("span", { class: `piece ${part.kind}`, title: `${part.count} ${part.name}` });
    piece.style.flexGrow = part.count / all;
    bar.append(piece);
  }
  return bar;
}

/** A number with what it counts; a link when there is more to see. */
export function tile(name, value, { kind = "", link, note } = {}) {
  return el(link ? "a" : "div", { class: `tile ${kind}`, href: link, "data-tile": name },
    el("span", { class: "name" }, name), el("strong", {}, value), note ? el("small", {}, note) : null);
}

