// What the page offers beside its text: filters, and a way back along links. It says everything
// without them. The words are in the page's data, as they are in the report's templates.
"use strict";
const page = JSON.parse(document.getElementById("page-data").textContent);
const element = (tag, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
};

// A row is shown where the words typed above its table and the facets chosen both allow it.
const hiddenBy = new WeakMap();
const hide = (row, reason, hidden) => {
  const reasons = hiddenBy.get(row) || new Set();
  hiddenBy.set(row, reasons);
  if (hidden) reasons.add(reason);
  else reasons.delete(reason);
  row.hidden = reasons.size > 0;
};

for (const table of document.querySelectorAll("table[data-filter]")) {
  const field = element("input", { type: "search" });
  table.parentElement.before(element("label", { className: "filter" }, table.dataset.filter + " ", field));
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of table.tBodies[0].rows) {
      const text = row.textContent.toLowerCase();
      hide(row, "words", !words.every((word) => text.includes(word)));
    }
  });
}

// By source, actor and the like: rows of other ones are left out, and what stands for them in a picture fades.
// The form is made once the page stands, and the rows are looked through when something is chosen.
const offerFacets = () => {
  let rows = null;
  const facets = new Map();
  const links = new Map();
  const look = () => {
    rows = [...document.querySelectorAll("tr[data-facets]")];
    for (const row of rows) facets.set(row, new Set(row.dataset.facets.split(" ")));
    for (const link of document.querySelectorAll("figure svg a")) {
      const target = link.getAttribute("href").slice(1);
      links.set(target, [...(links.get(target) || []), link]);
    }
  };
  const status = element("p", { className: "small" });
  status.setAttribute("role", "status");
  const selects = [];
  const apply = () => {
    if (!rows) look();
    const wanted = selects.map((select) => select.value).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const out = !wanted.every((value) => facets.get(row).has(value));
      hide(row, "facets", out);
      shown += out ? 0 : 1;
      for (const link of (row.id && links.get(row.id)) || []) link.classList.toggle("faded", out);
    }
    status.textContent = wanted.length
      ? page.words.facets_shown.replace("{shown}", shown).replace("{total}", rows.length) : "";
  };
  const form = element("form", { className: "facets" });
  for (const kind of new Set(page.facets.map(([of]) => of))) {
    const values = page.facets.map(([of, name], at) => [of, name, at]).filter(([of]) => of === kind)
      .sort(([, one], [, other]) => one.localeCompare(other, "en", { numeric: true }));
    if (values.length < 2) continue;
    const select = element("select", {}, element("option", { value: "" }, page.words.facets_all),
      ...values.map(([, name, at]) => element("option", { value: String(at) }, name)));
    select.addEventListener("change", apply);
    selects.push(select);
    form.append(element("label", {}, page.words["facets_" + kind] + " ", select));
  }
  form.append(element("button", { type: "reset" }, page.words.facets_reset), status);
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());
  const box = element("details", { className: "facets", open: matchMedia("(min-width: 72rem)").matches },
    element("summary", {}, page.words.facets_title), form);
  if (selects.length) document.querySelector("nav.contents").append(box);
};
const whenIdle = window.requestIdleCallback || setTimeout;
if (page.facets) whenIdle(offerFacets, { timeout: 1000 });

// Along links and back: where one came from is marked.
const trail = [];
const back = element("button", { type: "button", className: "back", hidden: true });
document.body.append(back);
const place = (node) => node.closest("tr, figure, section, .figures, p, li, header") || node;
const showBack = () => {
  const last = trail.at(-1);
  back.hidden = !last;
  if (last) back.textContent = page.words.back + " " + last.name;
};
document.addEventListener("click", (event) => {
  const link = event.target.closest("main a[href^='#']");
  if (!link) return;
  const from = place(link);
  const name = (link.getAttribute("aria-label") || link.textContent).trim().slice(0, 40);
  document.querySelectorAll(".from").forEach((it) => it.classList.remove("from"));
  from.classList.add("from");
  trail.push({ link, from, name: "“" + name + "”" });
  showBack();
});
back.addEventListener("click", () => {
  const { link, from } = trail.pop();
  document.querySelectorAll(".from").forEach((it) => it.classList.remove("from"));
  from.classList.add("from");
  history.replaceState(null, "", location.pathname);
  link.scrollIntoView({ block: "center" });
  link.focus({ preventScroll: true });
  showBack();
});
// Escape takes the button away, which may cover what one reads.
addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !trail.length) return;
  trail.length = 0;
  document.querySelectorAll(".from").forEach((it) => it.classList.remove("from"));
  showBack();
});
addEventListener("hashchange", () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  if (target.hidden) {
    target.hidden = false;
    target.scrollIntoView();
  }
  if (!target.hasAttribute("tabindex")) target.tabIndex = -1;
  target.focus({ preventScroll: true });
});

