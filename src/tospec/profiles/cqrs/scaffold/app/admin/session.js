/**
 * Who is signed in.
 *
 * The access token is kept in memory only: nothing but this module can read it, and it is gone with
 * the page. The refresh token is kept in memory as well while the page is open. It lies in the
 * tab's session storage only while the page is being loaded again, so that a reload does not sign
 * out: written when the page goes, taken out when it comes. A copy of the tab therefore finds
 * nothing, which matters, since the second use of a rotated token ends the whole sign-in. Local
 * storage and cookies would outlive the tab, and be there for every page of this origin.
 */

import { read, send } from "./wire.js";

/**
 * @typedef {object} Me
 * @property {{id: string, email: string, name: string, handle: string, role: string}} user
 * @property {{id: string, name: string}} tenant
 * @property {string[]} permissions
 */

const PLACE = "admin-refresh-token";

let accessToken = "";
let refreshToken = "";
/** @type {Me|null} */
let person = null;
/** @type {Promise<boolean>|null} */
let renewing = null;

/** Return the token to ask with; empty for nobody. */
export function token() {
  return accessToken;
}

/**
 * Return who is signed in.
 *
 * @returns {Me}
 * @throws {Error} If nobody is.
 */
export function me() {
  if (!person) {
    throw new Error("Nobody is signed in.");
  }
  return person;
}

/**
 * Whether whoever is signed in holds a permission; null stands for being signed in.
 *
 * @param {string|null|undefined} permission
 */
export function may(permission) {
  return permission ? me().permissions.includes(permission) : true;
}

/**
 * Sign in.
 *
 * @param {string} email
 * @param {string} password
 * @throws {import("./wire.js").Refusal} If the service does not know them.
 */
export async function signIn(email, password) {
  const call = { method: "POST", path: "/v1/auth/sign-in", body: { email, password } };
  keep((await read(await send(call, ""))).body);
  await recognize();
}

/**
 * Go on with the sign-in that a reload left behind.
 *
 * @returns {Promise<boolean>} Whether there was one that still holds.
 */
export async function resume() {
  refreshToken = takeOut();
  if (!(await renew())) {
    return false;
  }
  await recognize();
  return true;
}

/**
 * Exchange the refresh token for new tokens; whoever asks meanwhile waits for the same exchange.
 *
 * @returns {Promise<boolean>} Whether it was taken.
 * @throws {import("./wire.js").Unreachable} If no answer comes.
 */
export function renew() {
  renewing ??= exchange().finally(() => {
    renewing = null;
  });
  return renewing;
}

/** End the sign-in, here and at the service. */
export async function signOut() {
  const ended = accessToken;
  forget();
  // Whoever cannot reach the service is signed out on this page nevertheless.
  await send({ method: "POST", path: "/v1/auth/sign-out" }, ended).catch(() => null);
}

/** Forget who is signed in. */
export function forget() {
  accessToken = "";
  refreshToken = "";
  person = null;
}

async function exchange() {
  if (!refreshToken) {
    return false;
  }
  const body = { refresh_token: refreshToken };
  const response = await send({ method: "POST", path: "/v1/auth/refresh", body }, "");
  if (response.status === 401 || response.status === 422) {
    refreshToken = "";
    return false;
  }
  keep((await read(response)).body);
  return true;
}

/** @param {{access_token: string, refresh_token: string}} tokens */
function keep(tokens) {
  accessToken = tokens.access_token;
  refreshToken = tokens.refresh_token;
}

async function recognize() {
  person = (await read(await send({ method: "GET", path: "/v1/me" }, accessToken))).body;
}

function takeOut() {
  const found = sessionStorage.getItem(PLACE) ?? "";
  sessionStorage.removeItem(PLACE);
  return found;
}

addEventListener("pagehide", () => {
  if (refreshToken) {
    sessionStorage.setItem(PLACE, refreshToken);
  }
});
// A page that comes back as it was left still has its token in memory.
addEventListener("pageshow", (event) => event.persisted && takeOut());
