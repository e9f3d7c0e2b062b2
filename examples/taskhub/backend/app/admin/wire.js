/** Requests and answers, whoever asks. */

/**
 * @typedef {object} Call What is asked of the API.
 * @property {string} method
 * @property {string} path Template such as `/v1/tasks/{task_id}`.
 * @property {string[]} [ids] What its parameters stand for, in order.
 * @property {Iterable<[string, string]>} [query]
 * @property {unknown} [body] Sent as JSON.
 * @property {Blob} [file] Sent as it is.
 * @property {string} [tag] The version that must be the current one.
 * @property {string} [key] Under which a creation may be sent again.
 * @property {AbortSignal} [signal]
 */

/**
 * @typedef {object} Answer
 * @property {any} body What the JSON says; null for none.
 * @property {string} tag The version of what was answered; empty for none.
 */

/** The service refused: `problem` is what it said. */
export class Refusal extends Error {
  /**
   * @param {number} status
   * @param {Record<string, any>} problem
   * @param {number|null} retryAfter Seconds after which to ask again.
   */
  constructor(status, problem, retryAfter) {
    super(String(problem.detail || problem.title || `The service answered ${status}.`));
    this.status = status;
    this.problem = problem;
    this.code = String(problem.code || "");
    this.retryAfter = retryAfter;
  }

  /** The type of the problem without its address: `precondition-failed`. */
  get type() {
    return (
      String(this.problem.type || "")
        .split("/")
        .pop() || ""
    );
  }

  /** @returns {{pointer?: string, parameter?: string, code: string, detail: string}[]} */
  get errors() {
    return Array.isArray(this.problem.errors) ? this.problem.errors : [];
  }
}

/** No answer came: the network or the service is away. */
export class Unreachable extends Error {
  constructor() {
    super("The service cannot be reached. Check the connection, then try again.");
  }
}

/**
 * Send a request and return the answer, whatever its status.
 *
 * @param {Call} call
 * @param {string} token Empty for nobody.
 * @returns {Promise<Response>}
 * @throws {Unreachable} If no answer comes.
 */
export async function send(call, token) {
  try {
    return await fetch(address(call), {
      method: call.method,
      headers: headers(call, token),
      body: call.file ?? (call.body === undefined ? undefined : JSON.stringify(call.body)),
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      signal: call.signal,
    });
  } catch (fault) {
    if (fault instanceof DOMException && fault.name === "AbortError") {
      throw fault;
    }
    throw new Unreachable();
  }
}

/**
 * Return what an answer says.
 *
 * @param {Response} response
 * @returns {Promise<Answer>}
 * @throws {Refusal} If it is a refusal.
 */
export async function read(response) {
  const isJson = (response.headers.get("content-type") ?? "").includes("json");
  const body = isJson ? await response.json().catch(() => null) : null;
  if (!response.ok) {
    const problem = body && typeof body === "object" ? body : {};
    throw new Refusal(response.status, problem, seconds(response.headers.get("retry-after")));
  }
  return { body, tag: response.headers.get("etag") ?? "" };
}

/**
 * Return where a request goes. The page may be served below a prefix, and the API is beside it.
 *
 * @param {Call} call
 */
function address(call) {
  const ids = [...(call.ids ?? [])];
  const path = call.path.replaceAll(/\{\w+\}/g, () => encodeURIComponent(ids.shift() ?? ""));
  const url = new URL(`.${path}`, document.baseURI);
  for (const [name, value] of call.query ?? []) {
    url.searchParams.append(name, value);
  }
  return url;
}

/**
 * @param {Call} call
 * @param {string} token
 */
function headers(call, token) {
  /** @type {Record<string, string>} */
  const found = { accept: "application/json, application/problem+json" };
  if (token) {
    found.authorization = `Bearer ${token}`;
  }
  if (call.file) {
    found["content-type"] = call.file.type || "application/octet-stream";
  } else if (call.body !== undefined) {
    found["content-type"] = "application/json";
  }
  if (call.tag) {
    found["if-match"] = call.tag;
  }
  if (call.key) {
    found["idempotency-key"] = call.key;
  }
  return found;
}

/** @param {string|null} text */
function seconds(text) {
  return text && /^\d+$/.test(text) ? Number(text) : null;
}
