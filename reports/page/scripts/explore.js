/* Explore: choose an area, an indicator, a programme; all charts follow, and the address says what is shown. */
const RESULTS = 12;

const choice = (id, label, groups) => {
  const select = element("select", { id });
  groups.forEach(([name, options]) => {
    const made = options.map(([value, text]) => element("option", { value }, text));
    select.append(...(name ? [element("optgroup", { label: name }, ...made)] : made));
  });
  return [select, element("p", {}, element("label", { htmlFor: id }, label), select)];
};

const areaGroups = () => figures.kinds.map(({ many }, kind) => [sentenceCase(many),
  figures.areas.code.flatMap((_, area) => (figures.areas.kind[area] === kind ? [[area, nameOf(area)]] : []))]);

const byName = (places) => places.sort((a, b) => figures.indicators[a].name.localeCompare(figures.indicators[b].name, "en-GB"));
const indicatorGroups = (programme) => figures.programmes.flatMap((name, place) => {
  const own = byName(figures.indicators.map((_, at) => at).filter((at) => figures.indicators[at].programme === place));
  return programme < 0 || programme === place ? [[name, own.map((at) => [at, figures.indicators[at].name])]] : [];
});

const found = (text) => {
  const wanted = text.toLocaleLowerCase("en-GB").split(/\s+/).filter(Boolean);
  if (!wanted.length) return [];
  const fits = (words_) => wanted.every((word) => words_.toLocaleLowerCase("en-GB").includes(word));
  const areas = figures.areas.code.flatMap((code, area) => (fits(`${nameOf(area)} ${code} ${kindOf(area).one}`)
    ? [[addressWith({ area }), `${nameOf(area)}, ${kindOf(area).one}`]] : []));
  const indicators = figures.order.flatMap((indicator) => {
    const { name, code, programme } = figures.indicators[indicator];
    return fits(`${name} ${code} ${figures.programmes[programme]}`) ? [[addressWith({ indicator, programme: -1 }), `${name}, ${figures.programmes[programme]}`]] : [];
  });
  return [...areas, ...indicators];
};

const finder = () => {
  const input = element("input", { type: "search", id: "find", autocomplete: "off" });
  const status = element("p", { role: "status" });
  const list = element("ul", { className: "found" });
  const clear = () => { input.value = ""; list.replaceChildren(); status.textContent = ""; };
  input.addEventListener("input", () => {
    const results = found(input.value);
    list.replaceChildren(...results.slice(0, RESULTS).map(([href, text]) => element("li", {}, element("a", { href }, text))));
    status.textContent = input.value.trim() ? `${results.length} found${results.length > RESULTS ? `, the first ${RESULTS} are shown` : ""}` : "";
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") list.querySelector("a")?.click();
    if (event.key === "Escape") clear();
  });
  list.addEventListener("click", clear);
  return element("div", { className: "find" }, element("p", {}, element("label", { htmlFor: "find" }, "Find an area or indicator"), input), status, list);
};

const inquiryOf = (indicator) => {
  const article = document.getElementById(indicator.anchor);
  const asked = article?.querySelector("dl.inquiry")?.cloneNode(true) ?? element("dl", { className: "inquiry" });
  if (indicator.notes.length) {
    asked.append(element("div", {}, element("dt", {}, "Method and data quality"),
      ...indicator.notes.map((note) => element("dd", {}, figures.notes[note])),
      element("dd", {}, element("a", { href: "#method" }, "All methods"), ", ", element("a", { href: "#quality" }, "all findings"))));
  }
  return asked;
};

const explorer = (section) => {
  const [area, areaField] = choice("choose-area", "Area", areaGroups());
  const [programme, programmeField] = choice("choose-programme", "Programme", [["", [[-1, "All programmes"], ...figures.programmes.map((name, place) => [place, name])]]]);
  const [indicator, indicatorField] = choice("choose-indicator", "Indicator", []);
  const status = element("p", { role: "status", className: "note" });
  const title = element("h3", { tabIndex: -1 });
  const said = element("p", { className: "verdict" });
  const worth = element("p");
  const beside = element("div", { className: "beside" });
  const panels = CHARTS.map(madePanel);
  section.append(
    element("div", { className: "choose", role: "group", ariaLabel: "Choose what is shown" }, areaField, programmeField, indicatorField, finder()),
    status, element("div", { className: "view" }, element("div", {}, title, said, worth), beside),
    element("div", { className: "panels" }, ...panels.map(({ figure }) => figure)),
  );

  const fillIndicators = () => {
    const [, field] = choice("choose-indicator", "Indicator", indicatorGroups(state.programme));
    indicator.replaceChildren(...field.querySelector("select").children);
  };

  const show = () => {
    if (!inProgramme(state.indicator, state.programme)) state.indicator = figures.order.find((place) => inProgramme(place, state.programme));
    const chosen = indicatorAt(state.indicator);
    fillIndicators();
    [area.value, programme.value, indicator.value] = [state.area, state.programme, state.indicator];
    title.textContent = `${nameOf(state.area)}: ${chosen.name}`;
    said.textContent = sentenceCase(described(chosen, state.area).slice(nameOf(state.area).length + 2));
    worth.textContent = worthSaid(chosen, state.area);
    beside.replaceChildren(inquiryOf(chosen));
    panels.forEach((panel) => {
      panel.behind.open = state.tables.includes(panel.id);
      draw(panel, state);
    });
  };

  const choose = (changes) => {
    Object.assign(state, changes);
    show();
    history.pushState(null, "", addressOf(state));
    status.textContent = "";
  };
  area.addEventListener("change", () => choose({ area: Number(area.value) }));
  programme.addEventListener("change", () => choose({ programme: Number(programme.value) }));
  indicator.addEventListener("change", () => choose({ indicator: Number(indicator.value) }));
  panels.forEach((panel) => panel.behind.addEventListener("toggle", () => {
    if (panel.behind.open === state.tables.includes(panel.id)) return;
    state.tables = panels.filter(({ behind }) => behind.open).map(({ id }) => id);
    fillTable(panel);
    history.replaceState(null, "", addressOf(state));
  }));

  const fromAddress = () => {
    const asked = viewIn(location.hash);
    if (!asked) return false;
    Object.assign(state, asked.view);
    show();
    status.textContent = asked.unknown.length ? `This page does not have ${series(asked.unknown)}.` : "";
    return true;
  };
  addEventListener("hashchange", () => {
    if (fromAddress() && !section.contains(document.activeElement)) section.scrollIntoView();
  });
  new ResizeObserver(() => {
    panels.filter((panel) => Math.abs(panel.plot.clientWidth - panel.width) > 8).forEach((panel) => draw(panel, state));
  }).observe(section);

  Object.assign(state, firstView());
  section.hidden = false;
  if (fromAddress()) section.scrollIntoView();
  else show();
};

/* A point or a row leads to a view as a link does. */
const go = (address) => { location.hash = address; };
