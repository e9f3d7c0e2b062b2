/** Questions that have to be answered first, and short messages that go by themselves. */

import { button, freshId, h } from "./dom.js";
import { Form } from "./forms.js";

const TOAST_MS = 5000;

/**
 * Tell briefly that something was done.
 *
 * @param {string} text
 */
export function toast(text) {
  const note = h("div", { class: "toast" }, text);
  document.getElementById("status")?.append(note);
  setTimeout(() => note.remove(), TOAST_MS);
}

/**
 * Ask whether something is really to be done.
 *
 * @param {{title: string, text: string, action: string, danger?: boolean}} question
 * @returns {Promise<boolean>}
 */
export function confirm({ title, text, action, danger }) {
  return new Promise((answer) => {
    const yes = button(action, () => close(true), danger ? "danger" : "primary");
    const no = button("Back", () => close(false));
    const dialog = modal(title, [h("p", {}, text), h("div", { class: "buttons" }, yes, no)], () =>
      answer(false),
    );
    const close = (/** @type {boolean} */ sure) => {
      answer(sure);
      dialog.close();
    };
    no.focus();
  });
}

/**
 * Ask for what a request needs beside the row that it is about.
 *
 * @param {{title: string, text: string, action: string, fields: import("./service.js").Field[]}} question
 * @param {(values: Record<string, any>) => Promise<unknown>} send What it throws is shown.
 * @returns {Promise<boolean>} Whether it was sent.
 */
export function askFor({ title, text, action, fields }, send) {
  return new Promise((answer) => {
    const form = new Form({
      fields,
      values: {},
      action,
      send: async (filled) => {
        await send(filled.values());
        answer(true);
        dialog.close();
      },
      cancel: () => dialog.close(),
      // A move may be called "Cancel" itself.
      dismiss: "Back",
    });
    const dialog = modal(title, [h("p", { class: "hint" }, text), form.node], () => answer(false));
    form.focus();
  });
}

/**
 * Show something until it is closed.
 *
 * @param {string} title
 * @param {Node[]} content
 * @returns {Promise<void>}
 */
export function tell(title, content) {
  return new Promise((closed) => {
    const done = button("Close", () => dialog.close(), "primary");
    const dialog = modal(title, [...content, h("div", { class: "buttons" }, done)], () => closed());
  });
}

/**
 * Open a dialog over the page; Escape closes it.
 *
 * @param {string} title
 * @param {Node[]} content
 * @param {() => unknown} onclose
 * @returns {HTMLDialogElement}
 */
export function modal(title, content, onclose) {
  const heading = h("h2", { id: freshId("title") }, title);
  const options = { class: "dialog", "aria-labelledby": heading.id };
  const dialog = /** @type {HTMLDialogElement} */ (h("dialog", options, heading, content));
  dialog.addEventListener("close", () => {
    dialog.remove();
    onclose();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
