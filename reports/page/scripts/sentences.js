/* An area's figures in words: what is read aloud on a point is what is seen beside it. */
const nounOf = (indicator) => (indicator.counts && indicator.counts !== "\u00a3" ? ` ${indicator.counts}` : "");
const inCounts = (value, indicator) => (indicator.counts === "\u00a3" ? pounds(value) : number(value, 0) + nounOf(indicator));

const countsOf = (indicator, area) => {
  const [over, of] = [indicator.numerator[area], indicator.denominator[area]];
  if (isMissing(over) || isMissing(of)) return "";
  if (indicator.kind === "mean") return `over ${number(of, 0)}`;
  const expected = isMissing(indicator.expected[area]) ? "" : `, ${number(indicator.expected[area], 0)} expected`;
  return `numerator ${inCounts(over, indicator)}, denominator ${number(of, 0)}${expected}`;
};

const intervalOf = (indicator, area) => {
  const [lower, upper] = [indicator.lower[area], indicator.upper[area]];
  if (isMissing(lower) || isMissing(upper)) return "";
  return `95% interval ${bareValue(lower, indicator.unit)} to ${bareValue(upper, indicator.unit)}`;
};

const againstPeers = (indicator, area) => {
  if (isMissing(indicator.peers[area])) return "";
  const said = figures.directions[indicator.polarity][significanceOf(indicator, area)] ?? "not compared";
  return `peers ${bareValue(indicator.peers[area], indicator.unit)}: ${said}`;
};

/* What it would take to reach the comparator. */
const toReach = (indicator, area) => {
  const peers = indicator.peers[area];
  if (isMissing(peers)) return "";
  if (indicator.polarity === "local") return "which direction is better is for local interpretation";
  const good = indicator.polarity === "low" ? indicator.value[area] <= peers : indicator.value[area] >= peers;
  if (good) return "at its peers' mean or on the good side of it";
  if (indicator.kind === "mean") return `to reach its peers' mean: from ${bareValue(indicator.value[area], indicator.unit)} to ${bareValue(peers, indicator.unit)}`;
  const gap = indicator.gap[area];
  if (isMissing(gap)) return "";
  const way = indicator.unit_of_gap[0] === "increase" ? "more" : "fewer";
  if (indicator.counts === "\u00a3") return `to reach its peers' mean: ${pounds(gap)} ${way === "more" ? "more" : "less"}`;
  const size = gap < 1 ? "not one" : number(gap, 0);
  return `to reach its peers' mean: ${size} ${way} ${indicator.counts || indicator.unit_of_gap[1]}`;
};

/* Who is missing from a chart, and why. */
const absentSaid = (indicator, areas, what) => {
  const withheld = areas.filter((area) => isWithheld(indicator, area)).length;
  const without = areas.filter((area) => isMissing(indicator.value[area])).length - withheld;
  const said = [[withheld, "withheld to protect people"], [without, "without a figure"]].filter(([count]) => count > 0);
  return said.length ? `${what} ${series(said.map(([count, why]) => `${number(count, 0)} ${why}`))}.` : "";
};

const limitsSaid = { ".": "", 1: "outside the 95% funnel limits", 2: "outside the 99.8% funnel limits" };

const described = (indicator, area) => {
  if (isMissing(indicator.value[area])) {
    const why = isWithheld(indicator, area) ? "withheld, to protect people who could be recognised" : "no figure";
    return `${nameOf(area)}: ${why}.`;
  }
  const parts = [
    valueWithUnit(indicator.value[area], indicator.unit), intervalOf(indicator, area), countsOf(indicator, area),
    againstPeers(indicator, area), toReach(indicator, area), limitsSaid[indicator.outside[area]],
  ];
  return `${nameOf(area)}: ${parts.filter(Boolean).join("; ")}.`;
};

const isInvestment = (indicator) => indicator.unit_of_gap[0] === "increase";

/* What it may be worth, how sure that is, and what chance alone would give. */
const worthSaid = (indicator, area) => {
  if (isMissing(indicator.amount[area])) return "";
  const what = isInvestment(indicator) ? "Investment need" : "Opportunity";
  const [low, high] = [indicator.p10[area], indicator.p90[area]];
  const sure = isMissing(low) || isMissing(high) ? "" : ` (80% interval ${pounds(low)} to ${pounds(high)})`;
  const floor = isMissing(indicator.floor[area]) ? ""
    : `; chance alone would give ${pounds(indicator.floor[area])} by the same rule`;
  const rule = !(indicator.published[area] > 0) ? ""
    : ` RightCare's published rule would say ${pounds(indicator.published[area])}.`;
  const begun = `${what}, ${figures.claims.headline.toLowerCase()}`;
  if (indicator.amount[area] === 0 && !(high > 0)) return `${begun}: none.${rule}`;
  return `${begun}: ${pounds(indicator.amount[area])}${sure}${floor}.${rule}`;
};

/* How many areas of a kind stand out, and how many would by chance. */
const flagsSaid = (indicator, kind) => {
  const counts = indicator.flags[figures.kinds.indexOf(kind)];
  if (!counts) return `No ${kind.one} has a figure to compare`;
  const [areas, flagged, other, expected, tested] = counts;
  if (tested === 0) return `Of ${counted(areas, kind)} none is large enough to be told from its peers`;
  const [side, opposite] = indicator.polarity === "high" ? ["below", "above"] : ["above", "below"];
  const byChance = isMissing(expected) ? "number expected by chance not known" : `${expectedCount(expected)} expected by chance`;
  const verb = flagged === 1 ? "is" : "are";
  const of = `${number(flagged, 0)} of ${counted(areas, kind)} ${verb}`;
  if (indicator.polarity === "local") {
    return `${of} ${side} and ${number(other, 0)} ${opposite} their peers beyond chance (${byChance} on each side)`;
  }
  return `${of} ${side} their peers beyond chance (${byChance})`;
};
