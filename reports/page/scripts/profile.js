/* Profile: one area's place among all of its kind, indicator by indicator, better to the right; of the whole, what stands out. */
const MOST_SPINES = 30;
const DIFFERENT = ["worse", "better", "higher", "lower"];

/* Places from -1 (worst of all areas, or lowest) over 0 (their average) to 1. */
const onSpine = (indicator, spread) => {
  const [centre, low, , , high] = spread;
  const reach = Math.max(high - centre, centre - low) || 1;
  const sign = indicator.polarity === "low" ? -1 : 1;
  return (value) => clamp((sign * (value - centre)) / reach, -1, 1);
};

const spineRows = (view) => {
  const kind = figures.areas.kind[view.area];
  const places = figures.order.filter((place) => inProgramme(place, view.programme));
  return places.filter((place) => indicatorAt(place).spreads[kind] && !isMissing(indicatorAt(place).value[view.area]));
};

const profileChart = (view, width) => (spineRows(view).length ? spineChart(view, width) : flagsChart(view, width));

const spineChart = (view, width) => {
  const kind = figures.areas.kind[view.area];
  const places = spineRows(view);
  const of = (significance) => places.filter((place) => significanceOf(indicatorAt(place), view.area) === significance);
  const tested = places.filter((place) => indicatorAt(place).polarity !== "local" && ["better", "worse", "similar"].includes(significanceOf(indicatorAt(place), view.area)));
  const title = `${nameOf(view.area)}: of ${tested.length} indicators, ${of("worse").length} beyond chance on the side to ask about and ${of("better").length} on the other (${expectedCount(figures.flagged_by_chance * tested.length)} on each by chance)`;
  const different = DIFFERENT.flatMap(of);
  const cut = view.programme < 0 && different.length > 0;
  const shown = (cut ? different : places).slice(0, view.programme < 0 ? MOST_SPINES : places.length);
  if (!shown.includes(view.indicator) && places.includes(view.indicator)) shown.unshift(view.indicator);
  const about = `Among all ${figures.kinds[kind].many}: average in the centre, better (or higher) to the right. ${cut ? "Those that differ from the peers beyond chance; choose a programme for all of its indicators." : ""}`;
  const narrow = width < 640;
  const left = narrow ? 12 : clamp(width * 0.42, 240, 430);
  const row = narrow ? 42 : 26;
  const x = scaled([-1, 1], [left + (narrow ? 0 : 70), width - 14]);
  const height = 30 + shown.length * row;
  const root = drawn("svg", { viewBox: `0 0 ${width} ${height}`, width, height });
  root.append(words(x(-1), 14, "\u2190 Worse, or lower"), words(x(0), 14, "Average", { "text-anchor": "middle" }),
    words(x(1), 14, "Better, or higher \u2192", { "text-anchor": "end" }));
  const points = shown.map((place, rank) => {
    const indicator = indicatorAt(place);
    const spread = indicator.spreads[kind];
    const at = onSpine(indicator, spread);
    const y = 24 + (rank + (narrow ? 0.72 : 0.5)) * row;
    const own = place === view.indicator;
    const value = bareValue(indicator.value[view.area], indicator.unit);
    const name = { class: own ? "own-name" : "" };
    if (narrow) {
      root.append(words(left, y - 14, shortened(indicator.name, width - left - 70), name), words(width - 14, y - 14, value, { "text-anchor": "end" }));
    } else {
      root.append(words(0, y + 4, shortened(indicator.name, left - 8), name), words(left + 54, y + 4, value, { "text-anchor": "end" }));
    }
    const band = (from, to, name_) => {
      const [low, high] = [x(at(from)), x(at(to))].sort((a, b) => a - b);
      return drawn("rect", { x: low, y: y - 6, width: Math.max(high - low, 1), height: 12, class: name_ });
    };
    root.append(band(spread[1], spread[4], "range"), band(spread[2], spread[3], "middle"));
    const whole = figures.focus >= 0 && figures.focus !== view.area ? indicator.value[figures.focus] : null;
    if (!isMissing(whole)) root.append(drawn("g", { transform: `translate(${x(at(whole)).toFixed(1)} ${y})` }, shape("parent")));
    return {
      x: x(at(indicator.value[view.area])), y, rows: true, reach: 60, own, said: `${indicator.name}. ${described(indicator, view.area)}`,
      address: addressWith({ indicator: place }), node: shape(significanceOf(indicator, view.area)),
    };
  });
  root.append(line(x(0), 22, x(0), height - 4, "centre"));
  reachable(root, points, view.say);
  const said = { worse: "To ask about, beyond chance", better: "On the good side, beyond chance", higher: "Higher than peers", lower: "Lower than peers", similar: "No difference beyond chance", "not tested": "Not tested" };
  const keys = Object.entries(said).filter(([significance]) => of(significance).length).map(([significance, meaning]) => markKey(significance, `${meaning} (${of(significance).length})`));
  if (figures.focus >= 0 && figures.focus !== view.area) keys.push(markKey("parent", nameOf(figures.focus)));
  keys.push([sample(drawn("rect", { x: -12, y: -6, width: 24, height: 12, class: "range" })), "Lowest to highest"],
    [sample(drawn("rect", { x: -12, y: -6, width: 24, height: 12, class: "middle" })), "Middle half"]);
  const furthest = of("worse").slice(0, 3).map((place) => indicatorAt(place).name);
  const alt = `Spine chart: ${title}.${furthest.length ? ` With most to gain of those: ${series(furthest)}.` : ""} The figures are in the table below.`;
  return { title, about, alt, root, keys, table: profileTable(view) };
};

