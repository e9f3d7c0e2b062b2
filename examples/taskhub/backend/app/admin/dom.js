/**
 * Making elements. Text always becomes a text node, so nothing that somebody wrote is ever markup.
 */

/** @typedef {Node|string|number|null|undefined|false} Child */

/**
 * Return a new element.
 *
 * @param {string} tag Name of the element.
 * @param {Record<string, unknown>} [options] `class`, attributes by name, listeners as `onclick`.
 *   Attributes that are false or missing are left out; true stands for an attribute without value.
 * @param {...(Child|Child[])} children What stands in it; nothing for what is missing or false.
 * @returns {HTMLElement}
 */
export function h(tag, options = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(options)) {
    if (name.startsWith("on")) {
      element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    } else if (value === true) {
      element.setAttribute(name, "");
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, String(value));
    }
  }
  element.append(...nodes(children));
  return element;
}

/**
 * Put `children` in the place of all that stands in `element`.
 *
 * @param {Element} element
 * @param {...(Child|Child[])} children
 */
export function fill(element, ...children) {
  element.replaceChildren(...nodes(children));
}

/**
 * Return an id that no other element of the page has.
 *
 * @param {string} prefix
 */
export function freshId(prefix) {
  count += 1;
  return `${prefix}-${count}`;
}

/**
 * Return a button that does not submit.
 *
 * @param {string} label
 * @param {(event: Event) => unknown} action
 * @param {string} [look] Classes such as `primary`, `danger` or `quiet`.
 */
export function button(label, action, look = "") {
  return h("button", { type: "button", class: `button ${look}`.trim(), onclick: action }, label);
}

/**
 * Let nobody press `control` again until `work` is done.
 *
 * @template T
 * @param {Element|null} control
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function busy(control, work) {
  control?.setAttribute("disabled", "");
  control?.setAttribute("aria-busy", "true");
  try {
    return await work();
  } finally {
    control?.removeAttribute("disabled");
    control?.removeAttribute("aria-busy");
  }
}

let count = 0;

/** @param {(Child|Child[])[]} children */
function nodes(children) {
  const present = children.flat().filter((each) => each !== null && each !== undefined);
  return present
    .filter((each) => each !== false)
    .map((each) => (each instanceof Node ? each : document.createTextNode(String(each))));
}
