/* What the pages do beyond being read: copy a formula, filter the gallery, sort and filter tables,
   ask the table of properties, read values off a plot, follow relations on the map.  A classic script without requests, so that it works from the disk too.
   Everything on the pages is there without it. */
(() => {
  "use strict";

  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const make = (tag, attributes = {}, html = "") => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.innerHTML = html;
    return element;
  };

  // ---- Copy a formula ------------------------------------------------------------------------

  const ICON = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M19 21H8V7h11m0-2H8a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h11a2 2 0 0 0 2-2V7a2 2 0 0 0-2-2m-3-4H4a2 2 0 0 0-2 2v14h2V3h12z"/></svg>';

  // Browsers offer the clipboard only to pages they trust, which files from the disk may not be.
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const area = make("textarea", { style: "position:fixed;opacity:0", "aria-hidden": "true" });
      area.value = text;
      document.body.append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      return done;
    }
  }

  function addCopyButton(formula) {
    const label = formula.dataset.label ? `Copy LaTeX of ${formula.dataset.label}` : "Copy LaTeX";
    const button = make("button", { type: "button", class: "sa-copy", title: label, "aria-label": label }, ICON);
    button.addEventListener("click", async () => {
      button.dataset.done = (await copy(formula.dataset.tex)) ? "Copied" : "Not allowed";
      setTimeout(() => delete button.dataset.done, 1500);
    });
    formula.append(button);
  }

  // ---- Filters: the gallery and tables share them ----------------------------------------------

  // Each word must begin a word of the entry: "soft" finds softmax, "elu" finds ELU and not GELU.
  // If nothing begins like that, any place will do.
  function matcher(query) {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    const begins = (text, word) => (" " + text.replace(/[_-]/g, " ")).includes(" " + word.replace(/[_-]/g, " "));
    return {
      strict: (text) => words.every((word) => begins(text, word)),
      loose: (text) => words.every((word) => text.includes(word)),
    };
  }

  function filters(form, entries, noun, empty) {
    const text = new Map(entries.map((entry) => [entry, [entry.dataset.name ?? entry.textContent, entry.dataset.family ?? "", entry.dataset.tags ?? ""].join(" ").toLowerCase()]));
    const value = (name) => form.elements.namedItem(name)?.value ?? "";
    const has = (entry, key, wanted) => !wanted || (entry.dataset[key] ?? "").split(" ").includes(wanted);

    function apply() {
      const find = matcher(value("q"));
      const inScope = entries.filter((entry) => has(entry, "family", value("family")) && has(entry, "tags", value("tag")));
      let shown = inScope.filter((entry) => find.strict(text.get(entry)));
      if (!shown.length) shown = inScope.filter((entry) => find.loose(text.get(entry)));
      const visible = new Set(shown);
      for (const entry of entries) entry.hidden = !visible.has(entry);
      const count = form.querySelector(".sa-count");
      if (count) count.textContent = shown.length === entries.length ? `${entries.length} ${noun}` : `${shown.length} of ${entries.length}`;
      if (empty) empty.hidden = shown.length > 0;
    }

    form.addEventListener("input", apply);
    form.addEventListener("change", apply);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.hidden = false;
    apply();
    return () => { form.reset(); apply(); };
  }

  function startGallery(gallery) {
    const form = gallery.querySelector("form.sa-filters");
    if (!form) return;
    const reset = filters(form, all(".sa-card", gallery), "functions", gallery.querySelector(".sa-empty"));
    gallery.querySelector("[data-sa-reset]")?.addEventListener("click", () => {
      reset();
      form.elements.namedItem("q")?.focus();
    });
  }

  // ---- Tables ------------------------------------------------------------------------------------

  // What a cell sorts by; an empty text is an unknown value and comes last in both directions.
  const sortKey = (row, column) => {
    const cell = row.cells[column];
    const text = (cell?.dataset.sort ?? cell?.textContent ?? "").trim();
    const number = text === "" ? NaN : Number(text);
    return { text, number, known: text !== "" };
  };

  function compare(a, b) {
    const numbers = !Number.isNaN(a.number) && !Number.isNaN(b.number);
    // Two infinities are equal, but their difference is not a number.
    if (numbers) return a.number === b.number ? 0 : a.number - b.number;
    return a.text.localeCompare(b.text, "en", { numeric: true, sensitivity: "base" });
  }

  function sortBy(table, column, direction) {
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row) => ({ row, key: sortKey(row, column) }));
    rows.sort((a, b) => (b.key.known - a.key.known) || direction * compare(a.key, b.key));
    body.append(...rows.map(({ row }) => row));
  }

  const headsOf = (table) => [...table.tHead.rows[table.tHead.rows.length - 1].cells];

  function sortAndSay(table, head, direction) {
    const heads = headsOf(table);
    for (const other of heads) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", direction === 1 ? "ascending" : "descending");
    sortBy(table, heads.indexOf(head), direction);
  }

  function makeSortable(table) {
    for (const head of headsOf(table)) {
      const button = make("button", { type: "button", class: "sa-sort" });
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        sortAndSay(table, head, head.getAttribute("aria-sort") === "ascending" ? -1 : 1);
        table.dispatchEvent(new Event("sa-sorted"));
      });
    }
  }

  function startTableFilter(form) {
    const table = document.getElementById(form.dataset.saTable);
    if (table) filters(form, [...table.tBodies[0].rows], "rows", null);
  }

  // ---- Conditions: `bounded and not smooth`, as in `symacts list --where` ---------------------------

  // Answers are true, false or null, which is not established, and the connectives are those of
  // three-valued logic.
  const negation = (answer) => (answer === null ? null : !answer);
  const conjunction = (answers) => (answers.includes(false) ? false : answers.includes(null) ? null : true);
  const disjunction = (answers) => negation(conjunction(answers.map(negation)));

  // Returns what a condition asks of a row; throws an error that says what is wrong with it.
  function readCondition(text, words) {
    const tokens = text.match(/[A-Za-z_]\w*|\S/g) ?? [];
    let at = 0;
    const joined = (word, part, join) => () => {
      const parts = [part()];
      while (tokens[at] === word) { at += 1; parts.push(part()); }
      return parts.length === 1 ? parts[0] : (row) => join(parts.map((ask) => ask(row)));
    };
    function atom() {
      const token = tokens[at];
      if (token === undefined || ["and", "or", ")"].includes(token)) throw new Error(`A word is missing ${token ? `before “${token}”` : "at the end"}.`);
      at += 1;
      if (token === "not") { const ask = atom(); return (row) => negation(ask(row)); }
      if (token === "(") {
        const ask = either();
        if (tokens[at] !== ")") throw new Error("A closing bracket is missing.");
        at += 1;
        return ask;
      }
      if (!words.has(token)) {
        const near = [...words].filter((word) => word.includes(token) || token.includes(word)).slice(0, 4);
        throw new Error(`There is no word “${token}”${near.length ? `; did you mean ${near.join(" or ")}?` : "."}`);
      }
      return (row) => (row.yes.has(token) ? true : row.unknown.has(token) ? null : false);
    }
    const both = joined("and", atom, conjunction);
    const either = joined("or", both, disjunction);
    const ask = either();
    if (at < tokens.length) throw new Error(`“${tokens[at]}” is one too many; join words by “and” or “or”.`);
    return ask;
  }

  // ---- The table of properties: the form and the address of the page say the same ------------------

  function startQuery(form) {
    const table = document.getElementById(form.dataset.saQuery);
    if (!table) return;
    const field = (name) => form.elements.namedItem(name);
    const heads = headsOf(table);
    const words = new Set([...field("word").options].map((option) => option.value));
    const boxes = all("input[name=column]", form);
    const usual = boxes.filter((box) => box.checked).map((box) => box.value).join(",");
    const columnOf = (name) => heads.findIndex((head) => head.dataset.column === name);
    const setOf = (text) => new Set((text ?? "").split(" ").filter(Boolean));
    const rows = [...table.tBodies[0].rows].map((row) => ({
      row, yes: setOf(row.dataset.yes), unknown: setOf(row.dataset.unknown), text: `${row.dataset.name} ${row.dataset.family}`.toLowerCase(),
    }));
    const order = rows.map(({ row }) => row);
    const said = form.querySelector(".sa-query-said");
    const command = form.querySelector(".sa-query-command");
    const style = document.head.appendChild(document.createElement("style"));
    const ranges = new Map();
    let ask = () => true;

    const checked = () => boxes.filter((box) => box.checked).map((box) => box.value).join(",");
    const within = (row, name, [least, most]) => {
      const key = row.cells[columnOf(name)].dataset.sort;
      return key !== "" && !(Number(key) < (least === "" ? -Infinity : Number(least))) && !(Number(key) > (most === "" ? Infinity : Number(most)));
    };
    const titles = new Map([...field("number").options].map((option) => [option.value, option.text]));
    const spoken = (name, [least, most]) => {
      const title = titles.get(name);
      return (most === "" ? `${title} ≥ ${least}` : least === "" ? `${title} ≤ ${most}` : `${least} ≤ ${title} ≤ ${most}`).replaceAll("-", "−");
    };

    function readWhere() {
      const text = field("where").value.trim();
      const broken = (() => {
        try { ask = text ? readCondition(text, words) : () => true; return ""; } catch (error) { return error.message; }
      })();
      said.textContent = broken;
      field("where").setAttribute("aria-invalid", broken ? "true" : "false");
      command.hidden = !text || Boolean(broken);
      command.querySelector("code").textContent = `symacts list --where '${text}'`;
    }

    function show() {
      const find = matcher(field("search").value);
      const family = field("family").value;
      const fits = rows.filter((one) => (!family || one.row.dataset.family === family)
        && ask(one) === true && [...ranges].every(([name, ends]) => within(one.row, name, ends)));
      let found = fits.filter((one) => find.strict(one.text));
      if (!found.length) found = fits.filter((one) => find.loose(one.text));
      const visible = new Set(found);
      for (const one of rows) one.row.hidden = !visible.has(one);
      form.querySelector(".sa-count").textContent = found.length === rows.length ? `${rows.length} functions` : `${found.length} of ${rows.length}`;
      const empty = document.querySelector(`[data-sa-empty="${table.id}"]`);
      if (empty) empty.hidden = found.length > 0;
      const off = boxes.filter((box) => !box.checked).map((box) => columnOf(box.value) + 1);
      style.textContent = off.map((n) => `#${table.id} tr > :nth-child(${n})`).join(",") + (off.length ? "{display:none}" : "");
      const list = form.querySelector(".sa-query-ranges");
      list.replaceChildren(...[...ranges].map(([name, ends]) => {
        const item = make("li");
        const button = make("button", { type: "button", class: "sa-chip", "aria-label": `Remove the range ${spoken(name, ends)}` });
        button.textContent = `${spoken(name, ends)} ✕`;
        button.addEventListener("click", () => { ranges.delete(name); fillRange(); update(); field("number").focus(); });
        item.append(button);
        return item;
      }));
    }

    // The form in the address, and back.
    function write() {
      const state = new URLSearchParams();
      for (const name of ["where", "search", "family"]) if (field(name).value.trim()) state.set(name, field(name).value.trim());
      for (const [name, ends] of ranges) state.set(name, ends.join(".."));
      if (checked() !== usual) state.set("columns", checked());
      const head = heads.find((one) => one.hasAttribute("aria-sort"));
      if (head) state.set("sort", (head.getAttribute("aria-sort") === "descending" ? "-" : "") + head.dataset.column);
      const text = state.toString();
      try { history.replaceState(null, "", text ? `#${text}` : location.pathname + location.search); } catch { /* a page in a frame of somebody else */ }
    }

    function read() {
      const hash = location.hash.slice(1);
      // The address of a heading says nothing about the form.
      if (hash && !hash.includes("=")) return;
      const state = new URLSearchParams(hash);
      for (const name of ["where", "search", "family"]) field(name).value = state.get(name) ?? "";
      ranges.clear();
      for (const { value } of field("number").options) {
        const ends = state.get(value)?.split("..");
        if (ends?.length === 2 && ends.every((end) => !Number.isNaN(Number(end)))) ranges.set(value, ends);
      }
      const columns = (state.get("columns") ?? usual).split(",");
      for (const box of boxes) box.checked = columns.includes(box.value);
      const sort = state.get("sort") ?? "";
      const head = heads[columnOf(sort.replace(/^-/, ""))];
      for (const other of heads) other.removeAttribute("aria-sort");
      table.tBodies[0].append(...order);
      if (head) sortAndSay(table, head, sort.startsWith("-") ? -1 : 1);
      fillRange();
      readWhere();
      show();
    }

    const fillRange = () => [field("least").value, field("most").value] = ranges.get(field("number").value) ?? ["", ""];
    const update = () => { readWhere(); show(); write(); };

    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", (event) => {
      const { name } = event.target;
      if (name === "least" || name === "most") {
        const ends = [field("least").value, field("most").value];
        if (ends.join("")) ranges.set(field("number").value, ends); else ranges.delete(field("number").value);
      }
      if (name === "number") fillRange();
      else if (name !== "word" && name !== "answer") update();
    });
    form.querySelector("[data-sa-add]").addEventListener("click", () => {
      const before = field("where").value.trim();
      const first = /\bor\b/.test(before) ? `(${before})` : before;
      field("where").value = (before ? `${first} and ` : "") + field("answer").value + field("word").value;
      update();
    });
    form.querySelector("[data-sa-reset]").addEventListener("click", () => {
      form.reset();
      ranges.clear();
      for (const head of heads) head.removeAttribute("aria-sort");
      table.tBodies[0].append(...order);
      update();
      field("where").focus();
    });
    table.addEventListener("sa-sorted", write);
    addEventListener("hashchange", read);
    form.hidden = false;
    read();
  }

  // ---- The map of relations ------------------------------------------------------------------------

  function startAtlas(atlas) {
    const said = atlas.querySelector(".sa-atlas-said");
    const ties = all(".sa-tie", atlas).map((tie) => ({ tie, ends: tie.dataset.ends.split(" "), text: document.getElementById(tie.getAttribute("href").slice(1)) }));
    const names = all(".sa-place", atlas);
    const point = (event) => {
      const target = event.target.closest(".sa-tie, .sa-place");
      const lit = !target ? [] : ties.filter(({ tie, ends }) => tie === target || ends.includes(target.dataset.place));
      const keys = new Set(lit.flatMap(({ ends }) => ends));
      atlas.classList.toggle("sa-pointed", lit.length > 0);
      for (const { tie } of ties) tie.classList.toggle("sa-lit", lit.some((one) => one.tie === tie));
      for (const name of names) name.classList.toggle("sa-lit", keys.has(name.dataset.place));
      if (!target) return;
      const list = make("ul", { class: "sa-relations" });
      for (const { text } of lit) list.append(make("li", {}, text.innerHTML));
      said.replaceChildren(...(lit.length ? [list] : ["No relation to another function has been found."]));
    };
    for (const kind of ["pointerover", "focusin"]) atlas.querySelector("svg").addEventListener(kind, point);
    atlas.querySelector("svg").addEventListener("pointerleave", point);
  }

  // ---- Read values off a plot -----------------------------------------------------------------------

  // The lines of a path, each a list of points; our figures move absolutely and draw relatively.
  function runsOf(path) {
    const runs = [];
    let [x, y, command, numbers] = [0, 0, "", []];
    for (const [token] of path.getAttribute("d").matchAll(/[a-zA-Z]|-?(?:\d+\.?\d*|\.\d+)/g)) {
      if (/[a-zA-Z]/.test(token)) { [command, numbers] = [token, []]; continue; }
      numbers.push(Number(token));
      if (command === "h") [x, y] = [x + numbers[0], y];
      else if (numbers.length < 2) continue;
      else if (command === "l") [x, y] = [x + numbers[0], y + numbers[1]];
      else [x, y] = numbers;
      if (command === "M") runs.push([]);
      runs.at(-1).push([x, y]);
      numbers = [];
    }
    return runs;
  }

  // The height of a curve at a place, or null where it has none there.
  function heightAt(runs, x) {
    for (const run of runs) {
      const next = run.findIndex(([px]) => px >= x);
      if (next < 0 || run[0][0] > x) continue;
      if (next === 0) return run[0][1];
      const [[ax, ay], [bx, by]] = [run[next - 1], run[next]];
      return bx === ax ? by : ay + ((x - ax) / (bx - ax)) * (by - ay);
    }
    return null;
  }

  // `data-window` says what part of the plane the frame shows, `data-frame` where the frame is.
  function startReadout(svg) {
    const [x0, x1, y0, y1] = svg.dataset.window.split(",").map(Number);
    const [left, top, width, height] = svg.dataset.frame.split(",").map(Number);
    const curves = all("path[data-label]", svg).map((path) => ({ path, label: path.dataset.label, runs: runsOf(path) }));
    const layer = curves[0].path.parentNode;
    const holder = make("div", { class: "sa-readout" });
    const output = make("output", { "aria-hidden": "true", hidden: "" });
    svg.replaceWith(holder);
    holder.append(svg, output);
    const dots = curves.map(({ path }) => {
      const dot = document.createElementNS(svg.namespaceURI, "circle");
      dot.setAttribute("r", "3.5");
      dot.setAttribute("fill", path.getAttribute("stroke"));
      dot.style.display = "none";
      layer.append(dot);
      return dot;
    });

    const hide = () => {
      output.hidden = true;
      for (const dot of dots) dot.style.display = "none";
    };
    svg.addEventListener("pointermove", (event) => {
      const { x } = new DOMPoint(event.clientX, event.clientY).matrixTransform(layer.getScreenCTM().inverse());
      if (x < left || x > left + width) return hide();
      const values = [];
      curves.forEach(({ label, runs }, index) => {
        const y = heightAt(runs, x);
        dots[index].style.display = y === null ? "none" : "";
        if (y === null) return;
        dots[index].setAttribute("cx", x);
        dots[index].setAttribute("cy", y);
        values.push(`${label} ≈ ${(y1 - ((y - top) / height) * (y1 - y0)).toFixed(2)}`);
      });
      output.textContent = [`x = ${(x0 + ((x - left) / width) * (x1 - x0)).toFixed(2)}`, ...values].join("   ").replaceAll("-", "−");
      output.hidden = false;
    });
    svg.addEventListener("pointerleave", hide);
  }

  // ---- What the theme leaves undone -------------------------------------------------------------------

  // A dialog has a name, and what scrolls can be reached and scrolled with the keyboard.
  function completeTheTheme() {
    document.querySelector(".md-search[role=dialog]")?.setAttribute("aria-label", "Search");
    for (const code of all("pre > code")) if (code.scrollWidth > code.clientWidth) code.tabIndex = 0;
  }

  completeTheTheme();
  all(".sa-formula[data-tex]").forEach(addCopyButton);
  all(".sa-gallery").forEach(startGallery);
  all("table[data-sa-sort]").forEach(makeSortable);
  all("form[data-sa-table]").forEach(startTableFilter);
  all("form[data-sa-query]").forEach(startQuery);
  all(".sa-atlas").forEach(startAtlas);
  all("svg.sa-plot[data-window][data-frame]").forEach(startReadout);
})();
