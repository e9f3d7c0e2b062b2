/** What surrounds every view: where one can go, and who is signed in. */

import { DELETED } from "./deleted-page.js";
import { button, fill, h } from "./dom.js";
import { flatLists, offers, place, resources, serviceName } from "./service.js";
import { me } from "./session.js";
import { capital, words } from "./words.js";

/** @typedef {import("./service.js").Resource} Resource */

const PEOPLE = ["user", "invitation"];

/**
 * Put the frame up and return where views go.
 *
 * @param {HTMLElement} app
 * @param {() => unknown} leave Signs out.
 * @returns {HTMLElement}
 */
export function raiseFrame(app, leave) {
  const main = h("main", { id: "main", tabindex: "-1" });
  const menu = h(
    "nav",
    { class: "menu", "aria-label": "Main", id: "menu" },
    groups().map(([title, found]) => group(title, found)),
    group(
      "Deleted",
      resources().filter((each) => offers(each.deleted)),
      [DELETED],
    ),
    account(leave),
  );
  const toggle = button("Menu", () => openMenu(!menu.classList.contains("open")), "quiet");
  toggle.classList.add("toggle");
  toggle.setAttribute("aria-controls", menu.id);
  const openMenu = (/** @type {boolean} */ open) => {
    menu.classList.toggle("open", open);
    toggle.setAttribute("aria-expanded", String(open));
  };
  openMenu(false);
  menu.addEventListener(
    "click",
    (event) => event.target instanceof HTMLAnchorElement && openMenu(false),
  );
  const skip = h(
    "a",
    { class: "skip", href: "#main", onclick: skipTo(main) },
    "Skip to the content",
  );
  const brand = h(
    "a",
    { class: "brand", href: "#/" },
    h("span", { class: "mark", "aria-hidden": "true" }),
    serviceName(),
  );
  fill(
    app,
    skip,
    h("div", { class: "frame" }, h("header", { class: "top" }, brand, toggle), menu, main),
  );
  return main;
}

/**
 * Show in the menu where one is.
 *
 * @param {Resource|undefined} found
 * @param {string[]} steps What follows in the address.
 */
export function markPlace(found, steps) {
  const here = found && place(found, steps[0] === DELETED ? [DELETED] : []);
  for (const link of document.querySelectorAll(".menu a")) {
    const isHere = link.getAttribute("href") === here;
    if (isHere) {
      link.setAttribute("aria-current", "page");
    } else {
      link.removeAttribute("aria-current");
    }
  }
}

/**
 * Return the resources that can be listed, what the service is for before what every one has.
 *
 * @returns {[string, Resource[]][]}
 */
export function groups() {
  const listed = resources().filter((each) => flatLists(each).length > 0);
  const people = listed.filter((each) => PEOPLE.includes(each.name));
  const trails = listed.filter((each) => each.trail);
  const background = listed.filter((each) => each.background);
  const common = [...people, ...trails, ...background];
  const own = listed.filter((each) => !common.includes(each));
  /** @type {[string, Resource[]][]} */
  const all = [
    ["", own],
    ["Accounts", people],
    ["Records", trails],
    ["Background", background],
  ];
  return all.filter(([, each]) => each.length > 0);
}

/**
 * @param {string} title
 * @param {Resource[]} found
 * @param {string[]} [steps] Where in each of them its link leads.
 */
function group(title, found, steps = []) {
  if (found.length === 0) {
    return null;
  }
  const links = found.map((each) =>
    h("li", {}, h("a", { href: place(each, steps) }, capital(each.nouns))),
  );
  return h("div", { class: "group" }, title && h("h2", {}, title), h("ul", {}, links));
}

/** @param {() => unknown} leave */
function account(leave) {
  const { user, tenant } = me();
  return h(
    "div",
    { class: "account" },
    h("strong", {}, user.name),
    h("span", {}, `${words(user.role)} · ${tenant.name}`),
    button("Sign out", leave, "quiet"),
  );
}

/** @param {HTMLElement} main */
function skipTo(main) {
  return (/** @type {Event} */ event) => {
    event.preventDefault();
    main.focus();
  };
}
