/* Drawing: scales, axes, marks, lines, and points that a mouse, a finger and a keyboard reach. */
const LETTER = 6.6; // widths of an average letter, in pixels at 13
const LINE = 17;

const scaled = ([low, high], [from, to]) => {
  const span = high - low || 1;
  const at = (value) => from + ((value - low) / span) * (to - from);
  return Object.assign(at, { low, high, from, to });
};

/* Round places for the numbers of an axis: 1, 2 or 5 times a power of ten apart. */
const ticks = (low, high, most) => {
  const rough = (high - low) / Math.max(most, 1) || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((size) => size >= rough * 0.999);
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return Array.from({ length: Math.max(count, 0) }, (_, place) => ({
    value: (first + place) * step, decimals,
  }));
};

const tickWords = ({ value, decimals }, unit) => {
  const written = number(value, decimals);
  if (unit.startsWith("\u00a3")) return value < 0 ? MINUS + "\u00a3" + written.slice(1) : `\u00a3${written}`;
  return unit.startsWith("%") ? `${written}%` : written;
};

const words = (x, y, text, attributes = {}) => drawn("text", { x, y, ...attributes }, text);
const line = (x1, y1, x2, y2, name) => drawn("line", { x1, y1, x2, y2, class: name });

const pathOf = (points) => {
  let open = false;
  return points.map(([x, y]) => {
    if (x === null || y === null || Number.isNaN(y)) { open = false; return ""; }
    const step = `${open ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
    open = true;
    return step;
  }).join("");
};

const shortened = (text, width) => {
  const most = Math.max(Math.floor(width / LETTER), 1);
  return text.length <= most ? text : `${text.slice(0, Math.max(most - 1, 1)).trimEnd()}\u2026`;
};

/* Shape as well as colour says what an area is. */
const SHAPES = {
  better: "M5 0A5 5 0 1 1-5 0 5 5 0 1 1 5 0Z",
  worse: "M-4.6-4.6H4.6V4.6H-4.6Z",
  higher: "M0-5.8L5.6 4.4H-5.6Z",
  lower: "M0 5.8L5.6-4.4H-5.6Z",
  similar: "M4.2 0A4.2 4.2 0 1 1-4.2 0 4.2 4.2 0 1 1 4.2 0Z",
  "not tested": "M2.6 0A2.6 2.6 0 1 1-2.6 0 2.6 2.6 0 1 1 2.6 0Z",
  parent: "M0-5L5 0 0 5-5 0Z",
};
const classOf = (significance) => (significance === "not tested" || !SHAPES[significance] ? "untested" : significance);
const shape = (significance) => drawn("path", { d: SHAPES[significance] ?? SHAPES["not tested"], class: `shape ${classOf(significance)}` });

const sample = (...children) => drawn("svg", { viewBox: "-12 -8 24 16", class: "sample", "aria-hidden": "true" }, ...children);
const markKey = (significance, said) => [sample(shape(significance)), said];
const lineKey = (name, said) => [sample(line(-12, 0, 12, 0, name)), said];

/* A key of the marks that a chart shows, each with how many there are. */
const markKeys = (indicator, areas) => Object.values(figures.significances).flatMap((significance) => {
  const count = areas.filter((area) => significanceOf(indicator, area) === significance).length;
  const said = sentenceCase(figures.directions[indicator.polarity][significance]);
  return count ? [markKey(significance, `${said} (${number(count, 0)})`)] : [];
});

const axisAcross = (scale, top, bottom, most, unit, title) => [
  ...ticks(scale.low, scale.high, most).map((tick) => drawn("g", { class: "tick" },
    line(scale(tick.value), top, scale(tick.value), bottom, "grid"),
    words(scale(tick.value), bottom + LINE, tickWords(tick, unit), { "text-anchor": "middle" }))),
  words((scale.from + scale.to) / 2, bottom + 2 * LINE + 2, title, { "text-anchor": "middle" }),
];

const axisUp = (scale, left, right, most, unit) => ticks(scale.low, scale.high, most).map((tick) =>
  drawn("g", { class: "tick" }, line(left, scale(tick.value), right, scale(tick.value), "grid"),
    words(left - 6, scale(tick.value) + 4, tickWords(tick, unit), { "text-anchor": "end" })));

/* Ends of an axis of values: a little beyond them, and not below nothing. */
const ends = (values, unit = "") => {
  const known = values.filter((value) => !isMissing(value));
  if (!known.length) return [0, 1];
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const pad = (most - least) * 0.06 || Math.abs(most) * 0.1 || 1;
  const low = least >= 0 ? Math.max(least - pad, 0) : least - pad;
  return [low, unit.startsWith("%") && most <= 100 ? Math.min(most + pad, 101) : most + pad];
};

/* Names beside points, the first ones first; a name that would lie on another is left out. */
const namesBeside = (points, bounds, most) => {
  const taken = [];
  const clear = (box) => box[0] >= bounds.left && box[2] <= bounds.right && box[1] >= bounds.top && box[3] <= bounds.bottom
    && taken.every((other) => box[2] < other[0] || box[0] > other[2] || box[3] < other[1] || box[1] > other[3]);
  const made = [];
  points.slice(0, most * 2).forEach(({ x, y, name }) => {
    const width = name.length * LETTER;
    const sides = [["start", x + 9, x + 9 + width], ["end", x - 9, x - 9 - width]];
    const fits = sides.find(([, from, to]) => clear([Math.min(from, to), y - 8, Math.max(from, to), y + 8]));
    if (!fits || made.length >= most) return;
    taken.push([Math.min(fits[1], fits[2]), y - 8, Math.max(fits[1], fits[2]), y + 8]);
    made.push(words(fits[1], y + 4, name, { "text-anchor": fits[0], class: "name" }));
  });
  return made;
};

/* Heights of words beside each other, pushed apart until none overlaps. */
const apart = (heights, gap) => {
  const order = heights.map((height, place) => [height, place]).sort(([a], [b]) => a - b);
  order.forEach((entry, rank) => { if (rank) entry[0] = Math.max(entry[0], order[rank - 1][0] + gap); });
  const placed = [];
  order.forEach(([height, place]) => { placed[place] = height; });
  return placed;
};

/* Points: one stop of the tab key a chart, arrow keys from point to point; what a point says shows below the chart. */
const reachable = (root, points, say) => {
  if (!points.length) return;
  const first = Math.max(points.findIndex(({ own }) => own), 0);
  const ring = drawn("circle", { r: 9, class: "ring", visibility: "hidden" });
  const show = (point) => {
    ring.removeAttribute("visibility");
    ring.setAttribute("cx", point.x);
    ring.setAttribute("cy", point.y);
    say(point.said);
  };
  const nodes = points.map((point, place) => {
    const node = drawn("g", {
      transform: `translate(${point.x.toFixed(1)} ${point.y.toFixed(1)})`, class: `point${point.own ? " own" : ""}`,
      role: point.address ? "link" : "img", tabindex: place === first ? "0" : "-1", "aria-label": point.said,
    }, point.node);
    node.addEventListener("focus", () => {
      nodes.forEach((other) => other.setAttribute("tabindex", other === node ? "0" : "-1"));
      show(point);
    });
    return node;
  });
  const move = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  root.addEventListener("keydown", (event) => {
    const now = nodes.indexOf(document.activeElement);
    if (now < 0) return;
    if (event.key === "Enter" && points[now].address) { event.preventDefault(); go(points[now].address); return; }
    const next = event.key in move ? now + move[event.key] : { Home: 0, End: nodes.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    nodes[clamp(next, 0, nodes.length - 1)].focus();
  });
  const nearest = (event) => {
    const box = root.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const far = points.map((point) => Math.hypot(point.x - x, (point.rows ? 2 : 1) * (point.y - y)) - (point.reach ?? 0));
    const place = far.indexOf(Math.min(...far));
    return far[place] < 26 ? points[place] : null;
  };
  root.addEventListener("pointermove", (event) => { const point = nearest(event); if (point) show(point); });
  root.addEventListener("click", (event) => { const point = nearest(event); if (point?.address) go(point.address); });
  // The chosen point is drawn last, so that nothing lies on it; the keys keep the points' own order.
  root.append(...nodes.filter((_, place) => !points[place].own), ring, ...nodes.filter((_, place) => points[place].own));
  if (points[first].own) show(points[first]);
};
