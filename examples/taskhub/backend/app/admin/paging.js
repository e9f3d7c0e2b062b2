/** Pages of a list: the next one by the cursor that the service gave, the ones before by memory. */

import { ask } from "./api.js";
import { button, busy, fill, h } from "./dom.js";
import { faultPanel } from "./refusals.js";

/** @typedef {import("./service.js").Row} Row */

/**
 * @typedef {object} Source
 * @property {string} path
 * @property {string[]} ids
 * @property {() => [string, string][]} query What is asked besides the page.
 * @property {number} [limit] How many rows a page has.
 * @property {(rows: Row[]) => Node} show
 * @property {() => Node} empty What is shown when there is nothing.
 */

/** Shows a list page by page. */
export class Pages {
  /** @param {Source} source */
  constructor(source) {
    this.source = source;
    /** @type {string[]} Cursors of the pages up to this one; the first page has none. */
    this.trodden = [""];
    this.next = "";
    this.asked = new AbortController();
    this.content = h("div", { class: "rows", "aria-live": "polite" });
    this.back = button("Previous", () => this.#step(this.back, this.trodden.slice(0, -1)));
    this.on = button("Next", () => this.#step(this.on, [...this.trodden, this.next]));
    this.steps = h("nav", { class: "pager", "aria-label": "Pages" }, this.back, this.on);
    this.node = h("div", { class: "pages" }, this.content, this.steps);
    this.steps.hidden = true;
  }

  /** Show the first page, as things are now. */
  restart() {
    this.trodden = [""];
    return this.reload();
  }

  /** Show this page again, as things are now. */
  async reload() {
    this.asked.abort();
    this.asked = new AbortController();
    const { signal } = this.asked;
    this.content.setAttribute("aria-busy", "true");
    try {
      const { body } = await ask({ ...this.#call(), signal });
      this.#show(body);
    } catch (fault) {
      if (!signal.aborted) {
        this.#fail(fault);
      }
    } finally {
      if (!signal.aborted) {
        this.content.removeAttribute("aria-busy");
      }
    }
  }

  /** @returns {import("./wire.js").Call} */
  #call() {
    const { path, ids, query, limit } = this.source;
    const cursor = this.trodden[this.trodden.length - 1];
    /** @type {[string, string][]} */
    const asked = [...query(), ["limit", String(limit ?? 50)]];
    return { method: "GET", path, ids, query: cursor ? [...asked, ["cursor", cursor]] : asked };
  }

  /** @param {{items: Row[], next: string|null}} body */
  #show({ items, next }) {
    this.next = next ?? "";
    fill(this.content, items.length > 0 ? this.source.show(items) : this.source.empty());
    this.back.toggleAttribute("disabled", this.trodden.length === 1);
    this.on.toggleAttribute("disabled", !this.next);
    this.steps.hidden = this.trodden.length === 1 && !this.next;
  }

  /** @param {unknown} fault */
  #fail(fault) {
    this.steps.hidden = true;
    // A cursor is good for a day, and for one order and one set of filters.
    const isStale = this.trodden.length > 1;
    fill(
      this.content,
      faultPanel(fault, () => (isStale ? this.restart() : this.reload())),
    );
  }

  /**
   * @param {Element} control
   * @param {string[]} trodden
   */
  async #step(control, trodden) {
    this.trodden = trodden;
    await busy(control, () => this.reload());
    this.back.toggleAttribute("disabled", this.trodden.length === 1);
    this.on.toggleAttribute("disabled", !this.next);
    this.node.scrollIntoView({ block: "nearest" });
  }
}
