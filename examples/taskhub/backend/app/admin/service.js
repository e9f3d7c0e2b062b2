/** What the service consists of, as `description.json` tells, and where things are on this page. */

import { may } from "./session.js";

/**
 * @typedef {object} Field
 * @property {string} name
 * @property {string} label
 * @property {string} kind
 * @property {boolean} [nullable]
 * @property {boolean} [required]
 * @property {any} [default]
 * @property {string[]} [values]
 * @property {string} [to] Name of the resource that it refers to.
 * @property {string} [about]
 * @property {number} [min_length]
 * @property {number} [max_length]
 * @property {number|string} [min]
 * @property {number|string} [max]
 * @property {string} [pattern]
 * @property {number} [limit]
 */

/** @typedef {Field & {bound?: "from"|"to"|"before", single?: boolean}} Filter */

/**
 * @typedef {object} Operation
 * @property {string} method
 * @property {string} path
 * @property {string|null} permission
 * @property {boolean} [versioned]
 * @property {Field[]} [fields]
 * @property {string} [title]
 */

/** @typedef {Operation & {keyed?: boolean, under?: string, max_size?: number, reveals?: string}} Creation */

/**
 * @typedef {object} Need What a row must be like so that a command is of use.
 * @property {string} field
 * @property {any} [is] What the field must be.
 * @property {any} [not] What it must not be.
 */

/** @typedef {Operation & {about: string, needs?: Need[]}} Asked */

/** @typedef {Asked & {move?: string, from?: string[], to?: string}} Command */

/**
 * @typedef {object} List
 * @property {string} title
 * @property {string} path
 * @property {string|null} permission
 * @property {Filter[]} filters
 * @property {string[]} sorts
 * @property {string} sort
 * @property {string[]} columns Fields that its rows show.
 * @property {string} [under] Name of the resource above, if it lists what belongs to one row.
 * @property {Record<string, string>} [only] Filters that hold for all its rows.
 */

/** @typedef {{field: string, noun: string, to: string, link?: Operation, unlink?: Operation}} Link */

/**
 * @typedef {object} Resource
 * @property {string} name
 * @property {string} segment
 * @property {string} noun
 * @property {string} nouns
 * @property {string} about
 * @property {boolean} audited
 * @property {boolean} [trail] Whether its rows are entries of the audit trail.
 * @property {boolean} [background] Whether its rows are what the service does by itself.
 * @property {Field[]} fields
 * @property {string} label The field by which people call a row.
 * @property {string} [state]
 * @property {List[]} lists
 * @property {Operation} [read]
 * @property {Creation} [create]
 * @property {Operation} [update]
 * @property {Operation} [delete]
 * @property {Operation & {columns: string[]}} [deleted] Lists what was deleted and may be restored.
 * @property {Operation} [restore]
 * @property {Operation} [download]
 * @property {Command[]} commands
 * @property {Link[]} links
 */

/** @typedef {Record<string, any>} Row */

/** @type {{service: string, version: string, resources: Resource[]}} */
let described = { service: "Admin", version: "", resources: [] };

/**
 * Read what the service consists of.
 *
 * @throws {Error} If the description cannot be fetched.
 */
export async function load() {
  const answer = await fetch(new URL("./admin/description.json", document.baseURI));
  if (!answer.ok) {
    throw new Error("The description of the service cannot be read.");
  }
  described = await answer.json();
}

/** Return what the service is called. */
export function serviceName() {
  return described.service;
}

/** Return all resources, in order. */
export function resources() {
  return described.resources;
}

/**
 * Return a resource by its name, if there is one.
 *
 * @param {string|undefined} name
 */
export function resource(name) {
  return described.resources.find((each) => each.name === name);
}

/**
 * Return a resource by what it is called in addresses, if there is one.
 *
 * @param {string} segment
 */
export function resourceAt(segment) {
  return described.resources.find((each) => each.segment === segment);
}

/**
 * Return the lists of a resource that need no row above them, and that this person may see.
 *
 * @param {Resource} found
 */
export function flatLists(found) {
  return found.lists.filter((each) => !each.under && may(each.permission));
}

/**
 * Return the resource whose rows are entries of the audit trail, if this person may read it.
 *
 * @returns {Resource|undefined}
 */
export function trail() {
  return described.resources.find((each) => each.trail && flatLists(each).length > 0);
}

/**
 * Whether this person may ask for an operation, as far as roles decide it.
 *
 * @param {Operation|undefined} operation
 * @returns {operation is Operation}
 */
export function offers(operation) {
  return operation !== undefined && may(operation.permission);
}

/**
 * Return a field of a resource by its name, if it has it.
 *
 * @param {Resource} found
 * @param {string} name
 */
export function fieldOf(found, name) {
  return found.fields.find((each) => each.name === name);
}

/**
 * Return what people call a row.
 *
 * @param {Resource} found
 * @param {Row} row
 */
export function labelOf(found, row) {
  const label = row[found.label];
  return label === null || label === undefined || label === "" ? shortId(row.id) : String(label);
}

/**
 * Return the end of an id, which tells rows apart where there is no name for them.
 *
 * @param {string} id
 */
export function shortId(id) {
  return `…${String(id).slice(-8)}`;
}

/**
 * Return where something is on this page.
 *
 * @param {Resource} found
 * @param {string[]} [steps] What follows: an id, `new`, `edit`.
 * @param {Iterable<[string, string]>} [query]
 */
export function place(found, steps = [], query = []) {
  const path = [found.segment, ...steps].map(encodeURIComponent).join("/");
  const asked = new URLSearchParams([...query]).toString();
  return `#/${path}${asked ? `?${asked}` : ""}`;
}
