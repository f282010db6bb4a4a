// A field above each long table that shows only the rows with the words typed. The page says
// everything without it.
"use strict";
for (const table of document.querySelectorAll("table[data-filter]")) {
  const label = document.createElement("label");
  const field = document.createElement("input");
  label.className = "filter";
  field.type = "search";
  label.append(table.dataset.filter + " ", field);
  table.parentElement.before(label);
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of table.tBodies[0].rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
    }
  });
}
// A link into a filtered table shows its row all the same.
addEventListener("hashchange", () => {
  const row = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (row && row.hidden) {
    row.hidden = false;
    row.scrollIntoView();
  }
});
