"use strict";
// The page reads without this script; with it, tables sort and copy and the look can be changed.
const root = document.documentElement;
const said = document.getElementById("Said");
const words = said.dataset;
root.classList.add("live");

let silence;
function tell(text) {
  said.textContent = text;
  clearTimeout(silence);
  silence = setTimeout(() => { said.textContent = ""; }, 2500);
}

// ---- copies ----------------------------------------------------------------------------

function linked(item, kind) {  // the text of a file that stands in the page
  const link = item.querySelector(`a[download$=".${kind}"]`).href;
  const bytes = Uint8Array.from(atob(link.slice(link.indexOf(",") + 1)), (c) => c.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}

// The attribute itself, since a browser writes the property out in longhand that Word does not know.
function dress(element, style) { element.setAttribute("style", style); }

// Word and Excel read no style sheet from the clipboard: rules and alignment go into the cells.
function forWord(item) {
  const table = item.querySelector(".wide table").cloneNode(true);
  for (const button of table.querySelectorAll("th > button")) button.replaceWith(button.textContent);
  dress(table, "border-collapse:collapse;font-family:'Times New Roman',SimSun,serif;font-size:10.5pt;color:#000");
  const heads = [...table.tHead.rows], bodies = [...table.tBodies];
  for (const row of table.rows) {
    const first = row === heads[0] || bodies.some((body) => row === body.rows[0]);
    const last = row === bodies.at(-1).rows[bodies.at(-1).rows.length - 1];
    [...row.cells].forEach((cell, i) => {
      const rule = row === heads[0] ? "1.5pt" : "0.75pt";
      dress(cell, `padding:1pt 5pt;font-weight:normal;text-align:${i ? "center" : "left"};`
        + (first ? `border-top:${rule} solid #000;` : "") + (last ? "border-bottom:1.5pt solid #000;" : ""));
    });
  }
  const notes = item.querySelector(".wide table ~ p");
  const below = document.createElement("p");
  below.textContent = notes ? notes.textContent : "";
  dress(below, "font-family:'Times New Roman',SimSun,serif;font-size:9pt;color:#000");
  const title = document.createElement("p");
  title.textContent = item.querySelector("h3").textContent;
  return title.outerHTML + table.outerHTML + (notes ? below.outerHTML : "");
}

function selected(html) {  // the way of browsers that do not give the clipboard away
  const place = document.createElement("div");
  place.style.cssText = "position:fixed;left:-99rem;background:#fff;white-space:pre-wrap";
  if (html.startsWith("<")) place.innerHTML = html; else place.textContent = html;
  document.body.append(place);
  getSelection().selectAllChildren(place);
  const done = document.execCommand("copy");
  getSelection().removeAllRanges();
  place.remove();
  if (!done) throw new Error("not copied");
}

async function copy(item, kind) {
  const text = kind === "word" ? forWord(item) : linked(item, kind).replace(/^\uFEFF/, "");
  try {
    if (kind !== "word") return await navigator.clipboard.writeText(text);
    const plain = item.querySelector(".wide table").innerText;
    const parts = { "text/html": text, "text/plain": plain };
    const blobs = Object.entries(parts).map(([type, part]) => [type, new Blob([part], { type })]);
    return await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
  } catch { return selected(text); }
}

for (const button of document.querySelectorAll("button[data-copy]")) {
  button.addEventListener("click", () => copy(button.closest("article"), button.dataset.copy)
    .then(() => tell(words.copied), () => tell(words.failed)));
}

// ---- sorting ---------------------------------------------------------------------------

// A number as the page prints it, without stars, brackets and blanks between thousands.
function value(cell) {
  const text = cell ? cell.textContent.trim().replace(/^[−–]/, "-").replace(/[\s*()[\]%]/g, "") : "";
  const dot = cell?.closest("[lang]").lang === "ru" ? text.replace(",", ".") : text.replaceAll(",", "");
  return dot && isFinite(dot) ? Number(dot) : text;
}

function order(a, b) {  // numbers, then words; what is empty comes last in either direction
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === typeof b) return a.localeCompare(b, root.lang);
  return typeof a === "number" ? -1 : 1;
}

function sort(table, column, way) {
  for (const body of table.tBodies) {
    const rows = [...body.rows].filter((row) => row.cells.length > 1);
    rows.forEach((row, i) => { row.dataset.at ??= i; });
    rows.sort((a, b) => {
      if (way === "none") return a.dataset.at - b.dataset.at;
      const [x, y] = [value(a.cells[column]), value(b.cells[column])];
      if ((x === "") !== (y === "")) return x === "" ? 1 : -1;
      return way === "ascending" ? order(x, y) : order(y, x);
    });
    body.append(...rows);
  }
}

// Lines that belong together, a coefficient and its error below, are not torn apart.
function sortable(table) {
  const rows = [...table.tBodies].flatMap((body) => [...body.rows]);
  return table.tHead && table.tHead.rows.length === 1 && rows.length > 2
    && rows.every((row) => row.cells[0].textContent.trim())
    && [...table.tHead.rows[0].cells].every((cell) => cell.colSpan === 1);
}

const NEXT = { none: "ascending", ascending: "descending", descending: "none" };
for (const table of document.querySelectorAll(".wide table")) {
  if (!sortable(table)) continue;
  for (const head of table.tHead.rows[0].cells) {
    if (head.tagName !== "TH" || !head.textContent.trim()) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.title = words.sort;
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const way = NEXT[head.getAttribute("aria-sort") ?? "none"];
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      if (way !== "none") head.setAttribute("aria-sort", way);
      sort(table, head.cellIndex, way);
    });
  }
}

// ---- light and dark --------------------------------------------------------------------

const theme = document.getElementById("Theme");
const dark = matchMedia("(prefers-color-scheme: dark)");
function isDark() { return root.dataset.theme ? root.dataset.theme === "dark" : dark.matches; }
function show() { theme.setAttribute("aria-pressed", String(isDark())); }
try { root.dataset.theme = localStorage.getItem("theme") ?? ""; } catch { /* nothing is kept */ }
if (!root.dataset.theme) delete root.dataset.theme;
theme.addEventListener("click", () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  try { localStorage.setItem("theme", root.dataset.theme); } catch { /* nothing is kept */ }
  show();
});
dark.addEventListener("change", show);
show();

document.getElementById("Print").addEventListener("click", () => print());
