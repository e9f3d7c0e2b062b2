/** Making a row, and changing one. */

import { ask } from "./api.js";
import { button, fill, h } from "./dom.js";
import { conflictPanel } from "./conflict.js";
import { tell, toast } from "./dialogs.js";
import { Form } from "./forms.js";
import { trailTo } from "./item-page.js";
import { KeyOf } from "./keys.js";
import { remember } from "./names.js";
import { labelOf, place, resource } from "./service.js";
import { Refusal } from "./wire.js";
import { brief, capital } from "./words.js";

/** @typedef {import("./service.js").Resource} Resource */
/** @typedef {import("./service.js").Creation} Creation */
/** @typedef {import("./service.js").Operation} Operation */
/** @typedef {import("./service.js").Row} Row */

const CHANGED_MEANWHILE = ["precondition-failed", "concurrent-update"];

/** @type {Form|null} */
let open = null;

addEventListener("beforeunload", (event) => open?.isDirty && event.preventDefault());

/**
 * Show the form that makes a row.
 *
 * @param {HTMLElement} main
 * @param {Resource} found
 * @param {URLSearchParams} query Values to begin with; `under` is the row above.
 */
export function showNew(main, found, query) {
  const create = /** @type {Creation} */ (found.create);
  const above = query.get("under") ?? "";
  const keys = new KeyOf();
  const home = resource(create.under);
  const back = home ? place(home, [above]) : place(found);
  const form = new Form({
    fields: create.fields ?? [],
    values: prefilled(create, query),
    action: create.title ?? `Create ${found.noun}`,
    send: async (filled) => {
      const body = filled.values();
      const key = create.keyed ? keys.of(body) : undefined;
      const { method, path } = create;
      const made = (await ask({ method, path, ids: above ? [above] : [], body, key })).body;
      await created(found, create, made);
    },
    cancel: () => leave(back),
  });
  show(main, [wayTo(found, back)], create.title ?? `New ${found.noun}`, form);
}

/**
 * Show the form that changes a row.
 *
 * @param {HTMLElement} main
 * @param {Resource} found
 * @param {string} id
 * @throws {import("./wire.js").Refusal} If the row cannot be read.
 */
export async function showEdit(main, found, id) {
  const operation = /** @type {Operation} */ (found.update);
  let { body: row, tag } = await readRow(found, id);
  const fields = operation.fields ?? [];
  const notice = h("div", { class: "notice" });
  const form = new Form({
    fields,
    values: row,
    action: "Save",
    send: async (filled) => {
      const typed = filled.changes();
      try {
        await save(found, operation, { id, tag, typed });
      } catch (fault) {
        if (!(fault instanceof Refusal && CHANGED_MEANWHILE.includes(fault.type))) {
          throw fault;
        }
        await meet(typed);
      }
    },
    cancel: () => leave(place(found, [id])),
  });
  const meet = async (/** @type {Record<string, any>} */ typed) => {
    const before = row;
    ({ body: row, tag } = await readRow(found, id));
    const now = row;
    const settle = (/** @type {() => void} */ how) => () => {
      fill(notice);
      how();
      form.focus();
    };
    const keep = settle(() => form.rebase(now));
    const discard = settle(() => void showEdit(main, found, id));
    const panel = conflictPanel({ noun: found.noun, fields, before, now, typed, keep, discard });
    fill(notice, panel);
    panel.focus();
  };
  show(main, [trailTo(found, row), notice], `Edit ${brief(labelOf(found, row), 60)}`, form);
}

/**
 * @param {HTMLElement} main
 * @param {Node[]} above
 * @param {string} title
 * @param {Form} form
 */
function show(main, above, title, form) {
  const [way, ...notices] = above;
  fill(
    main,
    way,
    h("header", { class: "head" }, h("h1", { tabindex: "-1" }, title)),
    notices,
    form.node,
  );
  open = form;
  form.focus();
}

/** @param {string} hash */
function leave(hash) {
  open = null;
  location.hash = hash;
}

/**
 * @param {Resource} found
 * @param {string} back
 */
function wayTo(found, back) {
  return h(
    "nav",
    { class: "way", "aria-label": "Where this is" },
    h("a", { href: back }, capital(found.nouns)),
  );
}

/**
 * @param {Creation} create
 * @param {URLSearchParams} query
 */
function prefilled(create, query) {
  const given = (create.fields ?? []).filter((each) => query.has(each.name));
  return Object.fromEntries(
    given.map(({ name, kind }) => [
      name,
      kind === "references" ? query.getAll(name) : query.get(name),
    ]),
  );
}

/**
 * @param {Resource} found
 * @param {Creation} create
 * @param {Row} made
 */
async function created(found, create, made) {
  toast(`The ${found.noun} was created.`);
  remember(found, made);
  if (create.reveals) {
    await reveal(made[create.reveals], found);
  }
  leave(found.read ? place(found, [made.id]) : place(found));
}

/**
 * Show a secret that the service will never tell again.
 *
 * @param {string} secret
 * @param {Resource} found
 */
function reveal(secret, found) {
  const text = `Hand this secret to whom the ${found.noun} is for. It is shown this once.`;
  const shown = h("input", {
    class: "secret",
    readonly: true,
    value: secret,
    "aria-label": "Secret",
  });
  const copy = button("Copy", async () => {
    /** @type {HTMLInputElement} */ (shown).select();
    await navigator.clipboard?.writeText(secret);
    toast("Copied.");
  });
  return tell("Keep this now", [h("p", {}, text), h("div", { class: "adder" }, shown, copy)]);
}

/**
 * @param {Resource} found
 * @param {string} id
 */
function readRow(found, id) {
  return ask({ method: "GET", path: String(found.read?.path), ids: [id] });
}

/**
 * @param {Resource} found
 * @param {Operation} operation
 * @param {{id: string, tag: string, typed: Record<string, any>}} change
 */
async function save(found, operation, { id, tag, typed }) {
  if (Object.keys(typed).length > 0) {
    const { method, path, versioned } = operation;
    const { body } = await ask({ method, path, ids: [id], body: typed, tag: versioned ? tag : "" });
    remember(found, body);
    toast("Saved.");
  }
  leave(place(found, [id]));
}
