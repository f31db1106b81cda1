/* Tables: sorted by a heading, filtered by words, whether they came with the page or were made from its figures. */

/* A cell: the words that are read, the full figure that sorts and downloads, where it leads, its mark. */
const cell = (text, more = {}) => ({ text, ...more });
const figureCell = (value, write, missing = NOT_AVAILABLE) =>
  (isMissing(value) ? cell(missing) : cell(write(value), { value }));

const madeCell = ({ text, value, address, mark }, heads, numeric) => {
  const made = element(heads ? "th" : "td");
  if (heads) made.scope = "row";
  else if (!numeric) made.className = "t";
  if (!isMissing(value)) made.dataset.value = value;
  if (mark) made.append(element("span", { className: `mark ${mark}`, ariaHidden: "true" }));
  made.append(address ? element("a", { href: address }, text) : text);
  return made;
};

/* columns: name, numeric, unit; rows: a list of cells each, the first of which heads its row. */
const madeTable = ({ id, caption, columns, rows, file, note = "" }) => {
  const headings = columns.map(({ name, numeric, unit }) => {
    const made = element("th", { scope: "col", className: numeric ? "n" : "" }, name);
    if (unit) made.dataset.unit = unit;
    return made;
  });
  const body = rows.map((cells) => {
    const made = cells.map((one, index) => madeCell(one, index === 0, columns[index].numeric));
    return element("tr", {}, ...made);
  });
  const table = element("table", { id }, element("caption", {}, element("span", {}, caption)),
    element("thead", {}, element("tr", {}, ...headings)), element("tbody", {}, ...body));
  const scroll = element("div", { className: "scroll", role: "region", ariaLabel: caption, tabIndex: 0 }, table);
  const holder = element("div", { className: "table" }, scroll);
  if (note) holder.append(element("p", { className: "note" }, note));
  Object.assign(holder.dataset, { tools: "", file, marking: figures.marking });
  tools(holder);
  return holder;
};

/* Sort keys: the full figure where a cell has one, else its words; cells without a figure go last either way. */
const keyOf = (row, index, numeric) => {
  const cell = row.cells[index];
  if (!numeric) return cell.textContent.trim();
  return cell.dataset.value === undefined ? null : Number(cell.dataset.value);
};

const sortRows = (table, index, numeric, descending) => {
  const body = table.tBodies[0];
  const sign = descending ? -1 : 1;
  const keyed = [...body.rows].map((row) => [keyOf(row, index, numeric), row]);
  keyed.sort(([a], [b]) => {
    if (a === null || b === null) return (a === null) - (b === null);
    return sign * (numeric ? a - b : a.localeCompare(b, "en-GB", { numeric: true }));
  });
  body.append(...keyed.map(([, row]) => row));
};

const sortable = (table, say) => {
  const headings = [...table.tHead.rows[0].cells];
  headings.forEach((heading, index) => {
    const numeric = heading.classList.contains("n");
    const name = heading.textContent.trim();
    const button = element("button", { type: "button" }, name);
    if ("sorted" in heading.dataset) heading.setAttribute("aria-sort", "descending");
    button.addEventListener("click", () => {
      const now = heading.getAttribute("aria-sort");
      const descending = now ? now === "ascending" : numeric;
      headings.forEach((other) => other.removeAttribute("aria-sort"));
      heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
      sortRows(table, index, numeric, descending);
      say(`Sorted by ${name}, ${descending ? "from the highest" : "from the lowest"}`);
    });
    heading.replaceChildren(button);
  });
};

const filterable = (table, input, say) => {
  const rows = [...table.tBodies[0].rows];
  const texts = new Map(rows.map((row) => [row, row.textContent.toLocaleLowerCase("en-GB")]));
  input.addEventListener("input", () => {
    const wanted = input.value.toLocaleLowerCase("en-GB").split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row) => {
      const fits = wanted.every((word) => texts.get(row).includes(word));
      row.classList.toggle("out", !fits);
      shown += fits;
    });
    say(`${shown} of ${rows.length} rows`);
  });
};

const tools = (holder) => {
  const table = holder.querySelector("table");
  const status = element("p", { role: "status" });
  const say = (text) => { status.textContent = text; };
  const id = `filter-${table.id}`;
  const input = element("input", { type: "search", id, autocomplete: "off" });
  const button = element("button", { type: "button" }, "Download as CSV");
  const label = element("label", { htmlFor: id }, "Filter rows");
  holder.prepend(element("div", { className: "tools" }, label, input, button, status));
  sortable(table, say);
  filterable(table, input, say);
  downloadable(table, button, holder.dataset.file, holder.dataset.marking);
};
