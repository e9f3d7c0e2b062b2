/** All rows of a resource that this person may see, narrowed down and in an order. */

import { fill, h } from "./dom.js";
import { Filters } from "./filters.js";
import { Pages } from "./paging.js";
import { flatLists, offers, place } from "./service.js";
import { tableOf } from "./table.js";
import { entriesOf } from "./trail.js";
import { capital, words } from "./words.js";

/** @typedef {import("./service.js").Resource} Resource */
/** @typedef {import("./service.js").List} List */
/** @typedef {import("./service.js").Row} Row */

/**
 * Show the list of a resource.
 *
 * @param {HTMLElement} main
 * @param {Resource} found
 * @param {URLSearchParams} query Filters, `sort`, and which `list` when there are several.
 */
export function showList(main, found, query) {
  const lists = flatLists(found);
  const list = lists[Number(query.get("list") ?? 0)] ?? lists[0];
  const sort = () => query.get("sort") ?? list.sort;
  const only = Object.entries(list.only ?? {});
  const isFixed = (/** @type {{name: string}} */ each) => each.name in (list.only ?? {});
  const free = { ...list, filters: list.filters.filter((each) => !isFixed(each)) };
  const filters = new Filters(free, query, () => refresh());
  const pages = new Pages({
    path: list.path,
    ids: [],
    query: () => [...only, ...filters.asked, ["sort", sort()]],
    show: (rows) => shown(found, list, rows, { sorts: list.sorts, sort: sort(), onsort }),
    empty: () => emptyNote(found, filters.asked.length > 0),
  });
  const order = sortControl(list, sort(), (chosen) => onsort(chosen));
  const refresh = () => {
    history.replaceState(null, "", place(found, [], query));
    order.value = sort();
    return pages.restart();
  };
  const onsort = (/** @type {string} */ chosen) => {
    query.set("sort", chosen);
    void refresh();
  };
  filters.node.querySelector(".bar")?.append(order.node);
  fill(main, header(found), tabs(found, lists, list), filters.node, pages.node);
  void pages.restart();
}

/** @param {Resource} found */
function header(found) {
  const title =
    offers(found.create) && !found.create.under && (found.create.title ?? `New ${found.noun}`);
  return h(
    "header",
    { class: "head" },
    h(
      "div",
      {},
      h("h1", { tabindex: "-1" }, capital(found.nouns)),
      found.about && h("p", { class: "about" }, found.about),
    ),
    title && h("a", { class: "button primary", href: place(found, ["new"]) }, title),
  );
}

/**
 * @param {Resource} found
 * @param {List[]} lists
 * @param {List} shownList
 */
function tabs(found, lists, shownList) {
  if (lists.length < 2) {
    return null;
  }
  const links = lists.map((each, n) => {
    const href = place(found, [], n ? [["list", String(n)]] : []);
    return h("a", { href, "aria-current": each === shownList ? "page" : null }, each.title);
  });
  return h("nav", { class: "tabs", "aria-label": "Lists" }, links);
}

/**
 * @param {Resource} found
 * @param {List} list
 * @param {Row[]} rows
 * @param {import("./table.js").TableOptions} options
 */
function shown(found, list, rows, options) {
  return found.trail ? entriesOf(rows) : tableOf(found, list, rows, options);
}

/**
 * Say that there is nothing, and what to do about it.
 *
 * @param {Resource} found
 * @param {boolean} isNarrowed
 */
function emptyNote(found, isNarrowed) {
  const canCreate = offers(found.create) && !found.create.under;
  const advice = canCreate ? h("a", { href: place(found, ["new"]) }, "Make the first one.") : "";
  return h(
    "div",
    { class: "empty" },
    h(
      "p",
      { class: "headline" },
      isNarrowed ? "Nothing fits these filters" : `No ${found.nouns} yet`,
    ),
    h("p", {}, isNarrowed ? "Remove one of them, or look for something else." : advice),
  );
}

/**
 * @param {List} list
 * @param {string} present
 * @param {(sort: string) => void} onsort
 */
function sortControl(list, present, onsort) {
  const choices = list.sorts.flatMap((each) => [
    h("option", { value: each }, `${words(each)} ↑`),
    h("option", { value: `-${each}` }, `${words(each)} ↓`),
  ]);
  const onchange = () => onsort(select.value);
  const select = /** @type {HTMLSelectElement} */ (
    h("select", { "aria-label": "Sort by", onchange }, choices)
  );
  select.value = present;
  return {
    node: h("span", { class: "order" }, select),
    set value(/** @type {string} */ sort) {
      select.value = sort;
    },
  };
}
