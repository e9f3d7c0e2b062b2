/** Rows that are linked to one row, one at a time: members of a project. */

import { ask } from "./api.js";
import { button, busy, h } from "./dom.js";
import { nameOf } from "./names.js";
import { Picker } from "./picker.js";
import { offers } from "./service.js";
import { referenceNode } from "./values.js";
import { capital } from "./words.js";

/** @typedef {import("./service.js").Link} Link */
/** @typedef {import("./service.js").Operation} Operation */
/** @typedef {import("./commands.js").Subject} Subject */

/**
 * Return what is linked to a row, with what adds and takes away.
 *
 * @param {Subject} subject
 * @param {Link} link
 * @param {string} label
 */
export function linkedTo(subject, link, label) {
  const ids = /** @type {string[]} */ (subject.row[link.field] ?? []);
  const items = ids.map((id) => linked(subject, link, id));
  const none = h("p", { class: "none" }, `No ${label.toLowerCase()}.`);
  return h(
    "section",
    { class: "block" },
    h("h2", {}, label),
    ids.length > 0 ? h("ul", { class: "linked" }, items) : none,
    offers(link.link) && adder(subject, link),
  );
}

/**
 * @param {Subject} subject
 * @param {Link} link
 * @param {string} id
 */
function linked(subject, link, id) {
  const drop = button("Remove", () => change(subject, link.unlink, id, drop), "quiet");
  void nameOf(link.to, id).then((name) => drop.setAttribute("aria-label", `Remove ${name ?? id}`));
  return h("li", {}, referenceNode(link.to, id), offers(link.unlink) && drop);
}

/**
 * @param {Subject} subject
 * @param {Link} link
 */
function adder(subject, link) {
  const picker = new Picker({ to: link.to, label: capital(link.noun), chosen: [] });
  const add = button(`Add ${link.noun}`, () => {
    const [id] = picker.value;
    return id ? change(subject, link.link, id, add) : picker.input.focus();
  });
  return h("div", { class: "adder" }, picker.node, add);
}

/**
 * @param {Subject} subject
 * @param {Operation|undefined} operation
 * @param {string} id
 * @param {Element} control
 */
function change(subject, operation, id, control) {
  const { method = "", path = "", versioned } = operation ?? {};
  const tag = versioned ? subject.tag : "";
  const work = () => ask({ method, path, ids: [subject.row.id, id], tag });
  return busy(control, work).then(subject.done, subject.fail);
}
