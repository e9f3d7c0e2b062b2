/** What lets somebody set the value of one field. */

import { freshId, h } from "./dom.js";
import { Picker } from "./picker.js";
import { words } from "./words.js";

/** @typedef {import("./service.js").Field} Field */

/**
 * @typedef {object} Control
 * @property {Field} field
 * @property {HTMLElement} node What is shown.
 * @property {HTMLElement} focus What is called by the label, and gets the focus.
 * @property {() => any} read The value as the API takes it.
 * @property {(value: any) => void} write
 */

/**
 * Return what sets a field.
 *
 * @param {Field} field
 * @param {any} value What it is at first.
 * @returns {Control}
 */
export function controlFor(field, value) {
  const make = MAKERS[field.kind] ?? textControl;
  const control = make(field);
  control.write(value ?? null);
  return control;
}

/** @type {Record<string, (field: Field) => Control>} */
const MAKERS = {
  bool: (field) => (field.nullable ? choiceControl(field, ["true", "false"]) : checkControl(field)),
  date: (field) => plainControl(field, "date"),
  email: (field) => plainControl(field, "email"),
  enum: (field) => choiceControl(field, field.values ?? []),
  int: (field) => numberControl(field),
  json: (field) => jsonControl(field),
  reference: (field) => pickerControl(field, false),
  references: (field) => pickerControl(field, true),
  text: (field) => areaControl(field),
  timestamp: (field) => momentControl(field),
  url: (field) => plainControl(field, "url"),
};

/** @param {Field} field */
function textControl(field) {
  const control = plainControl(field, "text");
  if (field.kind === "duration") {
    control.focus.setAttribute("placeholder", "PT1H30M");
  }
  if (field.kind === "decimal") {
    control.focus.setAttribute("inputmode", "decimal");
  }
  return control;
}

/**
 * @param {Field} field
 * @param {string} type
 */
function plainControl(field, type) {
  return inputControl(field, h("input", { ...shared(field), type }), (text) => text);
}

/** @param {Field} field */
function areaControl(field) {
  const rows = (field.max_length ?? 0) > 500 || field.max_length === undefined ? 6 : 3;
  return inputControl(field, h("textarea", { ...shared(field), rows }), (text) => text);
}

/** @param {Field} field */
function numberControl(field) {
  const limits = { min: field.min, max: field.max, step: 1, inputmode: "numeric" };
  const input = h("input", { ...shared(field), ...limits, type: "number" });
  return inputControl(field, input, (text) => (text === "" ? null : Number(text)));
}

/**
 * @param {Field} field
 * @returns {Control}
 */
function jsonControl(field) {
  const area = /** @type {HTMLTextAreaElement} */ (h("textarea", { ...shared(field), rows: 6 }));
  area.classList.add("code");
  return {
    field,
    node: area,
    focus: area,
    read: () => (area.value.trim() ? JSON.parse(area.value) : null),
    write: (value) => {
      area.value = value === null ? "" : JSON.stringify(value, null, 2);
    },
  };
}

/**
 * Moments are shown in the zone of whoever looks, and sent in UTC.
 *
 * @param {Field} field
 * @returns {Control}
 */
function momentControl(field) {
  const input = /** @type {HTMLInputElement} */ (
    h("input", { ...shared(field), type: "datetime-local", step: 60 })
  );
  return {
    field,
    node: input,
    focus: input,
    read: () => (input.value ? new Date(input.value).toISOString() : null),
    write: (value) => {
      input.value = value ? localMinutes(new Date(value)) : "";
    },
  };
}

/**
 * @param {Field} field
 * @returns {Control}
 */
function checkControl(field) {
  const box = /** @type {HTMLInputElement} */ (
    h("input", { id: freshId("field"), type: "checkbox" })
  );
  return {
    field,
    node: box,
    focus: box,
    read: () => box.checked,
    write: (value) => {
      box.checked = value === true;
    },
  };
}

/**
 * @param {Field} field
 * @param {string[]} values
 * @returns {Control}
 */
function choiceControl(field, values) {
  const none = field.nullable || field.default === undefined;
  const spoken = (/** @type {string} */ value) =>
    field.kind === "bool" ? { true: "Yes", false: "No" }[value] : words(value);
  const options = values.map((value) => h("option", { value }, spoken(value)));
  const select = /** @type {HTMLSelectElement} */ (
    h("select", { id: freshId("field") }, none && h("option", { value: "" }, "–"), options)
  );
  const read = () => (field.kind === "bool" ? select.value === "true" : select.value);
  return {
    field,
    node: select,
    focus: select,
    read: () => (select.value === "" ? null : read()),
    write: (value) => {
      select.value = value === null ? "" : String(value);
    },
  };
}

/**
 * @param {Field} field
 * @param {boolean} many
 * @returns {Control}
 */
function pickerControl(field, many) {
  const id = freshId("field");
  const options = { to: String(field.to), label: field.label, chosen: [], many, id };
  const picker = new Picker(options);
  return {
    field,
    node: picker.node,
    focus: picker.input,
    read: () => (many ? [...picker.value] : (picker.value[0] ?? null)),
    write: (value) => picker.set(many ? (value ?? []) : value ? [value] : []),
  };
}

/**
 * @param {Field} field
 * @param {HTMLElement} element
 * @param {(text: string) => any} parse
 * @returns {Control}
 */
function inputControl(field, element, parse) {
  const input = /** @type {HTMLInputElement} */ (element);
  return {
    field,
    node: input,
    focus: input,
    read: () => (input.value === "" && field.nullable ? null : parse(input.value)),
    write: (value) => {
      input.value = value === null ? "" : String(value);
    },
  };
}

/** @param {Field} field */
function shared(field) {
  // Lengths count code points here and UTF-16 units in browsers: the service judges them.
  return { id: freshId("field"), autocomplete: "off", required: field.required };
}

/** @param {Date} date */
function localMinutes(date) {
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}
