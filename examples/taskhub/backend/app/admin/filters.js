/** What narrows a list down: a search, filters that fit their fields, and what is set of them. */

import { button, fill, freshId, h } from "./dom.js";
import { nameOf } from "./names.js";
import { Picker } from "./picker.js";
import { resources } from "./service.js";
import { capital, moment, words } from "./words.js";

/** @typedef {import("./service.js").Filter} Filter */
/** @typedef {import("./service.js").List} List */

const PAUSE_MS = 300;
const BOUNDS = { from: "from", to: "to", before: "before" };
/** @type {Record<string, string>} */
const INPUTS = { timestamp: "datetime-local", date: "date", int: "number", email: "email" };

/** The filters of one list, and the query that they amount to. */
export class Filters {
  /**
   * @param {List} list
   * @param {URLSearchParams} query What is set at first; changed in place.
   * @param {() => void} onchange
   */
  constructor(list, query, onchange) {
    this.list = list;
    this.query = query;
    this.onchange = onchange;
    this.set = h("div", { class: "set", "aria-label": "Filters that are set" });
    this.panel = h("div", { class: "filters", id: freshId("filters"), hidden: true });
    this.toggle = button("Filter", () => this.#open(this.panel.hidden), "");
    this.toggle.setAttribute("aria-controls", this.panel.id);
    this.toggle.setAttribute("aria-expanded", "false");
    const search = list.filters.find((each) => each.kind === "search");
    const others = list.filters.filter((each) => each.kind !== "search");
    this.node = h(
      "div",
      { class: "narrowing" },
      h("div", { class: "bar" }, search && this.#search(search), others.length > 0 && this.toggle),
      this.panel,
      this.set,
    );
    this.#showSet();
  }

  /** The filters that are set, as the API takes them. */
  get asked() {
    const known = new Set(this.list.filters.map((each) => each.name));
    return [...this.query].filter(([name]) => known.has(name));
  }

  /** @param {boolean} open */
  #open(open) {
    this.panel.hidden = !open;
    this.toggle.setAttribute("aria-expanded", String(open));
    if (open) {
      fill(
        this.panel,
        groups(this.list).map(([label, each]) => this.#group(label, each)),
      );
    }
  }

  #changed() {
    this.#showSet();
    this.onchange();
  }

  /**
   * @param {string} name
   * @param {string[]} values
   */
  #put(name, values) {
    this.query.delete(name);
    values.filter(Boolean).forEach((value) => this.query.append(name, value));
    this.#changed();
  }

  /** @param {Filter} filter */
  #search(filter) {
    let timer = 0;
    const input = /** @type {HTMLInputElement} */ (
      h("input", {
        type: "search",
        "aria-label": "Search",
        placeholder: "Search",
        autocomplete: "off",
        maxlength: 200,
        value: this.query.get(filter.name),
        oninput: () => {
          clearTimeout(timer);
          timer = setTimeout(() => this.#put(filter.name, [input.value.trim()]), PAUSE_MS);
        },
      })
    );
    return input;
  }

  /**
   * @param {string} label
   * @param {Filter[]} filters
   */
  #group(label, filters) {
    return h(
      "fieldset",
      {},
      h("legend", {}, label),
      filters.map((each) => this.#control(each)),
    );
  }

