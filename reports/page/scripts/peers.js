/* Peers: the area between those most similar to it, each with its interval. */
const ROW = 26;
const MOST_ROWS = 40;

const peerRows = (view) => {
  const peers = figures.areas.peers[view.area];
  if (peers.length) return [view.area, ...peers];
  const own = sameKind(view.area);
  if (own.length > 1) return own;
  // The whole has no peers: what it is made of, in groups that fit.
  const below = figures.kinds.map((_, kind) => figures.areas.code.map((__, area) => area)
    .filter((area) => figures.areas.kind[area] === kind && figures.areas.kind[area] !== figures.areas.kind[view.area]));
  return below.filter((areas) => areas.length >= 2 && areas.length <= MOST_ROWS).at(-1) ?? own;
};

/* The five peers with the best values; none where neither direction is better. */
const bestFive = (indicator, peers) => {
  if (indicator.polarity === "local") return new Set();
  if (peers.some((area) => isWithheld(indicator, area))) return new Set(); // it may be among them
  const sign = indicator.polarity === "low" ? 1 : -1;
  const known = peers.filter((area) => !isMissing(indicator.value[area]));
  return new Set(known.sort((a, b) => sign * (indicator.value[a] - indicator.value[b])).slice(0, 5));
};

const peersChart = (view, width) => {
  const indicator = indicatorAt(view.indicator);
  const chosen = peerRows(view);
  const withPeers = figures.areas.peers[view.area].length > 0;
  const best = withPeers ? bestFive(indicator, figures.areas.peers[view.area]) : new Set();
  const areas = chosen.filter((area) => !isMissing(indicator.value[area]))
    .sort((a, b) => indicator.value[b] - indicator.value[a] || a - b).slice(0, MOST_ROWS);
  const own = indicator.value[view.area];
  const many = kindOf(chosen[0]).many;
  const title = withPeers
    ? (isMissing(own) ? `${nameOf(view.area)} has no figure to hold against its peers`
      : `${nameOf(view.area)}: ${bareValue(own, indicator.unit)}, its peers ${bareValue(indicator.peers[view.area], indicator.unit)}`)
    : `${sentenceCase(many)} from ${bareValue(indicator.value[areas.at(-1)], indicator.unit)} to ${bareValue(indicator.value[areas[0]], indicator.unit)}`;
  const about = `${withPeers ? "The area and its peers" : sentenceCase(many)}: ${indicator.unit}, highest first, with 95% intervals`;
  const table = peersTable(view, chosen, best);
  const absent = absentSaid(indicator, chosen, "Not drawn:");
  if (!areas.length) return { title: `No figure to show of ${withPeers ? "the area or its peers" : many}`, about, alt: about, root: null, table, note: absent };
  const left = clamp(width * 0.46, 120, 250);
  const bottom = 10 + areas.length * ROW;
  const height = bottom + 2 * LINE + 8;
  const sizes = areas.flatMap((area) => [indicator.lower[area], indicator.value[area], indicator.upper[area]]);
  const mean = withPeers ? indicator.peers[view.area] : null;
  const x = scaled(ends([...sizes, mean], indicator.unit), [left, width - 14]);
  const root = drawn("svg", { viewBox: `0 0 ${width} ${height}`, width, height });
  root.append(...axisAcross(x, 10, bottom, width < 450 ? 3 : 5, indicator.unit, indicator.unit));
  if (!isMissing(mean)) root.append(line(x(mean), 10, x(mean), bottom, "target"));
  const points = areas.map((area, place) => {
    const y = 10 + (place + 0.5) * ROW;
    const [low, high] = [indicator.lower[area] ?? indicator.value[area], indicator.upper[area] ?? indicator.value[area]];
    const name = `${shortened(nameOf(area), left - 34)}${best.has(area) ? " \u2605" : ""}`;
    root.append(words(left - 10, y + 4, name, { "text-anchor": "end", class: area === view.area ? "own-name" : "" }),
      line(x(low), y, x(high), y, area === view.area ? "interval own" : "interval"));
    return {
      area, x: x(indicator.value[area]), y, rows: true, reach: 60, own: area === view.area,
      said: described(indicator, area) + (best.has(area) ? " Among the best five of its peers." : ""),
      address: addressWith({ area }), node: shape(significanceOf(indicator, area)),
    };
  });
  reachable(root, points, view.say);
  const keys = [...markKeys(indicator, areas), lineKey("interval", "95% interval")];
  if (!isMissing(mean)) keys.push(lineKey("target", "Mean of its peers"));
  if (best.size) keys.push([element("span", { className: "sample", ariaHidden: "true" }, "\u2605"), "Best five of the peers"]);
  const alt = `Ranked chart of ${indicator.name}: ${title}. ${withPeers ? "Each bar is the 95% interval of one of the peers." : ""} The figures are in the table below.`;
  return { title, about, alt, root, keys, table, note: [absent, fitSaid(view.area)].filter(Boolean).join(" ") };
};

const fitSaid = (area) => {
  const fit = figures.areas.fit[area];
  if (isMissing(fit)) return "";
  return `Fit: the mean distance to its peers is at percentile ${number(fit, 0)} of the distances between all pairs; lower is closer.`;
};

const peersTable = (view, areas, best) => {
  const indicator = indicatorAt(view.indicator);
  const bare = (value) => bareValue(value, indicator.unit);
  return {
    caption: `${nameOf(view.area)} and its peers: ${indicator.name}`,
    columns: [{ name: "Area" }, { name: "Is" }, { name: "Value", numeric: true, unit: indicator.unit },
      { name: "Lower 95%", numeric: true, unit: indicator.unit }, { name: "Upper 95%", numeric: true, unit: indicator.unit }],
    rows: areas.map((area) => {
      const none = whyNone(indicator, area);
      const is = area === view.area ? "the area" : best.has(area) ? "one of the best five peers"
        : figures.areas.peers[view.area].length ? "a peer" : kindOf(area).one;
      return [cell(nameOf(area), { address: addressWith({ area }) }), cell(is), figureCell(indicator.value[area], bare, none),
        figureCell(indicator.lower[area], bare, none), figureCell(indicator.upper[area], bare, none)];
    }),
    file: `${indicator.code}-peers-of-${figures.areas.code[view.area]}.csv`,
  };
};
