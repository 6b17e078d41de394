// The page of the dashboard: draws what dashboard.py sends, and tells it what was clicked. No figure is computed here.

const PROGRESS = 300; // ms before the progress sign shows
const DENSE = 8; // columns above which a table is set smaller
const KEEP = 1500; // ms without a click before the cell keeps the picture
const SLACK = 120; // px that may stay empty below a chart that became smaller
const TYPING = 250; // ms after the last letter before the table is searched: one step back for one word
const OPENS = ["figure", "pick", "project"]; // what shows rows below the chart

const real = (children) => children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== "" && child !== false);

function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && name !== "list") element[name] = value;
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value === true ? "" : value);
  }
  // JupyterLab looks for this on the focused element itself: else a letter typed here is a command of the notebook
  element.setAttribute("data-lm-suppress-shortcuts", "true");
  element.append(...real(children));
  return element;
}

const press = (key, text, onclick, props = {}) => h("button", { type: "button", "data-key": key, onclick, ...props }, text);

// plotly is loaded by JupyterLab as soon as a chart stands in the notebook; else the kernel sends it once
let bundle;
function plotly(model) {
  if (window.Plotly) return Promise.resolve(window.Plotly);
  bundle ??= new Promise((resolve, reject) => {
    model.on("msg:custom", (content, buffers) => {
      if (content.do !== "bundle" || window.Plotly) return;
      const script = h("script", { src: URL.createObjectURL(new Blob([buffers[0]], { type: "text/javascript" })) });
      script.addEventListener("load", () => resolve(window.Plotly));
      script.addEventListener("error", reject);
      document.head.append(script);
    });
    model.send({ do: "bundle" });
  });
  return bundle;
}