  /** @param {Filter} filter */
  #control(filter) {
    if (filter.kind === "enum" && !filter.single) {
      return this.#checks(filter);
    }
    if (filter.kind === "reference") {
      return this.#picker(filter);
    }
    const choices = choicesOf(filter);
    return choices ? this.#select(filter, choices) : this.#input(filter);
  }

  /** @param {Filter} filter */
  #checks(filter) {
    const chosen = () =>
      [...box.querySelectorAll("input:checked")].map((each) => each.getAttribute("value") ?? "");
    const set = this.query.getAll(filter.name);
    const box = h(
      "div",
      { class: "checks", onchange: () => this.#put(filter.name, chosen()) },
      (filter.values ?? []).map((value) => {
        const input = h("input", { type: "checkbox", value, checked: set.includes(value) });
        return h("label", {}, input, words(value));
      }),
    );
    return box;
  }

  /** @param {Filter} filter */
  #picker(filter) {
    const picker = new Picker({
      to: String(filter.to),
      label: filter.label,
      chosen: this.query.getAll(filter.name),
      onchange: () => this.#put(filter.name, picker.value),
    });
    return picker.node;
  }

  /**
   * @param {Filter} filter
   * @param {[string, string][]} choices
   */
  #select(filter, choices) {
    const set = this.query.get(filter.name) ?? "";
    const options = [["", "Any"], ...choices].map(([value, label]) =>
      h("option", { value, selected: value === set }, label),
    );
    const onchange = () => this.#put(filter.name, [select.value]);
    const select = /** @type {HTMLSelectElement} */ (
      h("select", { "aria-label": filter.label, onchange }, options)
    );
    return select;
  }

  /** @param {Filter} filter */
  #input(filter) {
    const type = INPUTS[filter.kind] ?? "text";
    const set = this.query.get(filter.name) ?? "";
    const isMoment = filter.kind === "timestamp";
    const input = /** @type {HTMLInputElement} */ (
      h("input", { type, value: isMoment && set ? local(set) : set, "aria-label": spoken(filter) })
    );
    input.addEventListener("change", () => {
      const { value } = input;
      this.#put(filter.name, [isMoment && value ? new Date(value).toISOString() : value.trim()]);
    });
    return h("label", { class: "bound" }, filter.bound && BOUNDS[filter.bound], input);
  }

  #showSet() {
    const known = new Map(this.list.filters.map((each) => [each.name, each]));
    const chips = [...this.query].flatMap(([name, value]) => {
      const filter = known.get(name);
      return filter && filter.kind !== "search" ? [this.#chip(filter, value)] : [];
    });
    fill(this.set, chips, chips.length > 1 && button("Clear all", () => this.#clear(), "quiet"));
    this.set.hidden = chips.length === 0;
  }

  /**
   * @param {Filter} filter
   * @param {string} value
   */
  #chip(filter, value) {
    const text = h("span", {}, `${spoken(filter)}: `, shown(filter, value));
    const drop = h(
      "button",
      { type: "button", "aria-label": `Remove the filter ${spoken(filter)}` },
      "×",
    );
    drop.addEventListener("click", () => {
      this.#put(
        filter.name,
        this.query.getAll(filter.name).filter((each) => each !== value),
      );
      this.#open(!this.panel.hidden);
    });
    return h("span", { class: "chip removable" }, text, drop);
  }

  #clear() {
    this.list.filters.forEach((each) => each.kind !== "search" && this.query.delete(each.name));
    this.#open(!this.panel.hidden);
    this.#changed();
  }
}

/**
 * Return the filters of a list but for the search, those of one field together.
 *
 * @param {List} list
 * @returns {[string, Filter[]][]}
 */
function groups(list) {
  /** @type {Map<string, Filter[]>} */
  const found = new Map();
  for (const each of list.filters) {
    if (each.kind !== "search") {
      found.set(each.label, [...(found.get(each.label) ?? []), each]);
    }
  }
  return [...found];
}

/**
 * Return what a filter may be, with its words; null when it may be anything.
 *
 * @param {Filter} filter
 * @returns {[string, string][]|null}
 */
function choicesOf(filter) {
  if (filter.kind === "bool") {
    return [
      ["true", "Yes"],
      ["false", "No"],
    ];
  }
  if (filter.kind === "enum") {
    return (filter.values ?? []).map((each) => [each, words(each)]);
  }
  if (filter.name === "entity_type") {
    return resources()
      .filter((each) => each.audited)
      .map((each) => [each.name, capital(each.nouns)]);
  }
  return null;
}

/** @param {Filter} filter */
function spoken(filter) {
  return filter.bound ? `${filter.label} ${BOUNDS[filter.bound]}` : filter.label;
}

/**
 * @param {Filter} filter
 * @param {string} value
 */
function shown(filter, value) {
  if (filter.kind === "reference") {
    const name = h("span", {}, "…");
    void nameOf(String(filter.to), value).then((label) => {
      name.textContent = label ?? value;
    });
    return name;
  }
  if (filter.kind === "timestamp") {
    return moment(value);
  }
  return choicesOf(filter)?.find(([each]) => each === value)?.[1] ?? value;
}

/** @param {string} text */
function local(text) {
  const date = new Date(text);
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return Number.isNaN(shifted.getTime()) ? "" : shifted.toISOString().slice(0, 16);
}
