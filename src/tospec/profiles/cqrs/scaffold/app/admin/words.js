/** Values as people read them: names, times, sizes. */

const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" });
const SHORT = new Intl.DateTimeFormat(undefined, {
  month: "short",
  day: "numeric",
  hour: "numeric",
  minute: "2-digit",
});
const UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB"];
const DURATION = /^(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/**
 * Return a name of the API in words: `in_progress` is `In progress`.
 *
 * @param {string} name
 */
export function words(name) {
  const plain = name.replaceAll(/[_.-]+/g, " ").trim();
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

/** @param {string} text */
export function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/**
 * Return a moment in the zone of whoever looks; what is no moment comes back as it is.
 *
 * @param {string} text
 */
export function moment(text) {
  const found = new Date(text);
  return Number.isNaN(found.getTime()) ? text : MOMENT.format(found);
}

/**
 * Return a moment as a table has room for it: the present year goes without saying.
 *
 * @param {string} text
 */
export function shortMoment(text) {
  const found = new Date(text);
  const isNow = found.getFullYear() === new Date().getFullYear();
  return isNow ? SHORT.format(found) : moment(text);
}

/**
 * Return a moment in UTC.
 *
 * @param {string} text
 */
export function utc(text) {
  const found = new Date(text);
  if (Number.isNaN(found.getTime())) {
    return text;
  }
  return `${found.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/**
 * Return a day, which is the same in every zone.
 *
 * @param {string} text
 */
export function day(text) {
  const found = new Date(`${text}T00:00:00Z`);
  return Number.isNaN(found.getTime()) ? text : DAY.format(found);
}

/**
 * Return a length of time in ISO 8601 in words; what is none comes back as it is.
 *
 * @param {string} text
 */
export function duration(text) {
  const found = DURATION.exec(text);
  if (!found) {
    return text;
  }
  const units = ["d", "h", "min", "s"];
  const parts = units.map((unit, n) => (found[n + 2] ? `${found[n + 2]} ${unit}` : ""));
  return `${found[1]}${parts.filter(Boolean).join(" ") || "0 s"}`;
}

/**
 * Return how long to wait, in words.
 *
 * @param {number} seconds
 */
export function wait(seconds) {
  return seconds < 90 ? `${seconds} s` : `${Math.ceil(seconds / 60)} minutes`;
}

/**
 * Return a number of bytes in a unit that suits it.
 *
 * @param {number} bytes
 */
export function size(bytes) {
  const step = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), UNITS.length - 1);
  const value = bytes / 1024 ** step;
  return `${step ? value.toFixed(value < 10 ? 1 : 0) : value} ${UNITS[step]}`;
}

/**
 * Return the beginning of a long text, in one line.
 *
 * @param {string} text
 * @param {number} [most]
 */
export function brief(text, most = 80) {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}
