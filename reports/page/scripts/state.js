/* What is chosen, and the address that says so: #area=SYN001&indicator=copd_admissions&programme=Respiratory */
const state = { area: 0, indicator: 0, programme: -1, tables: [] };

const addressOf = (view) => {
  const parts = new URLSearchParams();
  parts.set("area", figures.areas.code[view.area]);
  parts.set("indicator", figures.indicators[view.indicator].code);
  if (view.programme >= 0) parts.set("programme", figures.programmes[view.programme]);
  if (view.tables?.length) parts.set("tables", view.tables.join("."));
  return `#${parts}`;
};
const addressWith = (changes) => addressOf({ ...state, ...changes });

/* The view that an address names; null where it names a place on the page instead. */
const viewIn = (hash) => {
  if (!figures || !hash.includes("=")) return null;
  const parts = new URLSearchParams(hash.slice(1));
  const unknown = [];
  const place = (name, codes, otherwise) => {
    const asked = parts.get(name);
    if (asked === null) return otherwise;
    if (!codes.includes(asked)) unknown.push(`${name} ${asked}`);
    return codes.includes(asked) ? codes.indexOf(asked) : otherwise;
  };
  const view = {
    area: place("area", figures.areas.code, state.area),
    indicator: place("indicator", figures.indicators.map(({ code }) => code), state.indicator),
    programme: place("programme", figures.programmes, -1),
    tables: (parts.get("tables") ?? "").split(".").filter(Boolean),
  };
  return { view, unknown };
};

/* Where a reader begins: the pack's own area, and the indicator with most to gain. */
const firstView = () => ({ area: Math.max(figures.focus, 0), indicator: figures.order[0], programme: -1, tables: [] });

const inProgramme = (place, programme) => programme < 0 || figures.indicators[place].programme === programme;
