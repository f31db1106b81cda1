/* Funnel: areas by size and value, inside or outside what chance alone would give. */
const FUNNEL_HEIGHT = 340;

const funnelAreas = (view) => {
  const own = sameKind(view.area);
  if (own.length >= 8) return own;
  return sameKind(figures.areas.code.length - 1); // the finest kind stands last
};

const sizeOf = (indicator, area) => (indicator.standardised ? indicator.expected : indicator.denominator)[area];

/* Ends of the axis of values: all of them, and the limits but for the very smallest areas. */
const funnelEnds = (indicator, areas, funnel) => {
  const sizes = areas.map((area) => sizeOf(indicator, area)).sort((a, b) => a - b);
  const typical = sizes[Math.floor(sizes.length / 5)];
  const limits = funnel ? funnel.lines.slice(0, 4).flatMap((each) => each.filter((_, at) => funnel.across[at] >= typical)) : [];
  return ends([...areas.map((area) => indicator.value[area]), ...limits], indicator.unit);
};

const funnelLines = (funnel, x, y) => {
  if (!funnel) return [];
  const pairs = funnel.lines.length > 4 ? ["dark", "faint"] : ["dark"];
  const made = pairs.flatMap((look, pair) => [0, 1, 2, 3].map((each) => drawn("path", {
    d: pathOf(funnel.across.map((size, at) => {
      const limit = funnel.lines[pair * 4 + each][at];
      return [x(size), limit === null ? null : y(limit)];
    })),
    class: `limit ${look} ${each < 2 ? "dashed" : "dotted"}`,
  })));
  return [...made, line(x.from, y(funnel.target), x.to, y(funnel.target), "target")];
};

const funnelChart = (view, width) => {
  const indicator = indicatorAt(view.indicator);
  const areas = funnelAreas(view).filter((area) => !isMissing(indicator.value[area]) && sizeOf(indicator, area) > 0)
    .sort((a, b) => sizeOf(indicator, a) - sizeOf(indicator, b));
  const kind = kindOf(areas[0] ?? view.area);
  const title = flagsSaid(indicator, kind);
  const about = `Funnel: ${indicator.unit}, by size of the ${kind.one}`;
  if (!areas.length) return { title, about, alt: about, root: null, table: areasTable(view) };
  const funnel = indicator.funnels[figures.areas.kind[areas[0]]];
  const [top, bottom] = [8, FUNNEL_HEIGHT - 2 * LINE - 8];
  const x = scaled([0, Math.max(...areas.map((area) => sizeOf(indicator, area))) * 1.03], [58, width - 12]);
  const y = scaled(funnelEnds(indicator, areas, funnel), [bottom, top]);
  const clip = `clip-funnel`;
  const root = drawn("svg", { viewBox: `0 0 ${width} ${FUNNEL_HEIGHT}`, width, height: FUNNEL_HEIGHT });
  const across = indicator.standardised ? "Events expected" : `Size of the ${kind.one}: the denominator`;
  root.append(
    drawn("clipPath", { id: clip }, drawn("rect", { x: x.from, y: top, width: x.to - x.from, height: bottom - top })),
    ...axisUp(y, x.from, x.to, 6, indicator.unit), ...axisAcross(x, bottom, bottom, width < 450 ? 3 : 6, "", across),
    drawn("g", { "clip-path": `url(#${clip})` }, ...funnelLines(funnel, x, y)),
  );
  const peers = new Set(figures.areas.peers[view.area]);
  const points = areas.map((area) => ({
    area, x: x(sizeOf(indicator, area)), y: y(indicator.value[area]), own: area === view.area,
    name: nameOf(area), said: described(indicator, area), address: addressWith({ area }),
    node: drawn("g", { class: peers.has(area) ? "peer" : "" }, shape(significanceOf(indicator, area))),
  }));
  const far = (point) => Math.abs(indicator.value[point.area] - (funnel?.target ?? 0));
  const outside = points.filter(({ area, own }) => own || indicator.outside[area] !== ".");
  outside.sort((a, b) => b.own - a.own || Number(indicator.outside[b.area]) - Number(indicator.outside[a.area]) || far(b) - far(a));
  reachable(root, points, view.say);
  root.append(...namesBeside(outside, { left: x.from, right: x.to + 8, top, bottom }, width < 450 ? 4 : 10));
  const keys = markKeys(indicator, areas);
  if (areas.some((area) => peers.has(area))) keys.push([sample(drawn("g", { class: "peer" }, shape("similar"))), "Heavy outline: its peers"]);
  if (funnel) {
    keys.push(lineKey("limit dark dashed", "95% limits"), lineKey("limit dark dotted", "99.8% limits"));
    if (funnel.lines.length > 4) keys.push(lineKey("limit faint dashed", "Chance alone, without overdispersion"));
    keys.push(lineKey("target", `All ${kind.many}: ${bareValue(funnel.target, indicator.unit)}`));
  }
  const beyond = areas.filter((area) => indicator.outside[area] !== ".");
  const alt = `Funnel chart of ${indicator.name}, ${indicator.unit}: ${counted(areas.length, kind)} by size and value. ${title}. `
    + `${number(beyond.length, 0)} lie outside the 95% and ${number(beyond.filter((area) => indicator.outside[area] === "2").length, 0)} outside the 99.8% limits. The figures are in the table below.`;
  return { title, about, alt, root, keys, table: areasTable(view), note: absentSaid(indicator, sameKind(areas[0]), "Not drawn:") };
};

