/* Figures as people read them: the rules of the pack's other outputs, so that a figure reads the same everywhere. */
const MINUS = "\u2212";
const MISSING = "not available";
const SUPPRESSED = "[c]";
const NOT_AVAILABLE = "[x]";
const NOT_APPLICABLE = "[z]";

const isMissing = (value) => value === null || value === undefined || Number.isNaN(value);

/* As many decimals, thousands commas; what lies exactly between two goes to the even one, as in the other outputs. */
const fixed = (value, decimals) => {
  let written = value.toFixed(decimals);
  const between = /^50*$/.test(value.toFixed(decimals + 40).slice(-40));
  if (between && /[13579]$/.test(written)) written = (Number(written) - 10 ** -decimals).toFixed(decimals);
  const [whole, rest] = written.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return rest ? `${grouped}.${rest}` : grouped;
};

/* Three figures from 1 up and two below. */
const decimalsOf = (value) => {
  const size = Number(Math.abs(value).toPrecision(Math.abs(value) >= 1 ? 3 : 2));
  if (size === 0) return 0;
  const first = Math.floor(Math.log10(size));
  return size >= 1 ? Math.max(0, 2 - first) : Math.min(6, 1 - first);
};

const number = (value, decimals = null) => {
  if (isMissing(value)) return MISSING;
  const written = fixed(Math.abs(value), decimals ?? decimalsOf(value));
  return value < 0 && /[1-9]/.test(written) ? MINUS + written : written;
};

const threeFigures = (scaled) => {
  if (scaled >= 99.95) return fixed(scaled, 0);
  const written = fixed(scaled, 1);
  return scaled >= 9.95 || Number.isInteger(scaled) ? written.replace(/\.0$/, "") : written;
};

const pounds = (value) => {
  if (isMissing(value)) return MISSING;
  const size = Math.abs(value);
  const sign = value < 0 && size >= 0.5 ? MINUS : "";
  for (const [unit, letters] of [[1e9, "bn"], [1e6, "m"]]) {
    if (size >= unit * 0.9995) return `${sign}\u00a3${threeFigures(size / unit)}${letters}`;
  }
  const step = size >= 9950 ? 1000 : size >= 995 ? 100 : size >= 100 ? 10 : 1;
  return `${sign}\u00a3${fixed(Math.floor(size / step + 0.5) * step, 0)}`;
};

const price = (value) => {
  if (isMissing(value)) return MISSING;
  const size = Math.abs(value);
  return `${value < 0 ? MINUS : ""}\u00a3${number(size, size < 100 ? 2 : 0)}`;
};

const valueWithUnit = (value, unit) => {
  if (isMissing(value)) return MISSING;
  if (unit.startsWith("\u00a3")) return `${price(value)} ${unit.slice(1).trim()}`.trim();
  return `${number(value)}${unit.startsWith("%") ? "" : " "}${unit}`.trim();
};

/* The unit is said elsewhere: pounds and per cent stand with the figure all the same. */
const bareValue = (value, unit) => valueWithUnit(value, /^[\u00a3%]/.test(unit) ? unit[0] : "");

const counted = (count, kind) => `${number(count, 0)} ${count === 1 ? kind.one : kind.many}`;

const expectedCount = (count) => {
  if (isMissing(count)) return MISSING;
  if (count === 0) return "none";
  return count <= 0.5 ? "fewer than 1" : `about ${number(count, 0)}`;
};

const sentenceCase = (words) => words.slice(0, 1).toUpperCase() + words.slice(1);

const series = (items) => (items.length > 1 ? `${items.slice(0, -1).join(", ")} and ${items.at(-1)}` : items.join(""));
