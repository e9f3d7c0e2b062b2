/** One row with everything there is to see of it, and what can be done to it. */

import { ask } from "./api.js";
import { fill, h } from "./dom.js";
import { toast } from "./dialogs.js";
import { actionsOf } from "./commands.js";
import { linkedTo } from "./links.js";
import { remember } from "./names.js";
import { faultPanel } from "./refusals.js";
import { relatedTo } from "./related.js";
import { fieldOf, flatLists, labelOf, place, resource } from "./service.js";
import { historyOf } from "./trail.js";
import { referenceNode, valueNode } from "./values.js";
import { Refusal } from "./wire.js";
import { brief, capital } from "./words.js";

/** @typedef {import("./service.js").Resource} Resource */
/** @typedef {import("./service.js").Field} Field */
/** @typedef {import("./service.js").Row} Row */
/** @typedef {import("./commands.js").Subject} Subject */

const STALE = [404, 409, 412];

/**
 * Show a row.
 *
 * @param {HTMLElement} main
 * @param {Resource} found
 * @param {string} id
 * @param {Node|null} [notice] What happened before, to be shown above.
 * @throws {import("./wire.js").Refusal} If it cannot be read.
 */
export async function showItem(main, found, id, notice = null) {
  const path = String(found.read?.path);
  const { body: row, tag } = await ask({ method: "GET", path, ids: [id] });
  remember(found, row);
  const slot = h("div", { class: "notice" }, notice);
  const subject = subjectOf(main, found, row, tag, slot);
  const title = h("h1", { tabindex: "-1" }, brief(labelOf(found, row), 300));
  fill(
    main,
    trailTo(found, row),
    h("header", { class: "head" }, h("div", {}, title, stateOf(found, row)), actionsOf(subject)),
    slot,
    h("div", { class: "item" }, facts(found, row), h("div", { class: "story" }, story(subject))),
  );
}

/**
 * @param {HTMLElement} main
 * @param {Resource} found
 * @param {Row} row
 * @param {string} tag
 * @param {HTMLElement} slot
 * @returns {Subject}
 */
function subjectOf(main, found, row, tag, slot) {
  const again = (/** @type {Node|null} */ notice) => showItem(main, found, row.id, notice);
  return {
    found,
    row,
    tag,
    done: () => again(null),
    gone: () => {
      toast(`The ${found.noun} is gone.`);
      location.hash = homeOf(found, row);
    },
    fail: (fault) => {
      const panel = faultPanel(fault);
      const isStale = fault instanceof Refusal && STALE.includes(fault.status);
      // What refused was the row as it is now: show that, beside the refusal.
      const shown = isStale ? again(panel) : Promise.reject(fault);
      return shown.catch(() => fill(slot, panel));
    },
  };
}

/**
 * Return where one goes from a row: to the list of its kind, or to the row above it.
 *
 * @param {Resource} found
 * @param {Row} row
 */
function homeOf(found, row) {
  const above = aboveOf(found);
  return above ? place(above.of, [row[above.field.name]]) : place(found);
}

/** @param {Resource} found */
function aboveOf(found) {
  const under = flatLists(found).length > 0 ? undefined : found.lists.find((each) => each.under);
  const of = resource(under?.under);
  const field = found.fields.find((each) => of && each.to === of.name);
  return of && field ? { of, field } : null;
}

/**
 * Return the way to a row, as links.
 *
 * @param {Resource} found
 * @param {Row} row
 */
export function trailTo(found, row) {
  const above = aboveOf(found);
  const steps = above
    ? [
        h("a", { href: place(above.of) }, capital(above.of.nouns)),
        referenceNode(above.of.name, row[above.field.name]),
      ]
    : [h("a", { href: place(found) }, capital(found.nouns))];
  return h("nav", { class: "way", "aria-label": "Where this is" }, steps);
}

/**
 * @param {Resource} found
 * @param {Row} row
 */
function stateOf(found, row) {
  const field = found.state ? fieldOf(found, found.state) : undefined;
  return field ? h("p", { class: "state" }, valueNode(field, row[field.name], found)) : null;
}

/**
 * Return the short fields of a row.
 *
 * @param {Resource} found
 * @param {Row} row
 */
function facts(found, row) {
  const linked = found.links.map((each) => each.field);
  const said = [found.label, found.state, ...linked];
  const known = found.fields.filter((each) => each.name in row);
  const short = known.filter((each) => !isLong(each) && !said.includes(each.name));
  const lines = short.flatMap((field) => [
    h("dt", { title: field.about }, field.label),
    h("dd", {}, valueNode(field, row[field.name], found)),
  ]);
  return h("aside", { class: "facts", "aria-label": "Details" }, h("dl", {}, lines));
}

/** @param {Subject} subject */
function story(subject) {
  const { found, row } = subject;
  const texts = found.fields
    .filter((each) => isLong(each) && row[each.name])
    .map((field) =>
      h("section", { class: "block" }, h("h2", {}, field.label), valueNode(field, row[field.name])),
    );
  const links = found.links.map((link) =>
    linkedTo(subject, link, fieldOf(found, link.field)?.label ?? capital(link.noun)),
  );
  return [...texts, ...links, ...relatedTo(found, row), historyOf(found, row.id)];
}

/** @param {Field} field */
function isLong(field) {
  return field.kind === "text" || field.kind === "json";
}
