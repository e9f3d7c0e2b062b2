/** Signing in: as the whole page, or over it when a sign-in has ended meanwhile. */

import { button, fill, h } from "./dom.js";
import { modal } from "./dialogs.js";
import { Form } from "./forms.js";
import { serviceName } from "./service.js";
import { me, signIn } from "./session.js";
import { read, send } from "./wire.js";

/** @typedef {import("./service.js").Field} Field */

/** @type {Field} */
const EMAIL = { name: "email", label: "E-mail address", kind: "email", required: true };
/** @type {Field} */
const PASSWORD = { name: "password", label: "Password", kind: "password", required: true };
/** @type {Field[]} */
const JOINING = [
  { name: "token", label: "Secret of the invitation", kind: "string", required: true },
  { name: "name", label: "Your name", kind: "string", required: true },
  { ...PASSWORD, about: "Choose one of your own." },
];

/**
 * Show the page on which somebody signs in.
 *
 * @param {HTMLElement} place
 * @param {() => unknown} done Called when they have.
 */
export function showSignIn(place, done) {
  const form = new Form({
    fields: [EMAIL, PASSWORD],
    values: {},
    action: "Sign in",
    send: async (filled) => {
      await enter(filled);
      done();
    },
  });
  const join = button("Join with an invitation", () => showJoining(place, done), "quiet");
  card(place, "Sign in", form, join);
}

/**
 * Ask who was signed in to sign in again, over the page as it is.
 *
 * @returns {Promise<void>} Rejects when they leave instead.
 */
export function signInAgain() {
  const { email } = me().user;
  return new Promise((resolve, reject) => {
    const form = new Form({
      fields: [PASSWORD],
      values: {},
      action: "Sign in",
      send: async (filled) => {
        await signIn(email, filled.values().password);
        resolve();
        dialog.close();
      },
      cancel: () => dialog.close(),
    });
    hidePassword(form);
    const text = h("p", {}, `Your sign-in as ${email} has ended. What you typed is still here.`);
    const left = () => reject(new Error("You are no longer signed in."));
    const dialog = modal("Sign in again", [text, form.node], left);
    form.focus();
  });
}

/**
 * @param {HTMLElement} place
 * @param {() => unknown} done
 */
function showJoining(place, done) {
  const form = new Form({
    fields: JOINING,
    values: {},
    action: "Join",
    send: async (filled) => {
      const body = filled.values();
      const call = { method: "POST", path: "/v1/invitations/accept", body };
      const { body: joined } = await read(await send(call, ""));
      await signIn(joined.email, body.password);
      done();
    },
  });
  const back = button("Sign in instead", () => showSignIn(place, done), "quiet");
  card(place, "Join", form, back);
}

/**
 * @param {HTMLElement} place
 * @param {string} title
 * @param {Form} form
 * @param {HTMLElement} other
 */
function card(place, title, form, other) {
  document.title = `${title} · ${serviceName()}`;
  hidePassword(form);
  form.rows.get("email")?.control.focus.setAttribute("autocomplete", "username");
  const heading = h("h1", {}, serviceName());
  fill(
    place,
    h("main", { class: "entrance" }, h("div", { class: "card" }, heading, form.node, other)),
  );
  form.focus();
}

/** @param {Form} form */
function hidePassword(form) {
  const input = form.rows.get("password")?.control.focus;
  input?.setAttribute("type", "password");
  input?.setAttribute("autocomplete", form.rows.has("token") ? "new-password" : "current-password");
}

/** @param {Form} form */
async function enter(form) {
  const { email, password } = form.values();
  await signIn(email, password);
}
