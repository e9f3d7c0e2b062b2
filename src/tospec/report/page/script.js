const search = document.querySelector("#search");
const state = document.querySelector("#state");
const items = [...document.querySelectorAll("[data-find]")];
const found = document.querySelector("#found");

function show() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const item of items) {
    const text = item.dataset.find.toLowerCase();
    const right = !item.dataset.state || !state.value || item.dataset.state === state.value;
    item.hidden = !(right && words.every((word) => text.includes(word)));
    count += item.hidden ? 0 : 1;
  }
  found.textContent = words.length || state.value ? `${count} of ${items.length} shown` : "";
}

search.addEventListener("input", show);
state.addEventListener("change", show);
document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input, select, textarea");
  if (event.key === "/" && !typing) {
    event.preventDefault();
    search.focus();
  } else if (event.key === "Escape" && event.target === search) {
    search.value = "";
    show();
    search.blur();
  }
});

const theme = document.querySelector("#theme");
const dark = matchMedia("(prefers-color-scheme: dark)");
theme.addEventListener("click", () => {
  const now = document.documentElement.dataset.theme || (dark.matches ? "dark" : "light");
  document.documentElement.dataset.theme = now === "dark" ? "light" : "dark";
});
document.querySelector("#open").addEventListener("click", (event) => {
  const all = document.querySelectorAll("#requirements details");
  const open = event.target.getAttribute("aria-pressed") !== "true";
  for (const each of all) each.open = open;
  event.target.setAttribute("aria-pressed", String(open));
  event.target.textContent = open ? "Close all" : "Open all";
});
show();
