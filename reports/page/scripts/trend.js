/* Trend: the area over time beside its peers and the whole, and what its own series varies by. */
const TREND_HEIGHT = 300;

const trendSeries = (view, indicator) => {
  const whole = figures.focus;
  const own = { name: nameOf(view.area), look: "own", values: indicator.values.map((values) => values[view.area]) };
  const peers = { name: "Its peers", look: "peers", values: indicator.peerValues.map((values) => values[view.area]) };
  const all_ = { name: whole < 0 ? "" : nameOf(whole), look: "whole", values: whole < 0 ? [] : indicator.values.map((values) => values[whole]) };
  const there = ({ values }) => values.some((value) => !isMissing(value));
  return [own, ...(there(peers) ? [peers] : []), ...(whole !== view.area && there(all_) ? [all_] : [])];
};

const trendChart = (view, width) => {
  const indicator = indicatorAt(view.indicator);
  const series_ = trendSeries(view, indicator);
  const own = series_[0];
  const said = movesOf(indicator, view.area);
  const none = own.values.every(isMissing);
  const hidden = figures.periods.filter((_, place) => isWithheld(indicator, view.area, place));
  const title = `${nameOf(view.area)}: ${none ? "no figure is shown of any period" : said ? said.slice(0, 1).toLowerCase() + said.slice(1) : "no trend to tell"}`;
  const note = hidden.length ? `Withheld to protect people: ${series(hidden)}.` : "";
  const about = `Over time: ${indicator.unit}. Recent trend by the test of Fingertips at 99.8%`;
  const table = trendTable(view, indicator);
  const places = figures.periods.map((_, place) => place).filter((place) => series_.some(({ values }) => !isMissing(values[place])));
  if (places.length < 2) return { title, about: "No series of periods is on this page for this area.", alt: about, root: null, table };
  const right = width - Math.min(width * 0.28, 160);
  const [top, bottom] = [10, TREND_HEIGHT - LINE - 8];
  const x = scaled([places[0], places.at(-1)], [64, right - 8]);
  const seen = series_.flatMap(({ values }) => values);
  const floor = seen.some((value) => value < 0) ? -Infinity : 0; // a range that reaches below nothing ends there
  const range = indicator.usual.map((values) => values[view.area]).map((value) => (isMissing(value) ? null : Math.max(value, floor)));
  const y = scaled(ends([...range, ...seen], indicator.unit), [bottom, top]);
  const root = drawn("svg", { viewBox: `0 0 ${width} ${TREND_HEIGHT}`, width, height: TREND_HEIGHT });
  root.append(...axisUp(y, 58, right, 5, indicator.unit));
  const each = Math.ceil(places.length / (width < 450 ? 4 : 8));
  places.filter((_, rank) => (places.length - 1 - rank) % each === 0).forEach((place) => {
    root.append(words(x(place), bottom + LINE, figures.periods[place], { "text-anchor": "middle" }));
  });
  if (!range.some(isMissing)) {
    root.append(drawn("rect", { x: 58, y: y(range[1]), width: right - 58, height: Math.max(y(range[0]) - y(range[1]), 1), class: "usual" }));
  }
  series_.toReversed().forEach(({ values, look }) => root.append(drawn("path", {
    d: pathOf(values.map((value, place) => [x(place), isMissing(value) ? null : y(value)])), class: `series ${look}`,
  })));
  const named = series_.filter(({ values }) => !values.every(isMissing));
  const last = named.map(({ values }) => values.findLast((value) => !isMissing(value)));
  const heights = apart(last.map((value) => clamp(y(value), top + 6, bottom)), LINE);
  named.forEach(({ name, look }, rank) => root.append(
    words(right + 4, heights[rank] + 4, shortened(name, (width - right - 4) * (look === "own" ? 0.9 : 1)), { class: look === "own" ? "own-name" : "" }),
  ));
  const points = places.filter((place) => !isMissing(own.values[place])).map((place) => ({
    x: x(place), y: y(own.values[place]), own: place === indicator.period, said: periodSaid(view, indicator, place),
    node: drawn("circle", { r: 4.5, class: "dot" }),
  }));
  reachable(root, points, view.say);
  const keys = none ? [] : [lineKey("series own", own.name)];
  if (series_.some(({ look }) => look === "peers")) keys.push(lineKey("series peers", "Mean of its peers"));
  if (series_.some(({ look }) => look === "whole")) keys.push(lineKey("series whole", nameOf(figures.focus)));
  if (!range.some(isMissing)) keys.push([sample(drawn("rect", { x: -12, y: -6, width: 24, height: 12, class: "usual" })), "Usual range of its own series (XmR limits)"]);
  const known = places.filter((place) => !isMissing(own.values[place]));
  const ends_ = [known[0], known.at(-1)].map((place) => `${bareValue(own.values[place], indicator.unit)} in ${figures.periods[place]}`);
  const went = none ? "" : ` From ${ends_[0]} to ${ends_[1]}.`;
  const alt = `Line chart of ${indicator.name} over ${places.length} periods. ${title}.${went} The figures are in the table below.`;
  return { title, about, alt, root, keys, table, note };
};

const periodSaid = (view, indicator, place) => {
  const peers = indicator.peerValues[place][view.area];
  const beside = isMissing(peers) ? "" : `; peers ${bareValue(peers, indicator.unit)}`;
  const said = `${figures.periods[place]}: ${valueWithUnit(indicator.values[place][view.area], indicator.unit)}${beside}`;
  return place === indicator.period ? `${said}. ${described(indicator, view.area)}` : `${said}.`;
};

const trendTable = (view, indicator) => {
  const series_ = trendSeries(view, indicator);
  return {
    caption: `${nameOf(view.area)} over time: ${indicator.name}`,
    columns: [{ name: "Period" }, ...series_.map(({ name }) => ({ name, numeric: true, unit: indicator.unit }))],
    rows: figures.periods.map((period, place) => [cell(period), ...series_.map(({ values, look }) =>
      figureCell(values[place], (value) => bareValue(value, indicator.unit), look === "own" ? whyNone(indicator, view.area, place) : NOT_AVAILABLE))]),
    file: `${indicator.code}-trend-of-${figures.areas.code[view.area]}.csv`,
    note: indicator.usual.some((values) => isMissing(values[view.area])) ? ""
      : `Usual range of its own series (XmR limits): ${indicator.usual.map((values) => bareValue(values[view.area], indicator.unit)).join(" to ")}.`,
  };
};
