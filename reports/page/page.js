/* What the page does beyond being read: each feature finds its own elements, and the page stands without it. */
"use strict";

(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  const element = (tag, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
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

  /* A cell of words that begins like a formula would run as one in a spreadsheet. */
  const quoted = (text) => `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;

  const csvOf = (table, marking) => {
    const headings = [...table.tHead.rows[0].cells].map((heading) => {
      const unit = heading.dataset.unit ? ` (${heading.dataset.unit})` : "";
      return quoted(heading.textContent.trim() + unit);
    });
    const lines = [...table.tBodies[0].rows]
      .filter((row) => !row.classList.contains("out"))
      .map((row) => [...row.cells].map((cell) => cell.dataset.value ?? quoted(cell.textContent.trim())));
    const marked = marking ? [[...headings, '"Marking"'], ...lines.map((line) => [...line, quoted(marking)])] : [headings, ...lines];
    return `\ufeff${marked.map((line) => line.join(",")).join("\r\n")}\r\n`;
  };

  const downloadable = (table, button, file, marking) => {
    button.addEventListener("click", () => {
      const address = URL.createObjectURL(new Blob([csvOf(table, marking)], { type: "text/csv;charset=utf-8" }));
      element("a", { href: address, download: file }).click();
      setTimeout(() => URL.revokeObjectURL(address), 1000);
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

  /* One locality at a time; the choice stands in the address, so that it can be sent on. */
  const chooser = (select) => {
    const articles = all("article.locality");
    const known = (id) => articles.some((article) => article.id === id);
    const show = (id) => {
      articles.forEach((article) => article.classList.toggle("elsewhere", id !== "" && article.id !== id));
      select.value = id;
    };
    const fromAddress = () => decodeURIComponent(location.hash.slice(1));
    select.closest("[hidden]").hidden = false;
    select.addEventListener("change", () => {
      show(select.value);
      history.replaceState(null, "", `#${select.value || "localities"}`);
    });
    addEventListener("hashchange", () => {
      if (!known(fromAddress())) return;
      show(fromAddress());
      document.getElementById(fromAddress()).scrollIntoView();
    });
    show(known(fromAddress()) ? fromAddress() : articles[0].id);
  };

  /* A link to an indicator or a row opens what it lies in, and clears a filter that hides it. */
  const openTarget = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const holder = target?.closest("details");
    if (holder) holder.open = true;
    target?.classList.remove("out");
  };

  all("[data-tools]").forEach(tools);
  all("#choose-locality").forEach(chooser);
  addEventListener("hashchange", openTarget);
  openTarget();
})();
