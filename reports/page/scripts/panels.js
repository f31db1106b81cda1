/* Panels: each a chart with its title, its key, what the point in hand says, and the table behind it. */
const CHARTS = [
  ["funnel", "Funnel", funnelChart],
  ["peers", "Peers", peersChart],
  ["trend", "Trend", trendChart],
  ["opportunity", "Opportunity", opportunityChart],
  ["profile", "Profile", profileChart],
];
const HINT = "Point at a mark, or reach the chart with the tab key and go on with the arrow keys.";

const madePanel = ([id, name, chart]) => {
  const parts = {
    title: element("h4"), about: element("p", { className: "about" }), plot: element("div", { className: "plot" }),
    keys: element("ul", { className: "key" }), said: element("p", { className: "said" }), note: element("p", { className: "note" }),
    behind: element("details", {}, element("summary", {}, `${name}: the figures as a table`)),
  };
  const figure = element("figure", { id: `view-${id}`, className: "panel" });
  figure.append(element("figcaption", {}, parts.title, parts.about), parts.keys, parts.plot, parts.said, parts.note, parts.behind);
  return { id, chart, figure, ...parts };
};

const fillTable = (panel) => {
  panel.behind.querySelector(".table")?.remove();
  panel.figure.classList.toggle("wide", panel.behind.open); // a table wants the whole width
  if (panel.behind.open && panel.table) panel.behind.append(madeTable({ id: `table-${panel.id}`, ...panel.table }));
};

const draw = (panel, view) => {
  const width = Math.floor(clamp(panel.plot.clientWidth || 600, 280, 1300));
  const held = panel.plot.contains(document.activeElement);
  const say = (text) => { panel.said.textContent = text; };
  say("");
  const { title, about, alt, root, keys = [], table, note = "" } = panel.chart({ ...view, say }, width);
  panel.title.textContent = title;
  panel.about.textContent = about;
  panel.note.textContent = note;
  panel.note.hidden = !note;
  panel.keys.replaceChildren(...keys.map((parts) => element("li", {}, parts[0], " ", parts[1])));
  panel.plot.replaceChildren(...(root ? [root] : []));
  if (root) {
    root.setAttribute("role", "group");
    root.setAttribute("aria-label", alt);
    if (!panel.said.textContent && root.querySelector(".point")) say(HINT);
    if (held) panel.plot.querySelector('[tabindex="0"]')?.focus();
  }
  panel.said.hidden = !panel.said.textContent;
  Object.assign(panel, { table, width });
  fillTable(panel);
};
