/** The operations of the API, asked by whoever is signed in. */

import { renew, token } from "./session.js";
import { read, send } from "./wire.js";

/** @typedef {import("./wire.js").Call} Call */
/** @typedef {import("./wire.js").Answer} Answer */

/** @type {() => Promise<void>} */
let signInAgain = () => Promise.reject(new Error("Nobody is signed in."));

/**
 * Say what lets somebody sign in again while a request waits for it.
 *
 * @param {() => Promise<void>} again Resolves when they are signed in.
 */
export function onLostSession(again) {
  signInAgain = again;
}

/**
 * Ask for something and return what is answered. When the sign-in has ended, it is renewed, or
 * asked for, and the same request is sent once more: no form loses what was typed.
 *
 * @param {Call} call
 * @returns {Promise<Answer>}
 * @throws {import("./wire.js").Refusal|import("./wire.js").Unreachable}
 */
export async function ask(call) {
  return read(await sent(call));
}

/**
 * Ask for a file and return its bytes.
 *
 * @param {Call} call
 * @returns {Promise<Blob>}
 */
export async function fetchFile(call) {
  const response = await sent(call);
  if (!response.ok) {
    await read(response);
  }
  return response.blob();
}

/** @param {Call} call */
async function sent(call) {
  const used = token();
  const response = await send(call, used);
  if (response.status !== 401) {
    return response;
  }
  // Another request may have renewed the tokens meanwhile.
  if (token() === used && !(await renew())) {
    await signInAgain();
  }
  return send(call, token());
}
