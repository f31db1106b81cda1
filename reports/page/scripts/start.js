/* A link to an indicator or a row opens what it lies in, and clears a filter that hides it. */
const openTarget = () => {
  if (location.hash.includes("=")) return; // a view, not a place
  const target = document.getElementById(location.hash.slice(1));
  const holder = target?.closest("details");
  if (holder) holder.open = true;
  target?.classList.remove("out");
};

/* What can only be looked at where scripts run is a link from here on. */
const linked = (holder) => {
  const link = element("a", { href: holder.dataset.view });
  link.append(...holder.childNodes);
  holder.append(link);
  const hidden = holder.closest("[hidden]");
  if (hidden) hidden.hidden = false;
};

all("[data-tools]").forEach(tools);
if (figures) {
  all("[data-view]").forEach(linked);
  all("#explore").forEach(explorer);
}
addEventListener("hashchange", openTarget);
openTarget();
