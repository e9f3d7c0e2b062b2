/** What went wrong, said plainly. */

import { button, h } from "./dom.js";
import { Refusal } from "./wire.js";
import { wait, words } from "./words.js";

/** @type {Record<number, string>} */
const TITLES = {
  401: "This is not right",
  403: "You may not do this",
  404: "There is nothing here",
  409: "This cannot be done now",
  412: "Somebody changed this meanwhile",
  413: "This is too large",
  422: "Some of this is not valid",
  429: "Too many requests",
  503: "The service is busy",
};

/**
 * Return a headline for what went wrong.
 *
 * @param {unknown} fault
 */
export function titleOf(fault) {
  if (fault instanceof Refusal) {
    return (
      TITLES[fault.status] ?? (fault.status >= 500 ? "Something went wrong" : "This was refused")
    );
  }
  return "This did not work";
}

/**
 * Return what went wrong in a sentence or two, with when to try again.
 *
 * @param {unknown} fault
 */
export function textOf(fault) {
  if (!(fault instanceof Refusal)) {
    return fault instanceof Error ? fault.message : String(fault);
  }
  const parts = [fault.status === 401 ? "Nobody is known by these." : fault.message];
  if (fault.status === 404) {
    parts.push("It may have been deleted, or you may not see it.");
  }
  if (fault.type === "invalid-transition") {
    parts.push(movesOf(fault));
  }
  if (fault.retryAfter !== null) {
    parts.push(`Try again in ${wait(fault.retryAfter)}.`);
  }
  return parts.join(" ");
}

/**
 * Return a panel that says what went wrong.
 *
 * @param {unknown} fault
 * @param {() => unknown} [retry] What tries again.
 */
export function faultPanel(fault, retry) {
  const id = fault instanceof Refusal ? String(fault.problem.instance ?? "") : "";
  return h(
    "div",
    { class: "panel fault", role: "alert" },
    h("h2", {}, titleOf(fault)),
    h("p", {}, textOf(fault)),
    id && h("p", { class: "fine" }, `Request ${id.replace("urn:uuid:", "")}`),
    retry && button("Try again", retry),
  );
}

/** @param {Refusal} fault */
function movesOf(fault) {
  const { state, allowed } = fault.problem;
  const moves = Array.isArray(allowed) ? allowed.map((each) => words(String(each))) : [];
  const now = `It is now ${words(String(state)).toLowerCase()}.`;
  return moves.length > 0 ? `${now} Possible: ${moves.join(", ")}.` : `${now} No move is possible.`;
}
