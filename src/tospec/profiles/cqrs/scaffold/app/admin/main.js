/** Begins the page: who is signed in, and which view the address asks for. */

import { onLostSession } from "./api.js";
import { DELETED, showDeleted } from "./deleted-page.js";
import { fill, h } from "./dom.js";
import { showEdit, showNew } from "./edit-page.js";
import { groups, markPlace, raiseFrame } from "./frame.js";
import { showItem } from "./item-page.js";
import { showList } from "./list-page.js";
import { forgetNames } from "./names.js";
import { faultPanel } from "./refusals.js";
import { flatLists, load, offers, place, resourceAt, serviceName } from "./service.js";
import { resume, signOut } from "./session.js";
import { showSignIn, signInAgain } from "./sign-in.js";

/** @typedef {import("./service.js").Resource} Resource */

const app = /** @type {HTMLElement} */ (document.getElementById("app"));
/** @type {HTMLElement|null} */
let main = null;
/** @type {Promise<void>|null} */
let askingAgain = null;

/** Views that are drawn after a newer one was asked for must not take its place. */
let latest = 0;

async function begin() {
  await load();
  onLostSession(() => {
    // Requests that fail together wait for one sign-in.
    askingAgain ??= signInAgain()
      .catch(leave)
      .finally(() => {
        askingAgain = null;
      });
    return askingAgain;
  });
  if (await resume().catch(() => false)) {
    enter();
  } else {
    showSignIn(app, enter);
  }
  addEventListener("hashchange", () => void show());
}

function enter() {
  forgetNames();
  main = raiseFrame(app, () => void signOut().then(leave));
  void show();
}

/** @param {unknown} [why] */
function leave(why) {
  main = null;
  forgetNames();
  showSignIn(app, enter);
  if (why) {
    throw why;
  }
}

async function show() {
  if (!main) {
    return;
  }
  latest += 1;
  const mine = latest;
  const view = h("div", { class: "view", "aria-busy": "true" });
  const { found, steps, query } = route();
  markPlace(found, steps);
  try {
    await (found ? viewOf(found, steps, query) : nothing)(view);
  } catch (fault) {
    fill(view, faultPanel(fault, show));
  }
  if (mine === latest && main) {
    view.removeAttribute("aria-busy");
    fill(main, view);
    scrollTo(0, 0);
    settle(view);
  }
}

/**
 * Return what draws a view of a resource.
 *
 * @param {Resource} found
 * @param {string[]} steps
 * @param {URLSearchParams} query
 * @returns {(view: HTMLElement) => unknown}
 */
function viewOf(found, [id, what], query) {
  if (!id) {
    return flatLists(found).length > 0 ? (view) => showList(view, found, query) : nothing;
  }
  if (id === "new") {
    return offers(found.create) ? (view) => showNew(view, found, query) : nothing;
  }
  if (id === DELETED) {
    return offers(found.deleted) ? (view) => showDeleted(view, found) : nothing;
  }
  if (what === "edit") {
    return offers(found.update) ? (view) => showEdit(view, found, id) : nothing;
  }
  return found.read && !what ? (view) => showItem(view, found, id) : nothing;
}

/** Return what the address asks for; without anything, the first list. */
function route() {
  const [path, asked] = location.hash.replace(/^#\/?/, "").split("?");
  const [segment, ...steps] = path.split("/").map(decoded);
  const query = new URLSearchParams(asked ?? "");
  const found = segment ? resourceAt(segment) : groups()[0]?.[1][0];
  if (!segment && found) {
    history.replaceState(null, "", place(found));
  }
  return { found, steps: steps.filter(Boolean), query };
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** @param {HTMLElement} view */
function nothing(view) {
  const text = "There is no such page, or your role does not let you see it.";
  fill(
    view,
    h("div", { class: "empty" }, h("h1", { tabindex: "-1" }, "Nothing here"), h("p", {}, text)),
  );
}

/** @param {HTMLElement} view */
function settle(view) {
  const heading = view.querySelector("h1");
  document.title = `${heading?.textContent ?? "Admin"} · ${serviceName()}`;
  // Whoever uses a keyboard goes on from here; a form has its own first field.
  const first = /** @type {HTMLElement|null} */ (
    view.querySelector("form.form :is(input, textarea, select)")
  );
  const isForm = view.querySelector(":scope > form") !== null;
  (isForm ? first : heading)?.focus({ preventScroll: true });
}

begin().catch((fault) =>
  fill(
    app,
    h(
      "main",
      { class: "entrance" },
      faultPanel(fault, () => location.reload()),
    ),
  ),
);
