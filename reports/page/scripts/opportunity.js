/* Opportunity: where the area has most to gain, how sure that is, and what chance alone would give. */
const MOST_BARS = 10;
const BAR = 40;

const worthOf = (area, place) => {
  const indicator = indicatorAt(place);
  return isInvestment(indicator) ? null : indicator.amount[area];
};

const opportunityChart = (view, width) => {
  const rows = figures.order.filter((place) => inProgramme(place, view.programme) && worthOf(view.area, place) > 0)
    .sort((a, b) => worthOf(view.area, b) - worthOf(view.area, a));
  const bars = rows.slice(0, MOST_BARS);
  if (rows.includes(view.indicator) && !bars.includes(view.indicator)) bars.splice(-1, 1, view.indicator);
  const where = view.programme < 0 ? "" : `, ${figures.programmes[view.programme]}`;
  const about = `${nameOf(view.area)}${where}: ${figures.claims.headline.toLowerCase()}, \u00a3 in ${figures.period}`;
  const table = opportunityTable(view);
  if (!bars.length) return { title: "No opportunity with a price is beyond chance here", about, alt: about, root: null, table };
  const first = indicatorAt(bars[0]);
  const title = `${first.name} is the largest of ${rows.length}: ${pounds(first.amount[view.area])}`;
  const height = bars.length * BAR + 8;
  const of = (name) => bars.map((place) => indicatorAt(place)[name][view.area] ?? 0);
  const most = Math.max(...of("amount"), ...of("p90"), ...of("floor"));
  const x = scaled([0, most], [8, width - 72]);
  const root = drawn("svg", { viewBox: `0 0 ${width} ${height}`, width, height });
  const points = bars.map((place, rank) => {
    const indicator = indicatorAt(place);
    const [amount, low, high, floor] = ["amount", "p10", "p90", "floor"].map((name) => indicator[name][view.area]);
    const y = rank * BAR + 26;
    const own = place === view.indicator;
    root.append(words(8, y - 9, shortened(indicator.name, width - 16), { class: own ? "own-name" : "" }),
      drawn("rect", { x: x(0), y: y - 5, width: Math.max(x(amount) - x(0), 1), height: 13, class: own ? "bar own" : "bar" }));
    if (!isMissing(low) && !isMissing(high)) root.append(line(x(low), y + 1.5, x(high), y + 1.5, "interval strong"));
    if (floor > 0) root.append(line(x(floor), y - 9, x(floor), y + 12, "chance-edge"), line(x(floor), y - 9, x(floor), y + 12, "chance"));
    root.append(words(x(Math.max(amount, high ?? 0, floor ?? 0)) + 7, y + 6, pounds(amount), { class: "amount" }));
    return {
      x: x(amount), y: y + 1.5, rows: true, reach: 80, own, said: `${indicator.name}. ${worthSaid(indicator, view.area)}`,
      address: addressWith({ indicator: place }), node: drawn("rect", { x: -5, y: -6.5, width: 10, height: 13, class: "handle" }),
    };
  });
  reachable(root, points, view.say);
  const keys = [[sample(drawn("rect", { x: -12, y: -6, width: 24, height: 12, class: "bar" })), "Opportunity"], lineKey("interval strong", "80% interval")];
  if (of("floor").some((value) => value > 0)) keys.push([sample(line(0, -8, 0, 8, "chance")), "What chance alone would give by the same rule"]);
  const alt = `Bar chart of ${about}: the ${bars.length} indicators with most to gain. ${title}. The figures are in the table below.`;
  return { title, about, alt, root, keys, table };
};

const opportunityTable = (view) => {
  const places = figures.order.filter((place) => inProgramme(place, view.programme));
  const money = (name) => ({ name, numeric: true, unit: "\u00a3" });
  return {
    caption: `${nameOf(view.area)}: opportunity by indicator, ${figures.period}`,
    columns: [{ name: "Indicator" }, { name: "Is" }, money(figures.claims.headline), money("10th percentile"), money("90th percentile"),
      money("Chance alone, same rule"), money(figures.claims.published)],
    rows: places.map((place) => {
      const indicator = indicatorAt(place);
      const none = indicator.polarity === "local" || !figures.indicators[place].amount ? NOT_APPLICABLE : whyNone(indicator, view.area);
      return [cell(indicator.name, { address: addressWith({ indicator: place }) }), cell(isInvestment(indicator) ? "investment need" : "saving"),
        ...["amount", "p10", "p90", "floor", "published"].map((name) => figureCell(indicator[name][view.area], pounds, none))];
    }),
    file: `opportunity-of-${figures.areas.code[view.area]}.csv`,
    note: "Each indicator by itself: those that count the same events overlap, so rows do not add up to a saving. An investment need is never netted off.",
  };
};
