/** Rows that were deleted, for whoever may restore them. */

import { ask } from "./api.js";
import { toast } from "./dialogs.js";
import { busy, button, fill, h } from "./dom.js";
import { Pages } from "./paging.js";
import { faultPanel } from "./refusals.js";
import { offers } from "./service.js";
import { tableOf } from "./table.js";
import { capital } from "./words.js";

/** @typedef {import("./service.js").Resource} Resource */
/** @typedef {import("./service.js").Row} Row */

/** What stands for the deleted rows of a resource in addresses. */
export const DELETED = "deleted";

/**
 * Show what was deleted of a resource, the newest first.
 *
 * @param {HTMLElement} main
 * @param {Resource} found
 */
export function showDeleted(main, found) {
  const { path, permission, columns } = /** @type {NonNullable<Resource["deleted"]>} */ (
    found.deleted
  );
  const list = { title: "", path, permission, filters: [], sorts: [], sort: "", columns };
  // A row that is deleted has no page of its own.
  const unread = { ...found, read: undefined };
  const notice = h("div", { class: "notice" });
  const extra = (/** @type {Row} */ row) => restoreButton(found, row, again, fail);
  const pages = new Pages({
    path,
    ids: [],
    query: () => [],
    show: (rows) => tableOf(unread, list, rows, { extra }),
    empty: () => h("p", { class: "none" }, `There are no deleted ${found.nouns} to restore.`),
  });
  const again = () => pages.restart();
  const fail = (/** @type {unknown} */ fault) => fill(notice, faultPanel(fault));
  const title = h("h1", { tabindex: "-1" }, `Deleted ${found.nouns}`);
  fill(main, h("header", { class: "head" }, title), notice, pages.node);
  void pages.restart();
}

/**
 * @param {Resource} found
 * @param {Row} row
 * @param {() => unknown} done
 * @param {(fault: unknown) => void} fail
 */
function restoreButton(found, row, done, fail) {
  const { restore } = found;
  if (!offers(restore)) {
    return null;
  }
  const { method, path } = restore;
  const run = async () => {
    await busy(press, () => ask({ method, path, ids: [row.id] }));
    toast(`${capital(found.noun)} restored.`);
    await done();
  };
  const press = button("Restore", () => run().catch(fail), "quiet");
  return press;
}
