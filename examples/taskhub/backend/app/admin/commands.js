/** What can be done to one row: moves, commands, deleting it. */

import { ask } from "./api.js";
import { busy, button, h } from "./dom.js";
import { askFor, confirm, toast } from "./dialogs.js";
import { downloadButton } from "./files.js";
import { labelOf, offers, place } from "./service.js";
import { words } from "./words.js";

/** @typedef {import("./service.js").Resource} Resource */
/** @typedef {import("./service.js").Command} Command */
/** @typedef {import("./service.js").Row} Row */

/**
 * @typedef {object} Subject The row, and what is to happen afterwards.
 * @property {Resource} found
 * @property {Row} row
 * @property {string} tag Its version.
 * @property {() => unknown} done
 * @property {() => unknown} gone
 * @property {(fault: unknown) => unknown} fail
 */

/**
 * Return the buttons of a row: only what its state and the role allow. What its policy refuses is
 * known to the service alone, and told when it is asked for.
 *
 * @param {Subject} subject
 */
export function actionsOf(subject) {
  const { found, row } = subject;
  const open = found.commands.filter((each) => offers(each) && isOpen(found, row, each));
  const moves = open.map((each) => commandButton(subject, each));
  const edit =
    offers(found.update) &&
    h("a", { class: "button", href: place(found, [row.id, "edit"]) }, "Edit");
  const save = offers(found.download) && downloadButton(found, row, subject.fail);
  const remove = offers(found.delete) && deleteButton(subject);
  return h("div", { class: "actions" }, moves, save, edit, remove);
}

/**
 * Return the button that deletes a row.
 *
 * @param {Subject} subject
 * @param {string} [look]
 */
export function deleteButton(subject, look = "") {
  const { found, row, tag } = subject;
  const operation = /** @type {import("./service.js").Operation} */ (found.delete);
  const verb = operation.title ?? "Delete";
  const remove = button(
    verb,
    async () => {
      const label = labelOf(found, row);
      const title = `${verb} this ${found.noun}?`;
      if (await confirm({ title, text: label, action: verb, danger: true })) {
        const { method, path } = operation;
        const call = { method, path, ids: [row.id], tag: operation.versioned ? tag : "" };
        await busy(remove, () => ask(call)).then(subject.gone, subject.fail);
      }
    },
    `danger ${look}`,
  );
  return remove;
}

/**
 * Whether a row is such that a command can begin, as far as the row tells.
 *
 * @param {Resource} found
 * @param {Row} row
 * @param {Command} command
 */
function isOpen(found, row, command) {
  const isInState = !command.from || !found.state || command.from.includes(row[found.state]);
  return isInState && (command.needs ?? []).every((need) => isMet(row, need));
}

/**
 * @param {Row} row
 * @param {import("./service.js").Need} need
 */
function isMet(row, need) {
  const value = row[need.field];
  return value === undefined || ("is" in need ? value === need.is : value !== need.not);
}

/**
 * @param {Subject} subject
 * @param {Command} command
 */
function commandButton(subject, command) {
  const { found, row, tag } = subject;
  const send = (/** @type {unknown} */ body) => {
    const { method, path, versioned } = command;
    return ask({ method, path, ids: [row.id], body, tag: versioned ? tag : "" });
  };
  const run = async () => {
    if (!command.fields?.length) {
      await busy(press, () => send(undefined));
    } else if (!(await askFor(questionOf(found, command), send))) {
      return;
    }
    toast(command.to ? `It is now ${words(command.to).toLowerCase()}.` : "Done.");
    await subject.done();
  };
  const press = button(
    command.title ?? "",
    () => run().catch(subject.fail),
    command.move ? "move" : "",
  );
  press.title = command.about.replaceAll("`", "");
  return press;
}

/**
 * @param {Resource} found
 * @param {Command} command
 */
function questionOf(found, command) {
  return {
    title: `${command.title} this ${found.noun}?`,
    text: command.about.replaceAll("`", ""),
    action: `${command.title} ${found.noun}`,
    fields: command.fields ?? [],
  };
}
