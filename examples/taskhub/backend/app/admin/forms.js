/** Forms: fields with labels, and what is wrong with them at their place. */

import { busy, button, fill, freshId, h } from "./dom.js";
import { controlFor } from "./controls.js";
import { textOf, titleOf } from "./refusals.js";
import { Refusal } from "./wire.js";
import { words } from "./words.js";

/** @typedef {import("./service.js").Field} Field */
/** @typedef {import("./controls.js").Control} Control */

/**
 * @typedef {object} FormOptions
 * @property {Field[]} fields
 * @property {Record<string, any>} values What they are at first.
 * @property {string} action What the button says.
 * @property {(form: Form) => Promise<unknown>} send Carries it out; what it throws is shown.
 * @property {() => unknown} [cancel]
 * @property {string} [dismiss] What the button says that cancels.
 * @property {string} [look] Classes of the button.
 */

/** A form over some fields of a row or of a request. */
export class Form {
  /** @param {FormOptions} options */
  constructor(options) {
    this.options = options;
    /** @type {Map<string, {control: Control, fault: HTMLElement}>} */
    this.rows = new Map();
    this.alert = h("div", { class: "alert", role: "alert", tabindex: "-1", hidden: true });
    const lines = options.fields.map((field) => this.#line(field));
    this.button = h("button", { class: `button ${options.look ?? "primary"}` }, options.action);
    this.node = h(
      "form",
      {
        class: "form",
        novalidate: true,
        onsubmit: (/** @type {Event} */ e) => void this.#submit(e),
      },
      this.alert,
      lines,
      h(
        "div",
        { class: "buttons" },
        this.button,
        options.cancel && button(options.dismiss ?? "Cancel", options.cancel),
      ),
    );
    this.#note();
  }

  /** All values, by field. */
  values() {
    const rows = [...this.rows].map(([name, { control }]) => [name, control.read()]);
    return Object.fromEntries(rows);
  }

  /** The values that differ from what they were at first. */
  changes() {
    const now = Object.entries(this.values());
    return Object.fromEntries(now.filter(([name, value]) => !same(value, this.first[name])));
  }

  /** Whether something was typed that would be lost. */
  get isDirty() {
    return this.node.isConnected && Object.keys(this.#readable()).length > 0;
  }

  /**
   * Begin again from other values, but keep what somebody has typed.
   *
   * @param {Record<string, any>} values
   */
  rebase(values) {
    const typed = this.changes();
    for (const [name, { control }] of this.rows) {
      control.write(values[name] ?? null);
    }
    this.#note();
    for (const [name, value] of Object.entries(typed)) {
      this.rows.get(name)?.control.write(value);
    }
  }

  /** Set the focus to the first field. */
  focus() {
    const [first] = this.rows.values();
    (first?.control.focus ?? this.button).focus();
  }

  /**
   * Say what is wrong: at the fields that it is about, and above them what is about none.
   *
   * @param {unknown} fault
   */
  tell(fault) {
    const placed = fault instanceof Refusal ? this.#place(fault) : [];
    const all = fault instanceof Refusal ? fault.errors.length || named(fault).length : 0;
    const rest = placed.length === 0 || placed.length < all;
    this.alert.hidden = !rest;
    fill(this.alert, rest && h("strong", {}, titleOf(fault)), rest && ` ${explained(fault)}`);
    const first = [...this.rows.values()].find((row) => placed.includes(row));
    (first?.control.focus ?? this.alert).focus();
  }

  #note() {
    this.first = this.values();
  }

  #readable() {
    try {
      return this.changes();
    } catch {
      return { unreadable: true };
    }
  }

  /** @param {Field} field */
  #line(field) {
    const control = controlFor(field, this.options.values[field.name] ?? field.default);
    const fault = h("p", { class: "wrong", id: freshId("wrong"), hidden: true });
    const hint = h("p", { class: "hint", id: freshId("hint") }, hintOf(field));
    this.rows.set(field.name, { control, fault });
    control.focus.setAttribute("aria-describedby", `${hint.id} ${fault.id}`);
    const star = field.required && h("span", { class: "star", "aria-hidden": "true" }, " *");
    const label = h("label", { for: control.focus.id }, field.label, star);
    const kind = control.field.kind === "bool" && !field.nullable ? "line check" : "line";
    return h("div", { class: kind }, label, control.node, hint, fault);
  }

  /** @param {Event} event */
  async #submit(event) {
    event.preventDefault();
    this.#clear();
    if (!this.#parses()) {
      return;
    }
    try {
      await busy(this.button, () => this.options.send(this));
    } catch (fault) {
      this.tell(fault);
    }
  }

  #parses() {
    for (const { control, fault } of this.rows.values()) {
      try {
        control.read();
      } catch {
        this.#mark(control, fault, "This is not well-formed.");
        control.focus.focus();
        return false;
      }
    }
    return true;
  }

  #clear() {
    this.alert.hidden = true;
    for (const { control, fault } of this.rows.values()) {
      fault.hidden = true;
      control.focus.removeAttribute("aria-invalid");
    }
  }

  /** @param {Refusal} refusal */
  #place(refusal) {
    const faults = [
      ...refusal.errors.map((each) => ({ name: nameIn(each), detail: each.detail })),
      ...named(refusal).map((name) => ({ name, detail: refusal.message })),
    ];
    return faults.flatMap(({ name, detail }) => {
      const row = this.rows.get(name);
      if (!row) {
        return [];
      }
      this.#mark(row.control, row.fault, detail);
      return [row];
    });
  }

  /**
   * @param {Control} control
   * @param {HTMLElement} fault
   * @param {string} detail
   */
  #mark(control, fault, detail) {
    fault.textContent = detail;
    fault.hidden = false;
    control.focus.setAttribute("aria-invalid", "true");
  }
}

/**
 * Return the field that a fault is about.
 *
 * @param {{pointer?: string, parameter?: string}} fault
 */
function nameIn(fault) {
  return fault.parameter ?? (fault.pointer ?? "").split("/")[1] ?? "";
}

/**
 * Return the fields that a refusal names as a whole: those whose values are taken.
 *
 * @param {Refusal} refusal
 * @returns {string[]}
 */
function named(refusal) {
  return Array.isArray(refusal.problem.fields) ? refusal.problem.fields.map(String) : [];
}

/** @param {unknown} fault */
function explained(fault) {
  const places = fault instanceof Refusal ? fault.errors : [];
  const lines = places.map((each) => `${words(nameIn(each))}: ${each.detail}`);
  return [textOf(fault), ...lines].join(" ");
}

/** @param {Field} field */
function hintOf(field) {
  const parts = [field.about ?? ""];
  if (field.min !== undefined && field.max !== undefined) {
    parts.push(`From ${field.min} to ${field.max}.`);
  }
  if (field.min_length && field.max_length && field.min_length > 1) {
    parts.push(`${field.min_length} to ${field.max_length} characters.`);
  }
  if (field.kind === "timestamp") {
    parts.push("In your time zone.");
  }
  if (field.limit) {
    parts.push(`At most ${field.limit}.`);
  }
  return parts.filter(Boolean).join(" ");
}

/**
 * @param {any} one
 * @param {any} other
 */
function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}