/* The whole has no like: how many of its areas stand out in each indicator, beside what chance would raise. */
const flagsChart = (view, width) => {
  const kind = figures.kinds.length - 1;
  const counts = (place) => indicatorAt(place).flags[kind];
  const places = figures.order.filter((place) => inProgramme(place, view.programme) && counts(place) && indicatorAt(place).polarity !== "local");
  const shown = places.slice().sort((a, b) => counts(b)[1] - counts(a)[1]).slice(0, 12);
  if (places.includes(view.indicator) && !shown.includes(view.indicator)) shown.splice(-1, 1, view.indicator);
  const many = figures.kinds[kind].many;
  const title = shown.length ? `${indicatorAt(shown[0]).name} has most ${many} to ask about: ${number(counts(shown[0])[1], 0)} of ${number(counts(shown[0])[0], 0)}` : `No ${figures.kinds[kind].one} has a figure to compare`;
  const about = `${sentenceCase(many)} that differ from their peers beyond chance, of each indicator`;
  if (!shown.length) return { title, about, alt: about, root: null, table: profileTable(view) };
  const row = 42;
  const height = 24 + shown.length * row;
  const root = drawn("svg", { viewBox: `0 0 ${width} ${height}`, width, height });
  const most = Math.max(...shown.map((place) => Math.max(counts(place)[1], counts(place)[2])));
  const x = scaled([-most, most], [40, width - 40]);
  root.append(words(x(-most), 14, "\u2190 To ask about"), words(x(most), 14, "On the good side \u2192", { "text-anchor": "end" }));
  const points = shown.map((place, rank) => {
    const indicator = indicatorAt(place);
    const [, flagged, other, expected] = counts(place);
    const y = 24 + (rank + 0.7) * row;
    const own = place === view.indicator;
    root.append(words(0, y - 13, shortened(indicator.name, width), { class: own ? "own-name" : "" }),
      drawn("rect", { x: x(-flagged), y: y - 6, width: x(0) - x(-flagged), height: 13, class: "bar worse" }),
      drawn("rect", { x: x(0), y: y - 6, width: x(other) - x(0), height: 13, class: "bar better" }),
      words(x(-flagged) - 5, y + 5, number(flagged, 0), { "text-anchor": "end" }), words(x(other) + 5, y + 5, number(other, 0)));
    if (!isMissing(expected)) [-expected, expected].forEach((at) => root.append(line(x(at), y - 9, x(at), y + 10, "chance-edge"), line(x(at), y - 9, x(at), y + 10, "chance")));
    return {
      x: x(0), y, rows: true, reach: most, own, said: `${indicator.name}: ${flagsSaid(indicator, figures.kinds[kind])}.`,
      address: addressWith({ indicator: place }), node: drawn("circle", { r: 4, class: "handle" }),
    };
  });
  reachable(root, points, view.say);
  const box = (name) => sample(drawn("rect", { x: -12, y: -6, width: 24, height: 12, class: `bar ${name}` }));
  const keys = [[box("worse"), "To ask about, beyond chance"], [box("better"), "On the good side, beyond chance"], [sample(line(0, -8, 0, 8, "chance")), "Expected by chance on each side"]];
  return { title, about, alt: `Bar chart of ${about}. ${title}. The figures are in the table below.`, root, keys, table: profileTable(view) };
};

const profileTable = (view) => {
  const places = figures.order.filter((place) => inProgramme(place, view.programme));
  return {
    caption: `${nameOf(view.area)}: all indicators${view.programme < 0 ? "" : ` of ${figures.programmes[view.programme]}`}, ${figures.period}`,
    columns: [{ name: "Indicator" }, { name: "Programme" }, { name: "Value", numeric: true }, { name: "Unit" }, { name: "Lower 95%", numeric: true },
      { name: "Upper 95%", numeric: true }, { name: "Peers", numeric: true }, { name: "Against peers" }, { name: "Recent trend" }, { name: "What it would take" }],
    rows: places.map((place) => {
      const indicator = indicatorAt(place);
      const none = whyNone(indicator, view.area);
      const bare = (value) => bareValue(value, indicator.unit);
      const significance = significanceOf(indicator, view.area) || "not tested";
      return [
        cell(indicator.name, { address: addressWith({ indicator: place }) }), cell(figures.programmes[indicator.programme]),
        figureCell(indicator.value[view.area], bare, none), cell(indicator.unit || "\u2013"), figureCell(indicator.lower[view.area], bare, none),
        figureCell(indicator.upper[view.area], bare, none), figureCell(indicator.peers[view.area], bare),
        cell(significance, { mark: DIFFERENT.includes(significance) ? significance : "" }), cell(movesOf(indicator, view.area) || NOT_AVAILABLE),
        cell(isMissing(indicator.value[view.area]) ? none : sentenceCase(toReach(indicator, view.area)) || NOT_AVAILABLE),
      ];
    }),
    file: `profile-of-${figures.areas.code[view.area]}.csv`,
  };
};
