/* What the pages do beyond being read: copy a formula, filter the gallery, sort and filter tables,
   read values off a plot.  A classic script without requests, so that it works from the disk too.
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

  function makeSortable(table) {
    const heads = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
    heads.forEach((head, column) => {
      const button = make("button", { type: "button", class: "sa-sort" });
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const direction = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", direction === 1 ? "ascending" : "descending");
        sortBy(table, column, direction);
      });
    });
  }

  function startTableFilter(form) {
    const table = document.getElementById(form.dataset.saTable);
    if (table) filters(form, [...table.tBodies[0].rows], "rows", null);
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
  all("svg.sa-plot[data-window][data-frame]").forEach(startReadout);
})();
