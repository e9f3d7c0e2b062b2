/** Files: sent as they are, and handed out to be saved. */

import { ask, fetchFile } from "./api.js";
import { busy, button, h } from "./dom.js";
import { askFor, toast } from "./dialogs.js";
import { freshKey } from "./keys.js";
import { size } from "./words.js";

/** @typedef {import("./service.js").Resource} Resource */
/** @typedef {import("./service.js").Creation} Creation */
/** @typedef {import("./service.js").Row} Row */

const NAME = "name";
const KEPT_MS = 60_000;

/**
 * Return a button that saves the file that a row is.
 *
 * @param {Resource} found
 * @param {Row} row
 * @param {(fault: unknown) => void} fail
 */
export function downloadButton(found, row, fail) {
  const path = found.download?.path ?? "";
  const save = button("Download", () =>
    busy(save, () => fetchFile({ method: "GET", path, ids: [row.id] }))
      .then((bytes) => saveAs(bytes, String(row[NAME])))
      .catch(fail),
  );
  return save;
}

/**
 * Return what sends files that belong to one row.
 *
 * @param {Resource} found
 * @param {string[]} ids The row above.
 * @param {(fault: unknown) => void} fail
 * @param {() => unknown} done
 */
export function uploader(found, ids, fail, done) {
  const create = /** @type {Creation} */ (found.create);
  const input = /** @type {HTMLInputElement} */ (
    h("input", {
      type: "file",
      multiple: true,
      class: "unseen",
      "aria-label": `Add ${found.nouns}`,
    })
  );
  const choose = button(`Add ${found.nouns}`, () => input.click());
  const sendAll = async (/** @type {Iterable<File>} */ files) => {
    for (const file of files) {
      await sendFile(create, ids, file);
    }
  };
  const take = (/** @type {File[]} */ files) =>
    busy(choose, () => sendAll(files))
      .catch(fail)
      .finally(() => {
        input.value = "";
        done();
      });
  input.addEventListener("change", () => void take([...(input.files ?? [])]));
  const limit =
    create.max_size && h("span", { class: "hint" }, `At most ${size(create.max_size)} each.`);
  return h("div", { class: "upload" }, choose, input, limit);
}

/**
 * @param {Creation} create
 * @param {string[]} ids
 * @param {File} file
 */
async function sendFile(create, ids, file) {
  if (create.max_size && file.size > create.max_size) {
    throw new Error(
      `${file.name} has ${size(file.size)}, and ${size(create.max_size)} are allowed.`,
    );
  }
  const others = (create.fields ?? []).filter((each) => each.name !== NAME);
  const send = (/** @type {Record<string, any>} */ values) => {
    const query = Object.entries({ [NAME]: file.name, ...values });
    const told = query.filter(([, value]) => value !== null && value !== "");
    const call = { method: create.method, path: create.path, ids, file };
    const asked = told.map(
      ([name, value]) => /** @type {[string, string]} */ ([name, String(value)]),
    );
    return ask({ ...call, query: asked, key: create.keyed ? freshKey() : undefined });
  };
  if (others.length === 0) {
    await send({});
  } else if (
    !(await askFor({ title: file.name, text: "", action: "Send", fields: others }, send))
  ) {
    return;
  }
  toast(`${file.name} was added.`);
}

/**
 * @param {Blob} bytes
 * @param {string} name
 */
function saveAs(bytes, name) {
  const href = URL.createObjectURL(bytes);
  h("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), KEPT_MS);
}
