/** What belongs or refers to one row: comments of a task, tasks of a project. */

import { ask } from "./api.js";
import { fill, h } from "./dom.js";
import { toast } from "./dialogs.js";
import { deleteButton } from "./commands.js";
import { downloadButton, uploader } from "./files.js";
import { Form } from "./forms.js";
import { KeyOf } from "./keys.js";
import { Pages } from "./paging.js";
import { faultPanel } from "./refusals.js";
import { flatLists, offers, place, resources } from "./service.js";
import { may } from "./session.js";
import { tableOf } from "./table.js";
import { referenceNode, timeNode } from "./values.js";
import { capital } from "./words.js";

/** @typedef {import("./service.js").Resource} Resource */
/** @typedef {import("./service.js").List} List */
/** @typedef {import("./service.js").Filter} Filter */
/** @typedef {import("./service.js").Row} Row */

const FEW = 5;
const INLINE_FIELDS = 2;

/**
 * Return a section for each list that has to do with a row.
 *
 * @param {Resource} found
 * @param {Row} row
 * @returns {Node[]}
 */
export function relatedTo(found, row) {
  const below = resources().flatMap((each) =>
    each.lists
      .filter((list) => list.under === found.name && may(list.permission))
      .map((list) => belonging(found, row, each, list)),
  );
  const beside = resources()
    .filter((each) => !each.trail)
    .flatMap((each) =>
      flatLists(each)
        .slice(0, 1)
        .map((list) => ({ each, list })),
    )
    .flatMap(({ each, list }) =>
      list.filters
        .filter((filter) => filter.kind === "reference" && filter.to === found.name)
        .map((filter) => referring(found, row, each, list, filter)),
    );
  return [...below, ...beside];
}

/**
 * @param {Resource} above
 * @param {Row} row
 * @param {Resource} found
 * @param {List} list
 */
function belonging(above, row, found, list) {
  const notice = h("div", { class: "notice" });
  const fail = (/** @type {unknown} */ fault) => fill(notice, faultPanel(fault));
  /** @returns {Promise<void>} */
  const reload = () => pages.reload();
  /** @type {Pages} */
  const pages = new Pages({
    path: list.path,
    ids: [row.id],
    query: () => [["sort", list.sort]],
    limit: 20,
    show: (rows) => {
      const extra = (/** @type {Row} */ each) => rowActions(found, each, reload, fail);
      return shown(above, found, list, rows, extra);
    },
    empty: () => h("p", { class: "none" }, `No ${found.nouns} yet.`),
  });
  void pages.restart();
  const add =
    offers(found.create) && found.create.under === above.name && adder(found, row, reload, fail);
  return h(
    "section",
    { class: "block" },
    h("h2", {}, capital(found.nouns)),
    notice,
    pages.node,
    add,
  );
}

/**
 * @param {Resource} found
 * @param {Row} above
 * @param {() => unknown} done
 * @param {(fault: unknown) => void} fail
 */
function adder(found, above, done, fail) {
  const create = /** @type {import("./service.js").Creation} */ (found.create);
  if (create.max_size) {
    return uploader(found, [above.id], fail, done);
  }
  const fields = create.fields ?? [];
  if (fields.length > INLINE_FIELDS) {
    const href = place(found, ["new"], [["under", above.id]]);
    return h("a", { class: "button", href }, `New ${found.noun}`);
  }
  const slot = h("div", { class: "adder" });
  const keys = new KeyOf();
  const show = () => {
    const form = new Form({ fields, values: {}, action: `Add ${found.noun}`, send });
    fill(slot, form.node);
  };
  const send = async (/** @type {Form} */ form) => {
    const body = form.values();
    const key = create.keyed ? keys.of(body) : undefined;
    await ask({ method: create.method, path: create.path, ids: [above.id], body, key });
    keys.of(null);
    toast(`The ${found.noun} was added.`);
    show();
    await done();
  };
  show();
  return slot;
}

/**
 * Show rows that belong to another one: what people wrote as text, everything else as a table.
 *
 * @param {Resource} above
 * @param {Resource} found
 * @param {List} list
 * @param {Row[]} rows
 * @param {(row: Row) => Node} extra What can be done to a row.
 */
function shown(above, found, list, rows, extra) {
  const isTalk = found.fields.some((each) => each.name === found.label && each.kind === "text");
  if (isTalk) {
    return h(
      "ol",
      { class: "talk" },
      rows.map((row) => said(found, row, extra(row))),
    );
  }
  const parents = found.fields.filter((each) => each.to === above.name).map((each) => each.name);
  return tableOf(found, list, rows, { without: parents, most: FEW, extra });
}

/**
 * @param {Resource} found
 * @param {Row} row
 * @param {Node} actions
 */
function said(found, row, actions) {
  const who = found.fields.find((each) => each.to === "user" && row[each.name]);
  return h(
    "li",
    {},
    h(
      "p",
      { class: "who" },
      who && referenceNode("user", row[who.name]),
      who && " · ",
      row.created_at && timeNode(row.created_at),
    ),
    h("div", { class: "prose" }, String(row[found.label] ?? "")),
    actions,
  );
}

/**
 * @param {Resource} found
 * @param {Row} row
 * @param {() => unknown} done
 * @param {(fault: unknown) => void} fail
 */
function rowActions(found, row, done, fail) {
  // A list tells no versions as tags; what is deleted here is deleted as it is.
  const subject = { found, row, tag: "", done, fail, gone: done };
  const edit =
    offers(found.update) &&
    h("a", { class: "button quiet", href: place(found, [row.id, "edit"]) }, "Edit");
  const save = offers(found.download) && downloadButton(found, row, fail);
  if (save) {
    save.classList.add("quiet");
  }
  return h(
    "span",
    { class: "small" },
    save,
    edit,
    offers(found.delete) && deleteButton(subject, "quiet"),
  );
}

/**
 * @param {Resource} above
 * @param {Row} row
 * @param {Resource} found
 * @param {List} list
 * @param {Filter} filter
 */
function referring(above, row, found, list, filter) {
  const asked = /** @type {[string, string][]} */ ([[filter.name, row.id]]);
  const pages = new Pages({
    path: list.path,
    ids: [],
    query: () => [...asked, ["sort", list.sort]],
    limit: FEW,
    show: (rows) => tableOf(found, list, rows, { without: [filter.name], most: FEW }),
    empty: () => h("p", { class: "none" }, `No ${found.nouns}.`),
  });
  void pages.restart();
  const create =
    found.create?.fields?.some((each) => each.name === filter.name) && offers(found.create);
  return h(
    "section",
    { class: "block" },
    h(
      "div",
      { class: "blockhead" },
      h(
        "h2",
        {},
        capital(found.nouns),
        h("span", { class: "hint" }, ` ${filter.label}: this ${above.noun}`),
      ),
      h("a", { href: place(found, [], asked) }, "See all"),
      create && h("a", { href: place(found, ["new"], asked) }, `New ${found.noun}`),
    ),
    pages.node,
  );
}