function render({ model, el }) {
  el.classList.add("wmo-cell");
  const root = h("section", { className: "wmo", tabIndex: -1 });
  el.append(root);
  const say = (key) => model.get("texts").say[key];

  // ------------------------------------------------------------ telling the kernel, one message at a time
  let number = 0, waiting = 0, timer, opening = false;
  const queue = new Map();
  function tell(what, content = {}, buffers) {
    if (waiting) return queue.set(what, [content, buffers]);
    waiting = ++number;
    opening = OPENS.includes(what);
    root.dataset.wmoIdle = "false";
    timer = setTimeout(() => root.classList.add("busy"), PROGRESS);
    model.send({ do: what, number, ...content }, undefined, buffers);
  }
  function done() {
    clearTimeout(timer);
    root.classList.remove("busy");
    waiting = 0;
    const shown = at.origin.parentElement.classList.contains("traced") ? at.origin : at.heading;
    if (opening) // in sight; the focus stays where it was
      shown.scrollIntoView({ block: "nearest", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    const [next] = queue;
    if (next) {
      queue.delete(next[0]);
      tell(next[0], ...next[1]);
    } else root.dataset.wmoIdle = "true";
  }
  model.on("msg:custom", (content, buffers) => {
    if (content.do === "done" && content.number === waiting) drawn.then(done, done);
    if (content.do === "file") offer(content.name, buffers[0]);
    if (content.do === "copy") copy(content);
  });

  // ------------------------------------------------------------ the frame, made once
  const at = {};
  let typing, choosing = false, filtering = false; // a word being typed; whether columns and their filters stand open
  const place = (name, tag = "div", props = {}) => (at[name] = h(tag, { className: name, ...props }));
  at.title = h("h2");
  at.slider = h("input", {
    type: "range", min: 0, step: 1, "data-key": "date",
    oninput: () => tell("choose", { values: { as_of: model.get("shell").dates[at.slider.value].code } }),
  });
  at.days = h("select", { "data-key": "day", onchange: () => tell("choose", { values: { as_of: at.days.value } }) });
  at.search = h("input", { type: "search", "data-key": "search", oninput: () => { clearTimeout(typing); typing = setTimeout(() => tell("rows", { values: { query: at.search.value } }), TYPING); } });
  at.name = h("input", { type: "text", "data-key": "name", onkeydown: (event) => event.key === "Enter" && save() });
  at.chart = h("div", { className: "chart", role: "img" });
  const save = () => tell("save", { name: at.name.value });
  root.append(
    h("div", { className: "progress", "aria-hidden": "true" }),
    h("header", {}, at.title, h("div", { className: "as-of" }, place("dated", "span"), place("first", "span"), at.slider, at.days, place("clocks", "div", { role: "group" })),
      place("languages"), place("helper"), place("door")),
    place("help", "section", { hidden: true, tabIndex: 0 }),
    h("div", { className: "banner" }, place("example", "p"), place("basis", "div", { role: "group" })),
    h("div", { className: "body" },
      h("div", { className: "filters", role: "group" }, place("choices"), place("steps"), place("views")),
      h("div", { className: "main" }, place("tiles", "dl"), place("tabs", "div", { role: "tablist" }),
        h("div", { className: "panel", role: "tabpanel", id: `wmo-panel-${model.model_id ?? ""}`, tabIndex: -1 },
          h("div", { className: "above" }, place("settings"), place("picked", "p")), at.chart,
          h("div", { className: "told" }, place("sentence", "p", { "aria-live": "polite" }), place("buttons"), place("beside", "p", { className: "beside muted" })), place("message", "p", { role: "status" })),
        h("div", { className: "below" },
          h("section", { className: "under" }, h("div", { className: "heads" }, place("heads"), at.search, place("tools")), place("heading", "h3", { tabIndex: -1 }), place("table"), place("pager")),
          place("origin", "section"))))
  );
  const panel = root.querySelector(".panel"), key = (name) => root.querySelector(`[data-key="${CSS.escape(name)}"]`);
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = root.querySelector("details[open]");
    if (!open && !at.help.hidden) key("help").click();
    if (open) { open.open = false; open.firstElementChild.focus(); }
  });
  const closed = (event) => root.querySelectorAll("details.filter[open]").forEach((d) => d.contains(event.target) || (d.open = false));
  document.addEventListener("pointerdown", closed);

  // ------------------------------------------------------------ drawing the parts
  function swap(name, ...children) { // what stays the same is not replaced: a button may be under the finger
    const part = h("div", {}, children), text = part.innerHTML;
    if (at[name].text === text) return;
    // a focused button that goes would hand the keys to the notebook
    if (at[name].contains(document.activeElement)) root.focus({ preventScroll: true });
    at[name].text = text;
    at[name].replaceChildren(...part.childNodes);
  }

  // an instrument shows one view and its own filters, until the door opens
  const only = () => model.get("only") ?? [], whole = () => !only().length, shows = (name) => whole() || only().includes(name);
  function parts() {
    root.classList.toggle("part", !whole());
    at.days.parentElement.hidden = !shows("as_of");
    at.basis.hidden = !shows("basis");
    for (const [name, { box }] of made) box.hidden = !shows(name) || model.get("shell").apart.includes(name);
    swap("door", model.get("only") && press("door", say(whole() ? "door_back" : "door"), () => tell("door")));
  }

  function head(shell) {
    const language = model.get("texts").language;
    root.lang = language;
    at.title.textContent = say("title");
    at.dated.textContent = say("as_of");
    at.slider.max = shell.dates.length - 1;
    const day = Math.max(0, shell.dates.findIndex((date) => date.code === shell.date));
    if (!at.slider.matches(":active")) at.slider.value = day;
    at.slider.setAttribute("aria-label", say("as_of"));
    at.slider.setAttribute("aria-valuetext", shell.dates[day].label);
    at.first.textContent = shell.dates[0].label;
    if (at.days.options.length !== shell.dates.length || at.days.options[0].text !== shell.dates[0].label)
      at.days.replaceChildren(...shell.dates.map((date) => h("option", { value: date.code }, date.label)));
    at.days.value = shell.dates[day].code;
    at.days.setAttribute("aria-label", say("as_of"));
    at.clocks.setAttribute("aria-label", say("clock"));
    swap("clocks", shell.clocks.map((clock) => press(`clock ${clock.code}`, clock.label, () => tell("choose", { values: { clock: clock.code } }),
      { "aria-pressed": String(clock.on), title: clock.hint })));
    swap("languages", ["nl", "en"].map((code) => press(`language ${code}`, code.toUpperCase(), () => tell("choose", { values: { language: code } }),
      { "aria-pressed": String(code === language), "aria-label": code === "nl" ? "Nederlands" : "English", lang: code })));
    swap("helper", press("help", "?", () => { at.help.hidden = !at.help.hidden; draw(); },
      { "aria-expanded": String(!at.help.hidden), "aria-label": say("help") }));
    swap("help", h("h3", {}, say("help")), h("p", {}, say("help_text")), h("dl", {}, model.get("texts").glossary.map(([term, rule]) => [h("dt", {}, term), h("dd", {}, rule)]).flat()));
    at.example.textContent = shell.banner;
    at.example.classList.toggle("none", !shell.example);
    at.basis.setAttribute("aria-label", say("basis"));
    swap("basis", shell.basis.map((option) => press(`basis ${option.code}`, [option.label, h("small", {}, ` ${option.count}`)],
      () => tell("choose", { values: { basis: option.code } }), { "aria-pressed": String(option.on) })));
  }

  const made = new Map(); // filters stay where they are while their counts change
  function filters(shell) {
    at.choices.parentElement.setAttribute("aria-label", say("filters"));
    for (const filter of shell.filters) {
      const signature = JSON.stringify(filter.options.map((option) => [option.code, option.label]));
      let known = made.get(filter.name);
      if (!known) {
        known = { box: h("details", { className: "filter", name: "wmo-filter" }) };
        made.set(filter.name, known);
        at.choices.append(known.box);
      }
      if (known.signature !== signature) {
        known.signature = signature;
        known.summary = h("span");
        known.label = h("span", { className: "label" });
        known.inputs = filter.options.map((option) => {
          const input = h("input", {
            type: "checkbox", "data-key": `${filter.name} ${option.code}`,
            onchange: () => tell("choose", { values: { [filter.name]: chosen(known) } }),
          });
          const count = h("span", { className: "count" });
          return { code: option.code, input, count, row: h("label", { className: option.below ? "below" : "" }, input, h("span", {}, option.label), count) };
        });
        const clear = press(`clear ${filter.name}`, say("everything"), () => tell("choose", { values: { [filter.name]: [] } }), { className: "link" });
        const find = h("input", { type: "search", "data-key": `find ${filter.name}`, "aria-label": `${filter.label}: ${say("find_option")}`, placeholder: say("find_option"),
          oninput: () => known.inputs.forEach(({ row }) => { row.hidden = !row.textContent.toLowerCase().includes(find.value.trim().toLowerCase()); }) });
        known.box.replaceChildren(h("summary", { "data-key": `filter ${filter.name}` }, known.label, known.summary),
          h("div", { className: "options", role: "group", "aria-label": filter.label }, find, clear, known.inputs.map(({ row }) => row)));
      }
      known.label.textContent = filter.label;
      known.summary.textContent = filter.summary;
      known.box.classList.toggle("on", filter.options.some((option) => option.on));
      filter.options.forEach((option, i) => {
        known.inputs[i].input.checked = option.on;
        known.inputs[i].count.textContent = option.count;
        known.inputs[i].row.classList.toggle("none", option.count === "0");
      });
    }
    swap("steps", h("p", { "aria-live": "polite" }, shell.active),
      h("div", {}, press("undo", `‹ ${say("undo")}`, () => tell("undo"), { disabled: !shell.undo }),
        press("redo", `${say("redo")} ›`, () => tell("redo"), { disabled: !shell.redo }),
        press("reset", say("reset"), () => tell("reset"), { disabled: !shell.any })));
    at.name.setAttribute("aria-label", say("view_name"));
    at.name.placeholder = say("view_name");
    const stored = JSON.stringify([shell.saved, say("views")]);
    if (at.views.text === stored) return;
    at.views.text = stored;
    const open = at.views.querySelector("details")?.open ?? false;
    if (at.views.contains(document.activeElement)) root.focus({ preventScroll: true });
    at.views.replaceChildren(h("details", { className: "filter", open }, h("summary", { "data-key": "views" }, h("span", { className: "label" }, say("views")), h("span", {}, shell.saved.length ? String(shell.saved.length) : "–")),
      h("div", { className: "options" }, h("div", { className: "save" }, at.name, press("save", say("save"), save)),
        h("ul", {}, shell.saved.map((name) => h("li", {}, press(`load ${name}`, name, () => tell("load", { name }), { className: "link" }),
          press(`delete ${name}`, "×", () => tell("delete", { name }), { "aria-label": `${say("delete")}: ${name}` })))))));
  }
  const chosen = (filter) => filter.inputs.filter(({ input }) => input.checked).map(({ code }) => code);

  function main(shell) {
    const number = (tile, column, text) => column ? press(`tile ${tile.name} ${column}`, text, () => tell("figure", { where: "tile", row: [tile.name], column }),
      { className: "link", title: say("open_figure") }) : text;
    swap("tiles", shell.tiles.map((tile) => h("div", {}, h("dt", {}, tile.label, tile.example && h("small", { className: "example" }, tile.example)),
      h("dd", {}, h("strong", {}, number(tile, tile.column, tile.value)), tile.parts.map((part) => [" ", h("span", {}, number(tile, part.column, part.text))])))));
    at.tabs.setAttribute("aria-label", say("views_of"));
    panel.setAttribute("aria-label", shell.views.find((view) => view.code === shell.view).label);
    swap("tabs", shell.views.map((view) => {
      const on = view.code === shell.view;
      return press(`view ${view.code}`, view.label, () => tell("view", { view: view.code }),
        { role: "tab", "aria-selected": String(on), "aria-controls": panel.id, tabIndex: on ? 0 : -1, onkeydown: step });
    }));
    swap("picked", shell.picked && [h("span", {}, shell.picked),
      press("unpick", "×", () => tell("choose", { values: { picked: {} } }), { "aria-label": `${say("unpick")}: ${shell.picked}` })]);
    at.picked.classList.toggle("on", Boolean(shell.picked));
    swap("settings", shell.settings.map((setting) => h("label", {}, `${setting.label} `, h("select", {
      "data-key": `setting ${setting.name}`, onchange: (event) => tell("setting", { name: setting.name, value: event.target.value }),
    }, setting.options.map((option) => h("option", { value: option.code, selected: option.code === setting.value }, option.label))))));
    swap("sentence", shell.opens.length ? shell.opens.map((part, n) => part.column === undefined ? h("span", {}, part.text)
      : press(`said ${n}`, part.text, () => tell("figure", { where: "chart", row: part.row, column: part.column }), { className: "link", title: say("open_figure") })) : shell.sentence);
    at.beside.textContent = shell.beside;
    const file = (suffix, text, does) => press(`file ${suffix}`, text, does, { "aria-label": `${say("download")} ${text}` });
    swap("buttons", model.get("figure") && [file(".png", "PNG", () => picture("png")), file(".svg", "SVG", () => picture("svg"))],
      [".csv", ".xlsx"].map((suffix) => file(suffix, suffix.slice(1), () => tell("table", { suffix }))), file(".docx", "memo", () => tell("memo")), press("copy", say("copy"), () => tell("copy")));
    const { text = "", file: name, wrong } = shell.message;
    at.message.classList.toggle("wrong", Boolean(wrong));
    swap("message", text, name && files.has(name) ? h("a", { href: files.get(name), download: name, "data-key": "download" }, say("download_link")) : "");
  }
  function step(event) {
    const tabs = [...at.tabs.children], here = tabs.indexOf(event.target);
    const to = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = tabs[(to + tabs.length) % tabs.length];
    next.focus();
    next.click();
  }

  function table(page) {
    at.search.setAttribute("aria-label", say("search"));
    at.search.placeholder = say("search");
    if (at.search !== document.activeElement) at.search.value = page.query;
    const kinds = model.get("shell").view === "projects" ? ["projects"] : ["measure", "projects"];
    swap("heads", kinds.map((kind) => press(`rows ${kind}`, say(`rows_${kind}`), () => tell("rows", { values: { kind } }),
      { "aria-pressed": String(kind === page.kind) })));
    at.heading.textContent = page.heading;
    const ask = (values) => tell("rows", { values }), wide = page.columns.length;
    const hide = (column) => ask({ hidden: page.chooser.filter(({ name, on }) => (name === column.name ? on : !on)).map(({ name }) => name) });
    const open = filtering || page.filtered > 0;
    swap("tools", page.chooser.length > 0 && h("details", { className: "filter", open: choosing, ontoggle: (event) => { choosing = event.target.open; } },
      h("summary", { "data-key": "columns" }, h("span", { className: "label" }, say("columns")), h("span", {}, `${wide}/${page.chooser.length + 1}`)),
      h("div", { className: "options", role: "group", "aria-label": say("columns") }, page.chooser.map((column) =>
        h("label", {}, h("input", { type: "checkbox", "data-key": `column ${column.name}`, "data-on": column.on, checked: column.on, onchange: () => hide(column) }), h("span", {}, column.label))))),
      press("filtering", say("column_filters"), () => { filtering = !open; draw(); }, { "aria-expanded": String(open), disabled: page.filtered > 0 }),
      (page.filtered > 0 || page.query) && press("clear table", say("clear_filters"), () => { at.search.value = ""; ask({ query: "", filters: [] }); }));
    const sorted = (column) => (page.sort !== column.name ? "none" : page.descending ? "descending" : "ascending");
    const go = page.does === "project" ? (codes) => tell("project", { project: codes[0] }) : (codes) => tell("pick", { codes });
    const side = (column) => (column.number ? "number" : column.day ? "day" : "");
    const cells = (row, n) => row.cells.map((cell, i) => h("td", { className: side(page.columns[i]) },
      i === page.link && row.codes.length ? press(`row ${n}`, cell || "–", () => go(row.codes), { className: "link", "data-codes": row.codes.join(" ") })
        : row.opens.includes(page.columns[i].name) ? press(`cell ${n} ${page.columns[i].name}`, cell,
          () => tell("figure", { where: "row", row: row.key, column: page.columns[i].name }), { className: "link", title: say("open_figure") }) : cell));
    const folded = (row) => h("td", { colSpan: wide }, press("fold", row.fold, () => ask({ zeros: !row.open }), { className: "link fold", "aria-expanded": String(row.open) }));
    swap("table", h("table", { "aria-label": page.heading, className: wide > DENSE ? "dense" : "" },
      h("thead", {}, h("tr", {}, page.columns.map((column) => h("th", { scope: "col", className: side(column), "aria-sort": sorted(column) },
        press(`sort ${column.name}`, column.label, () => ask({ sort: column.name, descending: page.sort === column.name ? !page.descending : column.number }))))),
        open && h("tr", { className: "asked" }, page.columns.map((column) => h("td", {}, h("input", { type: "text", "data-key": `asked ${column.name}`, "data-asked": column.filter, value: column.filter, size: 4,
          "aria-label": `${column.label}: ${say("column_filter")}`, placeholder: column.number ? "> 100" : "…", onchange: (event) => ask({ filter: [column.name, event.target.value] }) }))))),
      h("tbody", {}, page.rows.map((row, n) => h("tr", { className: row.codes?.length && row.codes[0] === page.project ? "on" : "" }, row.fold ? folded(row) : cells(row, n))))));
    at.table.firstElementChild.parentElement.tabIndex = 0;
    at.table.setAttribute("role", "region");
    at.table.setAttribute("aria-label", page.heading);
    swap("pager", h("span", { "aria-live": "polite" }, [page.wrong, page.count].filter(Boolean).join(" ")), page.pages > 1 && [
      press("back", "‹", () => tell("rows", { values: { page: page.page - 1 } }), { disabled: page.page === 0, "aria-label": say("previous") }),
      press("on", "›", () => tell("rows", { values: { page: page.page + 1 } }), { disabled: page.page + 1 >= page.pages, "aria-label": say("next") })]);
  }

  function behind(found) { // the rows behind a number, or why a cell is empty
    swap("origin", h("h3", {}, `${say("trace")}: ${found.title}`), h("p", {}, found.told), h("ol", {}, found.things.map((thing, n) => h("li", {},
      thing.project ? press(`thing ${n}`, thing.label, () => tell("project", { project: thing.project }), { className: "link" }) : h("b", {}, thing.label),
      thing.example && h("span", { className: "example" }, say("example")),
      thing.lines.map((line) => h("p", { className: "muted" }, [line.what, line.where].filter(Boolean).join("; ")))))),
      h("p", { className: "muted" }, model.get("shell").citation));
  }
  function trace(found) {
    at.origin.parentElement.classList.toggle("traced", Boolean(found.sources || found.things));
    if (found.things) return behind(found);
    if (!found.sources) return swap("origin", h("h3", {}, say("trace")), h("p", { className: "muted" }, say("trace_hint")));
    const pair = (label, value) => [h("dt", {}, label), h("dd", {}, value)];
    swap("origin", h("h3", {}, `${say("trace")}: ${found.title}`), found.sources.map((source) => [
      h("dl", {}, pair(say("list"), `${source.list}, ${source.where}`), pair(say("delivered"), `${source.delivered}, ${source.basis}`),
        source.cells.map(([column, text]) => pair(column, h("q", {}, text))),
        source.findings.map((finding) => pair(say("finding"), h("span", { className: "finding" },
          [`${finding.code} ${finding.text}`, finding.column && ` (${finding.column})`, finding.kept && `; ${say("kept")}: ${finding.kept}`]))).flat())]),
      h("p", { className: "muted" }, model.get("shell").citation));
  }

  // ------------------------------------------------------------ the chart
  const dark = () => document.body.dataset.jpThemeLight === "false";
  let drawn = Promise.resolve(), shown = "", tall = {};
  async function chart() {
    const figure = model.get("figure"), shell = model.get("shell");
    at.chart.setAttribute("aria-label", shell.alt || shell.sentence);
    at.chart.hidden = !figure;
    const key = figure + dark();
    if (!figure || key === shown) return;
    const library = await plotly(model);
    const { data, layout } = JSON.parse(dark() ? figure.replace(/#[0-9A-F]{6}\b/gi, (colour) => model.get("texts").dark[colour.toUpperCase()] ?? colour) : figure);
    if (tall.view !== shell.view + shell.settings.map((setting) => setting.value)) tall = { view: shell.view + shell.settings.map((setting) => setting.value), px: 0 };
    if (tall.px - layout.height > SLACK) tall.px = 0; // a far smaller chart leaves no gap
    tall.px = Math.max(tall.px, layout.height); // nothing below the chart jumps while filters change
    at.chart.style.minHeight = `${tall.px}px`;
    await library.react(at.chart, data, layout, { displayModeBar: false, responsive: false });
    if (!shown) {
      at.chart.on("plotly_click", ({ points }) => {
        const codes = points[0].customdata ?? points[0].data.customdata?.[0]; // an area is one mark of many points
        if (codes !== undefined && codes !== null) tell("pick", { codes: [codes].flat(), mark: points[0].data.name ?? "" });
      });
      at.chart.on("plotly_clickannotation", ({ index }) => {
        const found = at.chart.layout.meta.opens.find(({ note }) => note === index);
        if (found) tell("figure", { where: "chart", row: found.row, column: found.column });
      });
    }
    for (const { note } of layout.meta.opens) at.chart.querySelector(`.annotation[data-index="${note}"]`)?.classList.add("opens");
    shown = key;
  }
  async function image(format, scale) {
    const library = await plotly(model), { data, layout } = JSON.parse(model.get("figure"));
    layout.shapes = (layout.shapes ?? []).filter((shape) => shape.name !== "ring");
    const url = await library.toImage({ data, layout }, { format, scale, width: layout.width, height: layout.height });
    return (await fetch(url)).arrayBuffer();
  }
  const picture = async (format) => tell("picture", { suffix: `.${format}` }, [await image(format, format === "png" ? 2 : 1)]);
  // what the cell shows once the kernel is gone: sent when the reader rests
  let keeping;
  async function keep() {
    const state = model.get("state");
    if (!model.get("figure")) return;
    model.send({ do: "keep" }, undefined, [await image("svg", 1)]);
    root.dataset.wmoKept = state;
  }
  const copy = ({ html, text }) => navigator.clipboard?.write([new ClipboardItem(
    Object.fromEntries(Object.entries({ "text/html": html, "text/plain": text }).map(([type, told]) => [type, new Blob([told], { type })])))]).catch(() => {});
  const files = new Map();
  function offer(name, buffer) {
    files.set(name, URL.createObjectURL(new Blob([buffer])));
    draw();
  }

  // ------------------------------------------------------------ all of it
  function draw() {
    const shell = model.get("shell");
    if (!shell.views) return;
    const held = root.contains(document.activeElement) && document.activeElement.dataset.key;
    head(shell); filters(shell); main(shell); table(model.get("table")); trace(model.get("trace")); parts();
    if (held && document.activeElement === root) (key(held) ?? at.heading).focus({ preventScroll: true });
    drawn = chart().then(() => { root.dataset.wmoState = model.get("state"); });
    clearTimeout(keeping);
    if (model.get("only")) keeping = setTimeout(keep, KEEP);
  }
  model.on("change", draw);
  const themed = new MutationObserver(draw);
  themed.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  let wide = 0;
  const sized = new ResizeObserver(() => {
    const width = Math.floor(panel.clientWidth);
    if (width > 0 && Math.abs(width - wide) > 8) { wide = width; tell("open", { width }); }
  });
  sized.observe(panel);
  draw();
  return () => {
    themed.disconnect(); sized.disconnect(); clearTimeout(keeping);
    document.removeEventListener("pointerdown", closed);
    model.off("change", draw);
    window.Plotly?.purge(at.chart);
  };
}

export default { render };
