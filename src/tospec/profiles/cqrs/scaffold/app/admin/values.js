/** Values of rows, shown. */

import { h } from "./dom.js";
import { nameOf } from "./names.js";
import { place, resource, shortId } from "./service.js";
import { brief, day, duration, moment, shortMoment, size, utc, words } from "./words.js";

/** @typedef {import("./service.js").Field} Field */
/** @typedef {import("./service.js").Resource} Resource */

const TONES = 6;
const COLOUR = /^#[0-9A-Fa-f]{6}$/;
const WEB = /^https?:\/\//;

/** @type {Record<string, (value: any, field: Field) => Node|string>} */
const SHOWN = {
  bool: (value) => (value ? "Yes" : "No"),
  enum: (value) => h("span", { class: "chip plain" }, words(value)),
  timestamp: (value) => timeNode(value),
  date: (value) => h("time", { datetime: value }, day(value)),
  duration: (value) => h("span", { title: value }, duration(value)),
  text: (value) => h("div", { class: "prose" }, value),
  json: (value) => h("pre", { class: "json" }, JSON.stringify(value, null, 2)),
  uuid: (value) => h("code", { title: value }, shortId(value)),
  url: (value) => linkOut(value),
  reference: (value, field) => referenceNode(String(field.to), value),
  references: (value, field) => listOf(value, String(field.to)),
  string: (value) => (COLOUR.test(value) ? swatch(value) : String(value)),
};

/**
 * Fields that every file has.
 *
 * @type {Record<string, (value: any) => Node>}
 */
const OF_FILES = {
  size: (value) => h("span", { title: `${value} bytes` }, size(value)),
  sha256: (value) => h("code", { title: value, class: "digest" }, brief(String(value), 17)),
};

/**
 * Return a value as people see it.
 *
 * @param {Field} field
 * @param {any} value
 * @param {Resource} [of] The resource whose field it is.
 * @returns {Node}
 */
export function valueNode(field, value, of) {
  if (isNothing(value)) {
    return h("span", { class: "none", "aria-label": "nothing" }, "–");
  }
  if (of?.state === field.name) {
    return stateChip(value, field);
  }
  const ofFile = of?.download && OF_FILES[field.name];
  const shown = (ofFile || SHOWN[field.kind] || String)(value, field);
  return shown instanceof Node ? shown : document.createTextNode(shown);
}

/**
 * Return a value as a table shows it: short.
 *
 * @param {Field} field
 * @param {any} value
 * @param {Resource} [of]
 */
export function cellNode(field, value, of) {
  if (field.kind === "text" || field.kind === "json") {
    const text = typeof value === "string" ? value : JSON.stringify(value ?? "");
    return document.createTextNode(brief(text));
  }
  if (field.kind === "timestamp" && value) {
    return h("time", { datetime: value, title: utc(value) }, shortMoment(value));
  }
  return valueNode(field, value, of);
}

/**
 * Return a moment with its time in UTC on hover.
 *
 * @param {string} value
 */
export function timeNode(value) {
  return h("time", { datetime: value, title: utc(value) }, moment(value));
}

/**
 * Return the link to a row, which shows its name as soon as that is known.
 *
 * @param {string} name Name of the resource.
 * @param {string} id
 */
export function referenceNode(name, id) {
  const found = resource(name);
  if (!found?.read) {
    return h("code", { title: id }, shortId(id));
  }
  const link = h("a", { href: place(found, [id]), title: id }, shortId(id));
  void nameOf(name, id).then((label) => {
    link.textContent = label === null ? shortId(id) : brief(label, 60);
    link.classList.toggle("unnamed", label === null);
  });
  return link;
}

/**
 * Return the state of a row; each has a colour of its own, whatever it is called.
 *
 * @param {string} value
 * @param {Field} field
 */
function stateChip(value, field) {
  const tone = Math.max(0, field.values?.indexOf(value) ?? 0) % TONES;
  return h("span", { class: `chip tone-${tone}` }, words(value));
}

/**
 * @param {string[]} ids
 * @param {string} to
 */
function listOf(ids, to) {
  return h(
    "span",
    { class: "chips" },
    ids.map((id) => h("span", { class: "chip" }, referenceNode(to, id))),
  );
}

/** @param {string} colour */
function swatch(colour) {
  const dot = h("span", { class: "swatch", "aria-hidden": "true" });
  dot.style.backgroundColor = colour;
  return h("span", { class: "colour" }, dot, colour);
}

/** @param {string} value */
function linkOut(value) {
  const options = { href: value, rel: "noopener noreferrer", target: "_blank" };
  return WEB.test(value) ? h("a", options, brief(value, 60)) : String(value);
}

/** @param {any} value */
function isNothing(value) {
  return value === null || value === undefined || value === "" || value.length === 0;
}
