/* What the page carries: columns of figures, unpacked an indicator at a time when it is first looked at. */
const block = document.getElementById("figures");
const figures = block ? JSON.parse(block.textContent) : null;

/* A figure is as many letters as its scale is wide, each a digit: steps of the last decimal from a start; dots are none. */
const unpacked = (text, [start, decimals, width]) => {
  const made = [];
  for (let at = 0; at < text.length; at += width) {
    const letters = [...text.slice(at, at + width)];
    const steps = letters.reduce((sum, letter) => sum * figures.letters.length + figures.letters.indexOf(letter), 0);
    made.push(letters[0] === "." ? null : (steps + start) / 10 ** decimals);
  }
  return made;
};

/* Columns over time hold the areas that are followed; put each where the other columns have it. */
const spreadOut = (values) => {
  const made = new Array(figures.areas.code.length).fill(null);
  figures.followed.forEach((area, place) => { made[area] = values[place]; });
  return made;
};

const unpackedFunnel = (funnel, scale) => funnel && {
  across: funnel.across,
  target: unpacked(funnel.target, scale)[0],
  lines: funnel.lines.map((line) => unpacked(line, scale)),
};

const unpackedIndicator = (raw) => {
  const column = (text) => unpacked(text, raw.scale);
  const overTime = (texts) => texts.map((text) => spreadOut(column(text)));
  const [values, peerValues] = [overTime(raw.values), overTime(raw.peer_values)];
  const none = new Array(figures.areas.code.length).fill(null);
  const counts = (place) => (place < 0 ? none : figures.counts[place]);
  return {
    ...raw,
    values,
    peerValues,
    value: raw.value ? column(raw.value) : values[raw.period] ?? none,
    peers: raw.peers ? column(raw.peers) : peerValues[raw.period] ?? none,
    lower: column(raw.lower),
    upper: column(raw.upper),
    usual: raw.usual.map(column),
    denominator: counts(raw.denominator),
    expected: counts(raw.expected),
    standardised: raw.expected >= 0,
    funnels: raw.funnels.map((funnel) => unpackedFunnel(funnel, raw.funnel_scale)),
    ...Object.fromEntries(["amount", "published", "p10", "p90", "floor", "gap"].map((name) => [name, raw[name] ?? none])),
  };
};

const unpackedBefore = new Map();
const indicatorAt = (place) => {
  if (!unpackedBefore.has(place)) unpackedBefore.set(place, unpackedIndicator(figures.indicators[place]));
  return unpackedBefore.get(place);
};

const nameOf = (area) => figures.areas.name[area];
const kindOf = (area) => figures.kinds[figures.areas.kind[area]];
const sameKind = (area) => figures.areas.code.map((_, place) => place)
  .filter((place) => figures.areas.kind[place] === figures.areas.kind[area]);
const significanceOf = (indicator, area) => figures.significances[indicator.significance[area]] ?? "";
const isWithheld = (indicator, area, period = indicator.period) =>
  (indicator.withheld[period] ?? []).includes(area);
const whyNone = (indicator, area, period) => (isWithheld(indicator, area, period) ? SUPPRESSED : NOT_AVAILABLE);
const movesOf = (indicator, area) => {
  const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  return figures.trends[letters.indexOf(indicator.trend[area])] ?? "";
};
