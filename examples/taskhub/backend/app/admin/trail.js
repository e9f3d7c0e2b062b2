/** The audit trail: who did what, and what it changed. */

import { fill, h } from "./dom.js";
import { Pages } from "./paging.js";
import { fieldOf, flatLists, place, resource, shortId, trail } from "./service.js";
import { referenceNode, timeNode, valueNode } from "./values.js";
import { words } from "./words.js";

/** @typedef {import("./service.js").Field} Field */
/** @typedef {import("./service.js").Resource} Resource */
/** @typedef {import("./service.js").Row} Row */

const UNSAID = "id";

/**
 * Return the history of one row; nothing where this person may not read it.
 *
 * @param {Resource} found
 * @param {string} id
 */
export function historyOf(found, id) {
  const entries = trail();
  if (!entries || !found.audited) {
    return null;
  }
  const [list] = flatLists(entries);
  const pages = new Pages({
    path: list.path,
    ids: [],
    query: () => [
      ["entity_type", found.name],
      ["entity_id", id],
      ["sort", list.sort],
    ],
    limit: 10,
    show: (rows) => entriesOf(rows, false),
    empty: () => h("p", { class: "none" }, "Nothing was recorded."),
  });
  void pages.restart();
  return h("section", { class: "block" }, h("h2", {}, "History"), pages.node);
}

/**
 * Return entries as a list; each opens to what changed.
 *
 * @param {Row[]} rows
 * @param {boolean} [withObject] Whether each says what it is about.
 */
export function entriesOf(rows, withObject = true) {
  return h(
    "ol",
    { class: "trail" },
    rows.map((row) => entry(row, withObject)),
  );
}

/**
 * @param {Row} row
 * @param {boolean} withObject
 */
function entry(row, withObject) {
  const found = resource(row.entity_type);
  const verb = words(String(row.action).split(".").pop() ?? "");
  const about = withObject && [` ${found?.noun ?? words(row.entity_type)} `, object(found, row)];
  const changes = h("div", { class: "changes" });
  const show = (/** @type {Event} */ event) => {
    if (/** @type {HTMLDetailsElement} */ (event.target).open && !changes.hasChildNodes()) {
      fill(changes, difference(found, row));
    }
  };
  return h(
    "li",
    {},
    h("span", { class: "what" }, h("strong", {}, verb), about),
    h(
      "span",
      { class: "who" },
      row.actor_id ? referenceNode("user", row.actor_id) : "the service itself",
      " · ",
      timeNode(row.occurred_at),
    ),
    h("details", { ontoggle: show }, h("summary", {}, "What changed"), changes),
  );
}

/**
 * @param {Resource|undefined} found
 * @param {Row} row
 */
function object(found, row) {
  const isThere = found?.read && row.after !== null;
  const id = h("code", { title: row.entity_id }, shortId(row.entity_id));
  return isThere
    ? referenceNode(found.name, row.entity_id)
    : found
      ? h("a", { href: all(row) }, id)
      : id;
}

/**
 * Return where all entries about a row are.
 *
 * @param {Row} row
 */
function all(row) {
  const entries = /** @type {Resource} */ (trail());
  return place(entries, [], [["entity_id", row.entity_id]]);
}

/**
 * @param {Resource|undefined} found
 * @param {Row} row
 */
function difference(found, row) {
  const before = row.before ?? {};
  const after = row.after ?? {};
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const lines = names
    .filter((name) => name !== UNSAID)
    .map((name) => {
      const field =
        (found && fieldOf(found, name)) ?? plainField(name, before[name] ?? after[name]);
      const cell = (/** @type {string} */ kind, /** @type {any} */ value) =>
        h(
          "td",
          { class: kind, "data-label": kind === "old" ? "Before" : "After" },
          valueNode(field, value),
        );
      return h(
        "tr",
        {},
        h("th", { scope: "row" }, field.label),
        row.before && cell("old", before[name]),
        row.after && cell("new", after[name]),
      );
    });
  const heads = ["Field", row.before && "Before", row.after && "After"].filter(Boolean);
  const head = heads.map((each) => h("th", { scope: "col" }, each));
  const about = `${row.request_id ? `Request ${row.request_id}` : ""}`;
  return [
    h("table", { class: "diff" }, h("thead", {}, h("tr", {}, head)), h("tbody", {}, lines)),
    h("p", { class: "fine" }, about),
  ];
}

/**
 * Return a field that the description does not tell of.
 *
 * @param {string} name
 * @param {any} value
 * @returns {Field}
 */
function plainField(name, value) {
  const kind = value !== null && typeof value === "object" ? "json" : typeof value;
  return { name, label: words(name), kind: kind === "boolean" ? "bool" : kind };
}
