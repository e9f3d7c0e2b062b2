/** Rows in a table; on a narrow screen each row becomes a card, by style alone. */

import { h } from "./dom.js";
import { remember } from "./names.js";
import { fieldOf, labelOf, place } from "./service.js";
import { cellNode } from "./values.js";

/** @typedef {import("./service.js").Field} Field */
/** @typedef {import("./service.js").List} List */
/** @typedef {import("./service.js").Resource} Resource */
/** @typedef {import("./service.js").Row} Row */

const MOST_COLUMNS = 8;
const DIGEST = "sha256";
/** @type {Field} */
const ID = { name: "id", label: "Id", kind: "uuid" };
const STAMPS = ["created_at", "updated_at"];

/**
 * @typedef {object} TableOptions
 * @property {string[]} [without] Columns that are the same in all rows.
 * @property {number} [most] How many columns there is room for.
 * @property {string[]} [sorts] Fields by which the rows can be sorted.
 * @property {string} [sort] The present order; `-` before it for the greatest first.
 * @property {(sort: string) => void} [onsort]
 * @property {(row: Row) => Node|null} [extra] What stands at the end of a row.
 */

/**
 * Return rows of a list as a table.
 *
 * @param {Resource} found
 * @param {List} list
 * @param {Row[]} rows
 * @param {TableOptions} [options]
 */
export function tableOf(found, list, rows, options = {}) {
  const [flags, columns] = columnsOf(found, list, options);
  rows.forEach((row) => remember(found, row));
  const heads = columns.map((field) => headOf(field, options));
  const body = rows.map((row) => rowOf(found, [flags, columns], row, options));
  const last =
    options.extra && h("th", { scope: "col" }, h("span", { class: "unseen" }, "Actions"));
  return h(
    "div",
    { class: "sheet" },
    h("table", {}, h("thead", {}, h("tr", {}, heads, last)), h("tbody", {}, body)),
  );
}

/**
 * Return the fields that mark a row where they are true, and those that have a column: as many as
 * people can read, stamps only if there is room.
 *
 * @param {Resource} found
 * @param {List} list
 * @param {TableOptions} options
 * @returns {[Field[], Field[]]}
 */
function columnsOf(found, list, options) {
  const most = options.most ?? MOST_COLUMNS;
  const hidden = [...(options.without ?? []), ...(found.download ? [DIGEST] : [])];
  const fields = list.columns.flatMap((name) => fieldOf(found, name) ?? []);
  const isFlag = (/** @type {Field} */ { kind, name }) =>
    kind === "bool" && !list.sorts.includes(name);
  const columns = fields.filter((each) => !isFlag(each) && !hidden.includes(each.name));
  const sorted = (options.sort ?? "").replace("-", "");
  const kept = columns.filter(({ name }) => !STAMPS.includes(name) || name === sorted);
  const shown = columns.length > most - STAMPS.length ? kept.slice(0, most) : columns;
  const isNamed = shown.some(({ name }) => name === found.label);
  return [fields.filter(isFlag), isNamed ? shown : [ID, ...shown]];
}

/**
 * @param {Field} field
 * @param {TableOptions} options
 */
function headOf(field, options) {
  if (!options.sorts?.includes(field.name)) {
    return h("th", { scope: "col" }, field.label);
  }
  const isUp = options.sort === field.name;
  const isDown = options.sort === `-${field.name}`;
  const next = isUp ? `-${field.name}` : field.name;
  const arrow = h(
    "span",
    { class: "arrow", "aria-hidden": "true" },
    isUp ? "↑" : isDown ? "↓" : "↕",
  );
  const sorter = h(
    "button",
    { type: "button", onclick: () => options.onsort?.(next) },
    field.label,
    arrow,
  );
  const order = isUp ? "ascending" : isDown ? "descending" : null;
  return h("th", { scope: "col", "aria-sort": order }, sorter);
}

/**
 * @param {Resource} found
 * @param {[Field[], Field[]]} fields Flags and columns.
 * @param {Row} row
 * @param {TableOptions} options
 */
function rowOf(found, [flags, columns], row, options) {
  const cells = columns.map((field) => {
    const isLabel = field.name === found.label || field === ID;
    const content = isLabel ? nameCell(found, flags, row) : cellNode(field, row[field.name], found);
    return h(
      isLabel ? "th" : "td",
      { scope: isLabel ? "row" : null, "data-label": field.label, "data-kind": field.kind },
      content,
    );
  });
  return h("tr", {}, cells, options.extra && h("td", { class: "actions" }, options.extra(row)));
}

/**
 * @param {Resource} found
 * @param {Field[]} flags
 * @param {Row} row
 */
function nameCell(found, flags, row) {
  const label = labelOf(found, row);
  const name = found.read ? h("a", { href: place(found, [row.id]) }, label) : label;
  const marks = flags.filter((each) => row[each.name]);
  const chips = marks.map((each) => h("span", { class: "chip flag" }, each.label));
  return h("span", { class: "named" }, name, chips);
}