// What the document is about is on paper, whether it is open on the screen or not.
addEventListener("beforeprint", () => document.querySelector("header details").setAttribute("open", ""));

// Wide pictures can be enlarged and moved: buttons, keys (+ − 0 and arrows), dragging, Ctrl and wheel.
for (const figure of document.querySelectorAll("figure[data-zoom]")) {
  const svg = figure.querySelector("svg");
  const frame = figure.querySelector(".scroll");
  const whole = svg.viewBox.baseVal;
  const full = { x: whole.x, y: whole.y, width: whole.width, height: whole.height };
  let view = { ...full };
  const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
  const draw = () => {
    view.x = clamp(view.x, full.x, full.x + full.width - view.width);
    view.y = clamp(view.y, full.y, full.y + full.height - view.height);
    svg.setAttribute("viewBox", [view.x, view.y, view.width, view.height].join(" "));
    figure.classList.toggle("zoomed", view.width < full.width);
    figure.dataset.zoom = (full.width / view.width).toFixed(2);
  };
  const zoom = (factor, cx = 0.5, cy = 0.5) => {
    const width = clamp(view.width / factor, full.width / 12, full.width);
    const height = full.height * (width / full.width);
    view = { x: view.x + (view.width - width) * cx, y: view.y + (view.height - height) * cy, width, height };
    draw();
  };
  const pan = (dx, dy) => {
    view.x += dx * view.width;
    view.y += dy * view.height;
    draw();
  };
  const reset = () => {
    view = { ...full };
    draw();
  };
  const acts = { "+": () => zoom(1.4), "=": () => zoom(1.4), "-": () => zoom(1 / 1.4), 0: reset, Escape: reset };
  const moves = { ArrowLeft: [-0.15, 0], ArrowRight: [0.15, 0], ArrowUp: [0, -0.15], ArrowDown: [0, 0.15] };
  const button = (label, sign, act) => {
    const made = element("button", { type: "button" }, sign);
    made.setAttribute("aria-label", label);
    made.title = label;
    made.addEventListener("click", act);
    return made;
  };
  const bar = element("div", { className: "zoom" }, button(page.words.zoom_in, "+", acts["+"]),
    button(page.words.zoom_out, "−", acts["-"]), button(page.words.zoom_reset, "1:1", reset),
    element("span", { className: "small" }, page.words.zoom_keys));
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", page.words.zoom);
  frame.before(bar);
  frame.addEventListener("keydown", (event) => {
    if (event.target !== frame || event.ctrlKey || event.metaKey || event.altKey) return;
    if (acts[event.key]) acts[event.key]();
    else if (moves[event.key] && view.width < full.width) pan(...moves[event.key]);
    else return;
    event.preventDefault();
  });
  frame.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const box = svg.getBoundingClientRect();
    zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2, (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  }, { passive: false });
  let held = null;
  let moved = false;
  svg.addEventListener("pointerdown", (event) => {
    held = view.width < full.width && event.button === 0 ? event : null;
    moved = false;
  });
  svg.addEventListener("pointermove", (event) => {
    if (!held || !event.buttons) return;
    const box = svg.getBoundingClientRect();
    pan((held.clientX - event.clientX) / box.width, (held.clientY - event.clientY) / box.height);
    moved = moved || Math.hypot(held.clientX - event.clientX, held.clientY - event.clientY) > 3;
    held = event;
  });
  svg.addEventListener("click", (event) => {
    if (moved) event.preventDefault();
    moved = false;
  }, true);
  svg.addEventListener("dragstart", (event) => event.preventDefault());
  addEventListener("beforeprint", reset);
}
