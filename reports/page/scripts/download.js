/* A table as a CSV file: the rows in sight in their order, the figures as full as the page has them. */
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
