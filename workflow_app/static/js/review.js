// The review sheet: scores by the keyboard, moving between criteria, ready phrases, the two panes of a phone.
// Digits act only while the focus is inside a criterion and not in a text field; Alt with an arrow goes to the next criterion.
import { element, isTyping, keysAreOn, text } from "./kit.js";

const PAUSE = 700; // 1 and then 0 within this time means ten
let typed = "";
let typedAt = 0;

export function start(part) {
  part.querySelectorAll("[data-phrases]").forEach(prepareBank);
  part.querySelectorAll("[data-not-applicable]").forEach(skip);
  part.querySelectorAll("[data-panes]").forEach(preparePanes);
  showProgress();
}

/* Scores */

function groupFor(target) {
  const own = target.closest("[data-scores]");
  if (own) return own;
  const criterion = target.closest("[data-criterion]");
  if (!criterion) return null;
  const groups = [...criterion.querySelectorAll("[data-scores]:not([disabled])")];
  return groups.find((group) => !group.querySelector("input:checked")) || groups[0] || null;
}

function score(event) {
  if (!/^\d$/.test(event.key) || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  const group = groupFor(event.target);
  if (!group || group.disabled) return;
  const pick = (points) => group.querySelector(`input[data-points="${points}"]:not(:disabled)`);
  const now = Date.now();
  const both = now - typedAt < PAUSE ? typed + event.key : event.key;
  const button = pick(both) || pick(event.key);
  typed = event.key;
  typedAt = now;
  if (!button) return;
  event.preventDefault();
  button.checked = true;
  button.focus();
  button.dispatchEvent(new Event("input", { bubbles: true }));
  button.dispatchEvent(new Event("change", { bubbles: true }));
}

function move(event) {
  if (!event.altKey || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  const all = [...document.querySelectorAll("[data-criterion]")];
  const here = all.indexOf(event.target.closest("[data-criterion]"));
  const next = all[event.key === "ArrowDown" ? here + 1 : Math.max(here - 1, 0)];
  if (!next) return;
  event.preventDefault();
  next.scrollIntoView({ block: "start" });
  (next.querySelector("input:checked") || next.querySelector("[data-scores]:not([disabled]) input") || next).focus({ preventScroll: true });
}

function showProgress() {
  const groups = [...document.querySelectorAll("[data-scores]:not([disabled])")];
  const done = groups.filter((group) => group.querySelector("input:checked")).length;
  document.querySelectorAll("[data-review-progress]").forEach((place) => {
    const bar = place.querySelector("progress");
    bar.max = Math.max(groups.length, 1);
    bar.value = done;
    place.querySelector("span").textContent = text("scored", { done, total: groups.length });
  });
}

/* A criterion which does not apply takes no scores. */
function skip(tick) {
  const criterion = tick.closest("[data-criterion]");
  if (!criterion) return;
  criterion.querySelectorAll("[data-scores]").forEach((group) => { group.disabled = tick.checked; });
  showProgress();
}

/* Ready phrases become buttons which put themselves where the cursor is. */

function prepareBank(bank) {
  bank.querySelectorAll("span[data-phrase]").forEach((phrase) => {
    const button = element("button", "phrase", phrase.textContent);
    button.type = "button";
    button.addEventListener("click", () => insert(bank.dataset.phrases, phrase.textContent));
    phrase.replaceWith(button);
  });
}

function insert(id, phrase) {
  const area = document.getElementById(id);
  if (!area) return;
  const start = area.selectionStart ?? area.value.length;
  const before = area.value.slice(0, start);
  const gap = before && !/\s$/.test(before) ? " " : "";
  area.setRangeText(gap + phrase, start, area.selectionEnd ?? start, "end");
  area.focus();
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

/* Panes: on a narrow sheet one of the two is shown. */

function preparePanes(panes) {
  const links = panes.querySelectorAll("[data-pane]");
  links.forEach((link) => link.addEventListener("click", (event) => {
    event.preventDefault();
    show(panes, link.dataset.pane);
  }));
  const aim = location.hash && document.getElementById(location.hash.slice(1));
  if (aim && aim.closest(".pane-right")) show(panes, "right");
}

function show(panes, name) {
  panes.dataset.shown = name;
  panes.querySelectorAll("[data-pane]").forEach((link) => {
    if (link.dataset.pane === name) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  });
}

document.addEventListener("keydown", (event) => {
  if (!keysAreOn()) return;
  score(event);
  move(event);
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-not-applicable]")) skip(event.target);
  else if (event.target.closest("[data-scores]")) showProgress();
});
