/** Choosing rows by name: a text field with a list of what fits below it. */

import { fill, freshId, h } from "./dom.js";
import { canSearch, nameOf, search } from "./names.js";
import { shortId } from "./service.js";

/** @typedef {import("./names.js").Named} Named */

const PAUSE_MS = 180;

/**
 * @typedef {object} PickerOptions
 * @property {string} to Name of the resource.
 * @property {string} label What the field is called, for whoever cannot see it.
 * @property {string[]} chosen Ids that are chosen at first.
 * @property {boolean} [many]
 * @property {string} [id] Of the text field.
 * @property {() => void} [onchange]
 */

/** Lets somebody choose one row, or several. */
export class Picker {
  /** @param {PickerOptions} options */
  constructor(options) {
    this.options = options;
    /** @type {string[]} */
    this.chosen = [...options.chosen];
    /** @type {Named[]} */
    this.found = [];
    this.active = -1;
    this.asked = new AbortController();
    this.timer = 0;
    this.chips = h("span", { class: "chips" });
    this.list = h("ul", {
      class: "options",
      role: "listbox",
      id: freshId("options"),
      hidden: true,
    });
    this.input = /** @type {HTMLInputElement} */ (h("input", this.#inputOptions()));
    this.node = h("div", { class: "picker" }, this.chips, this.input, this.list);
    this.#show();
  }

  /** The ids that are chosen. */
  get value() {
    return this.chosen;
  }

  /**
   * Choose other rows.
   *
   * @param {string[]} ids
   */
  set(ids) {
    this.chosen = [...ids];
    this.#show();
  }

  #inputOptions() {
    const isNamed = canSearch(this.options.to);
    return {
      type: "text",
      id: this.options.id ?? freshId("picker"),
      role: "combobox",
      autocomplete: "off",
      spellcheck: "false",
      placeholder: isNamed ? "Search by name" : "Id",
      "aria-label": this.options.id ? null : this.options.label,
      "aria-expanded": "false",
      "aria-autocomplete": "list",
      "aria-controls": this.list.id,
      oninput: () => this.#look(PAUSE_MS),
      onfocus: () => this.#look(0),
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
      onblur: () => this.#leave(),
    };
  }

  #show() {
    fill(
      this.chips,
      this.chosen.map((id) => this.#chip(id)),
    );
    this.chips.hidden = this.chosen.length === 0;
    this.input.hidden = !this.options.many && this.chosen.length > 0;
  }

  /** @param {string} id */
  #chip(id) {
    const name = h("span", { title: id }, shortId(id));
    const drop = h("button", { type: "button", onclick: () => this.#drop(id) }, "×");
    drop.setAttribute("aria-label", `Remove ${shortId(id)} from ${this.options.label}`);
    void nameOf(this.options.to, id).then((label) => {
      name.textContent = label ?? shortId(id);
      drop.setAttribute("aria-label", `Remove ${label ?? shortId(id)} from ${this.options.label}`);
    });
    return h("span", { class: "chip removable" }, name, drop);
  }

  /** @param {string} id */
  #drop(id) {
    this.chosen = this.chosen.filter((each) => each !== id);
    this.#changed();
    this.input.focus();
  }

  /** @param {string} id */
  #choose(id) {
    const before = this.options.many ? this.chosen.filter((each) => each !== id) : [];
    this.chosen = [...before, id];
    this.input.value = "";
    this.#close();
    this.#changed();
  }

  #changed() {
    this.#show();
    this.options.onchange?.();
  }

  /** @param {number} pause */
  #look(pause) {
    clearTimeout(this.timer);
    this.asked.abort();
    this.asked = new AbortController();
    if (canSearch(this.options.to)) {
      const { signal } = this.asked;
      this.timer = setTimeout(() => void this.#search(signal), pause);
    }
  }

  /** @param {AbortSignal} signal */
  async #search(signal) {
    try {
      const found = await search(this.options.to, this.input.value.trim(), signal);
      if (!signal.aborted && document.activeElement === this.input) {
        this.#open(found.filter((each) => !this.chosen.includes(each.id)));
      }
    } catch (fault) {
      if (!signal.aborted) {
        this.#tell(fault instanceof Error ? fault.message : "Nothing could be looked up.");
      }
    }
  }

  /** @param {Named[]} found */
  #open(found) {
    this.found = found;
    this.active = found.length > 0 && this.input.value ? 0 : -1;
    if (found.length === 0) {
      this.#tell("Nothing of that name.");
      return;
    }
    fill(
      this.list,
      found.map((each, n) => this.#option(each, n)),
    );
    this.#expanded(true);
    this.#mark();
  }

  /**
   * @param {Named} each
   * @param {number} n
   */
  #option(each, n) {
    const options = {
      role: "option",
      id: `${this.list.id}-${n}`,
      // Before the field loses the focus, and the list with it.
      onmousedown: (/** @type {Event} */ event) => {
        event.preventDefault();
        this.#choose(each.id);
      },
    };
    return h("li", options, each.label);
  }

  /** @param {string} text */
  #tell(text) {
    this.found = [];
    fill(this.list, h("li", { class: "none" }, text));
    this.#expanded(true);
  }

  #close() {
    this.found = [];
    this.active = -1;
    this.#expanded(false);
  }

  /** @param {boolean} open */
  #expanded(open) {
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
    this.input.removeAttribute("aria-activedescendant");
  }

  #mark() {
    [...this.list.children].forEach((each, n) =>
      each.setAttribute("aria-selected", String(n === this.active)),
    );
    const marked = this.list.children[this.active];
    if (marked) {
      this.input.setAttribute("aria-activedescendant", marked.id);
      marked.scrollIntoView({ block: "nearest" });
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const last = this.chosen[this.chosen.length - 1];
    const marked = this.found[this.active];
    /** @type {Record<string, (() => void)|false|undefined>} */
    const actions = {
      ArrowDown: this.found.length > 0 && (() => this.#step(1)),
      ArrowUp: this.found.length > 0 && (() => this.#step(-1)),
      Enter: marked && (() => this.#choose(marked.id)),
      Escape: !this.list.hidden && (() => this.#close()),
      Backspace: !this.input.value && last !== undefined && (() => this.#drop(last)),
    };
    const action = actions[event.key];
    if (action) {
      event.preventDefault();
      action();
    }
  }

  /** @param {number} step */
  #step(step) {
    this.active = (this.active + step + this.found.length) % this.found.length;
    this.#mark();
  }

  #leave() {
    const text = this.input.value.trim();
    if (text && !canSearch(this.options.to)) {
      this.#choose(text);
    }
    this.input.value = canSearch(this.options.to) ? "" : this.input.value;
    clearTimeout(this.timer);
    this.asked.abort();
    this.#close();
  }
}
