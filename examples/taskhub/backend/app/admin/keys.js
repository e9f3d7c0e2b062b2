/** Keys under which a creation may be sent again, so that it is carried out once. */

const BYTES = 16;

/** Return a key that nobody used before. */
export function freshKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  return [...bytes].map((each) => each.toString(16).padStart(2, "0")).join("");
}

/** Gives the same key for the same content, as long as nothing else is sent. */
export class KeyOf {
  constructor() {
    this.content = "";
    this.key = "";
  }

  /**
   * Return the key to send `body` under.
   *
   * @param {unknown} body
   */
  of(body) {
    const content = JSON.stringify(body);
    if (content !== this.content) {
      this.content = content;
      this.key = freshKey();
    }
    return this.key;
  }
}