/* The table behind the funnel: every area of the kind, with everything that a point says. */
const areasTable = (view) => {
  const indicator = indicatorAt(view.indicator);
  const areas = funnelAreas(view);
  const kind = kindOf(areas[0]);
  const amount = isInvestment(indicator) ? "Investment need" : "Opportunity";
  const bare = (value) => bareValue(value, indicator.unit);
  const rows = areas.map((area) => {
    const none = whyNone(indicator, area);
    const parent = figures.areas.parent[area];
    const significance = significanceOf(indicator, area) || "not tested";
    const gap = indicator.polarity === "local" ? NOT_APPLICABLE : none;
    return [
      cell(nameOf(area), { address: addressWith({ area }) }),
      cell(parent < 0 ? "\u2013" : nameOf(parent)),
      figureCell(indicator.numerator[area], (value) => number(value, 0), none),
      figureCell(indicator.denominator[area], (value) => number(value, 0), none),
      figureCell(indicator.value[area], bare, none),
      figureCell(indicator.lower[area], bare, none),
      figureCell(indicator.upper[area], bare, none),
      figureCell(indicator.peers[area], bare),
      cell(significance, { mark: significance in { better: 1, worse: 1, higher: 1, lower: 1 } ? significance : "" }),
      cell(isMissing(indicator.value[area]) ? none : limitsSaid[indicator.outside[area]].replace("outside the ", "").replace(" funnel limits", "") || "inside"),
      figureCell(indicator.gap[area], (value) => number(value, 0), gap),
      figureCell(indicator.amount[area], pounds, indicator.polarity === "low" ? none : NOT_APPLICABLE),
    ];
  });
  const numeric = (name, unit = "") => ({ name, numeric: true, unit });
  const columns = [
    { name: sentenceCase(kind.one) }, { name: "Part of" }, numeric("Numerator", indicator.counts), numeric("Denominator"),
    numeric("Value", indicator.unit), numeric("Lower 95%", indicator.unit), numeric("Upper 95%", indicator.unit),
    numeric("Peers", indicator.unit), { name: "Against peers" }, { name: "Funnel limits" },
    numeric("To reach peers", indicator.unit_of_gap[1]), numeric(amount, "\u00a3"),
  ];
  return {
    caption: `${indicator.name}, ${figures.periods[indicator.period] ?? figures.period}: ${counted(areas.length, kind)}`,
    columns, rows, file: `${indicator.code}-areas.csv`,
    note: "Funnel limits: beyond which of them an area lies. [c] suppressed, to protect people who could be recognised; [x] not available; [z] not applicable.",
  };
};
