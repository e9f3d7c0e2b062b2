/** What rows are called to which others refer, asked for as seldom as possible. */

import { ask } from "./api.js";
import { flatLists, labelOf, offers, resource } from "./service.js";

/** @typedef {import("./service.js").Resource} Resource */
/** @typedef {import("./service.js").Row} Row */
/** @typedef {{id: string, label: string}} Named */

const AT_ONCE = 4;
const FEW = 3;
const MOST_ROWS = 1000;
const PAGE = "200";
const FRESH_MS = 30_000;

/** @type {Map<string, Promise<string|null>>} */
const known = new Map();
/** @type {Map<string, {id: string, settle: (label: string|null) => void}[]>} */
const wanted = new Map();
/** @type {Map<string, {at: number, rows: Promise<Named[]>}>} */
const whole = new Map();

/**
 * Return what a row is called; null when there is no such row for this person.
 *
 * @param {string} name Name of the resource.
 * @param {string} id
 * @returns {Promise<string|null>}
 */
export function nameOf(name, id) {
  const key = `${name}/${id}`;
  let found = known.get(key);
  if (!found) {
    found = new Promise((settle) => want(name, id, settle));
    known.set(key, found);
  }
  return found;
}

/**
 * Take note of what a row is called that was seen anyway, if it says so.
 *
 * @param {Resource} found
 * @param {Row} row
 */
export function remember(found, row) {
  if (row[found.label]) {
    known.set(`${found.name}/${row.id}`, Promise.resolve(labelOf(found, row)));
  }
}

/** Forget all names: somebody else may see other rows. */
export function forgetNames() {
  known.clear();
  whole.clear();
}

/**
 * Whether rows of a resource can be looked for by name.
 *
 * @param {string|undefined} name
 */
export function canSearch(name) {
  const found = resource(name);
  return found !== undefined && flatLists(found).length > 0;
}

/**
 * Return rows whose name has to do with `text`.
 *
 * @param {string} name Name of the resource.
 * @param {string} text
 * @param {AbortSignal} signal
 * @returns {Promise<Named[]>} A few, the likeliest first.
 */
export async function search(name, text, signal) {
  const found = /** @type {Resource} */ (resource(name));
  const [list] = flatLists(found);
  if (text && list.filters.some((each) => each.kind === "search")) {
    const query = /** @type {[string, string][]} */ ([
      ["q", text],
      ["limit", "20"],
    ]);
    const { body } = await ask({ method: "GET", path: list.path, query, signal });
    return body.items.map((/** @type {Row} */ row) => named(found, row));
  }
  const rows = await all(found);
  const sought = text.toLowerCase();
  return rows.filter((each) => each.label.toLowerCase().includes(sought)).slice(0, 20);
}

/**
 * @param {string} name
 * @param {string} id
 * @param {(label: string|null) => void} settle
 */
function want(name, id, settle) {
  if (wanted.size === 0) {
    // All that one view asks for is fetched together.
    setTimeout(fetchWanted, 0);
  }
  wanted.set(name, [...(wanted.get(name) ?? []), { id, settle }]);
}

function fetchWanted() {
  const asked = [...wanted];
  wanted.clear();
  for (const [name, each] of asked) {
    void resolve(name, each);
  }
}

/**
 * @param {string} name
 * @param {{id: string, settle: (label: string|null) => void}[]} asked
 */
async function resolve(name, asked) {
  const found = resource(name);
  const rows = found && asked.length > FEW && canSearch(name) ? await all(found) : [];
  const labels = new Map(rows.map((each) => [each.id, each.label]));
  const left = asked.filter((each) => !labels.has(each.id));
  asked.forEach((each) => labels.has(each.id) && each.settle(labels.get(each.id) ?? null));
  const readOne = async () => {
    for (let each = left.shift(); each; each = left.shift()) {
      each.settle(await readName(found, each.id));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, readOne));
}

/**
 * @param {Resource|undefined} found
 * @param {string} id
 */
async function readName(found, id) {
  if (!found || !offers(found.read)) {
    return null;
  }
  try {
    const { body } = await ask({ method: "GET", path: found.read.path, ids: [id] });
    return labelOf(found, body);
  } catch {
    known.delete(`${found.name}/${id}`);
    return null;
  }
}

/**
 * Return the rows of a resource, as many as can be looked through.
 *
 * @param {Resource} found
 */
function all(found) {
  const kept = whole.get(found.name);
  if (kept && Date.now() - kept.at < FRESH_MS) {
    return kept.rows;
  }
  const rows = pages(found).catch(() => {
    whole.delete(found.name);
    return [];
  });
  whole.set(found.name, { at: Date.now(), rows });
  return rows;
}

/** @param {Resource} found */
async function pages(found) {
  const [list] = flatLists(found);
  /** @type {Named[]} */
  const rows = [];
  let cursor = "";
  do {
    const query = [["limit", PAGE], ...(cursor ? [["cursor", cursor]] : [])];
    const asked = /** @type {[string, string][]} */ (query);
    const { body } = await ask({ method: "GET", path: list.path, query: asked });
    rows.push(...body.items.map((/** @type {Row} */ row) => named(found, row)));
    cursor = body.next ?? "";
  } while (cursor && rows.length < MOST_ROWS);
  return rows;
}

/**
 * @param {Resource} found
 * @param {Row} row
 * @returns {Named}
 */
function named(found, row) {
  remember(found, row);
  return { id: row.id, label: labelOf(found, row) };
}
