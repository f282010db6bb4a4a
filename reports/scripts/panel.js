// The what-if panel: facts are switched, and what the program answered for just these settings is
// shown. Nothing is estimated here: where the page has no answer, it says so and names the command.
{
  const section = document.querySelector("section.panel");
  const data = JSON.parse(document.getElementById(section.id + "-data").textContent);
  const words = data.words;
  const chosen = new Map();

  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  // One decimal, a half to the even digit, as the program rounds: exact ties are quarters.
  const percent = (share) => {
    const value = share * 100;
    if (Math.abs(value * 4) % 2 !== 1) return value.toFixed(1) + "\u00a0%";
    const tenths = Math.floor(value * 10);
    return ((tenths % 2 ? tenths + 1 : tenths) / 10).toFixed(1) + "\u00a0%";
  };
  const range = ([low, , high]) => percent(low).slice(0, -2) + " " + words.to + " " + percent(high);

  const settings = () => data.switches.filter((it) => chosen.has(it.node))
    .map((it) => [it.node, chosen.get(it.node)]).sort(([a], [b]) => (a < b ? -1 : 1));
  const key = () => settings().map((pair) => pair.join("=")).join(",");

  const number = (tag, value, shown, small) => {
    const cell = make(tag, { className: "share" }, make("strong", {}, shown));
    cell.dataset.value = JSON.stringify(value);
    if (small) cell.append(make("br"), make("small", {}, small));
    return cell;
  };
  const blank = () => make("td", { className: "share" }, "–");
  const interval = (value) => (value ? number("td", value, percent(value[1]), range(value)) : blank());

  const change = (before, after) => {
    if (!after) return blank();
    const points = percent(after[1] - before[1]).slice(0, -2);
    const sign = after[1] > before[1] ? "+" : "";
    return make("td", { className: "share" }, points === "0.0" || points === "-0.0" ? "0.0" : sign + points.replace("-", "−"));
  };

  const table = (caption, columns, rows) => make("table", {},
    make("caption", {}, caption),
    make("thead", {}, make("tr", {}, ...columns.map((title, at) =>
      make("th", { scope: "col", className: at ? "share" : "text" }, title)))),
    make("tbody", {}, ...rows));
  const row = (id, name, ...cells) => {
    const made = make("tr", {}, make("th", { scope: "row" }, name), ...cells);
    made.dataset.id = id;
    return made;
  };

  const shares = (recorded, answer) => table(words.shares, [words.party, words.recorded, words.then, words.change], [
    ...data.parties.map(([id, name], at) => row(id, name, interval(recorded.shares[at]),
      interval(answer.shares && answer.shares[at]), change(recorded.shares[at], answer.shares && answer.shares[at]))),
    row("", words.unattributed, interval(recorded.unattributed), interval(answer.unattributed),
      change(recorded.unattributed, answer.unattributed)),
  ]);
  const harms = (answer) => table(words.outcome, [words.harm, words.still], data.harms.map(([id, title], at) =>
    row(id, title, answer.harms ? number("td", answer.harms[at], percent(answer.harms[at])) : blank())));

  const result = make("div", { className: "result" });
  const said = make("p", { className: "said" });
  said.setAttribute("role", "status");

  const show = () => {
    const recorded = data.answers[""];
    const answer = data.answers[key()];
    const command = ["attribution whatif CASE", ...settings().map(([node, value]) => `--set ${node}=${value}`)].join(" ");
    said.replaceChildren(!answer ? words.missing : !chosen.size ? words.untouched : words.answered);
    section.dataset.state = answer ? "answered" : "missing";
    const parts = [];
    if (answer) {
      for (const note of [answer.reason, answer.caveat]) if (note) parts.push(make("p", {}, note));
      parts.push(shares(recorded, answer), harms(answer));
    }
    if (chosen.size) parts.push(make("p", { className: "small" }, words.command + " ", make("code", {}, command)));
    result.replaceChildren(...parts);
  };

  const option = (fact, value, label) => {
    const field = make("input", { type: "radio", name: "switch-" + fact.node, value: String(value), checked: value === "" });
    field.addEventListener("change", () => {
      if (value === "") chosen.delete(fact.node);
      else chosen.set(fact.node, value);
      show();
    });
    return make("label", {}, field, " " + label);
  };
  const fieldset = (fact) => make("fieldset", {},
    make("legend", {}, make("a", { href: "#" + fact.anchor }, fact.statement), " ", make("small", {}, fact.kind)),
    option(fact, "", words.as_recorded),
    ...fact.values.map((value) => option(fact, value, value ? words.true : words.not_so)));

  const group = (title, facts) => (facts.length ? [make("h4", {}, title), ...facts.map(fieldset)] : []);
  const form = make("form", {}, ...group(words.free, data.switches.slice(0, data.free)),
    ...group(words.alone, data.switches.slice(data.free)));
  form.addEventListener("reset", () => { chosen.clear(); show(); });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.append(make("button", { type: "reset" }, words.reset));
  const answered = make("div", { className: "answered" }, said, result);
  section.append(make("div", { className: "board" }, form, answered));
  section.hidden = false;
  show();
}
