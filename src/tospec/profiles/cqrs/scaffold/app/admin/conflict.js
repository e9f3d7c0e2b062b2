/** What to do when a row was changed by somebody else while it was being edited. */

import { button, h } from "./dom.js";
import { valueNode } from "./values.js";

/** @typedef {import("./service.js").Field} Field */
/** @typedef {import("./service.js").Row} Row */

/**
 * @typedef {object} Conflict
 * @property {string} noun
 * @property {Field[]} fields Fields of the form.
 * @property {Row} before The row as it was when editing began.
 * @property {Row} now The row as it is.
 * @property {Record<string, any>} typed What was to be changed.
 * @property {() => void} keep Goes on with what was typed, on top of the row as it is.
 * @property {() => void} discard Begins again from the row as it is.
 */

/**
 * Return a panel that shows what differs and lets somebody choose.
 *
 * @param {Conflict} conflict
 */
export function conflictPanel(conflict) {
  const { fields, before, now, typed } = conflict;
  const differing = fields.filter(({ name }) => name in typed || !same(before[name], now[name]));
  const lines = differing.map((field) => line(field, conflict));
  const heads = ["Field", "When you began", "Now", "Yours"].map((each) =>
    h("th", { scope: "col" }, each),
  );
  const table = h(
    "table",
    { class: "diff" },
    h("thead", {}, h("tr", {}, heads)),
    h("tbody", {}, lines),
  );
  const keep = button("Keep my changes", conflict.keep, "primary");
  const panel = h(
    "div",
    { class: "panel conflict", role: "alert", tabindex: "-1" },
    h("h2", {}, `Somebody changed this ${conflict.noun} while you were editing it`),
    h(
      "p",
      {},
      "Nothing was saved yet. Keep your changes on top of theirs, or begin again from theirs.",
    ),
    table,
    h("div", { class: "buttons" }, keep, button("Discard mine", conflict.discard)),
  );
  return panel;
}

/**
 * @param {Field} field
 * @param {Conflict} conflict
 */
function line(field, { before, now, typed }) {
  const { name, label } = field;
  const theirs = !same(before[name], now[name]);
  const mine = name in typed;
  const cell = (/** @type {string} */ head, /** @type {any} */ value, /** @type {string} */ look) =>
    h("td", { class: look, "data-label": head }, valueNode(field, value));
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, label),
    cell("When you began", before[name], ""),
    cell("Now", now[name], theirs ? "new" : ""),
    mine
      ? cell("Yours", typed[name], "mine")
      : h("td", { "data-label": "Yours" }, h("span", { class: "none" }, "unchanged")),
  );
}

/**
 * @param {any} one
 * @param {any} other
 */
function same(one, other) {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}
