// The review sheet: scores by the keyboard, moving between criteria, ready phrases, the two panes of a phone, the material
// changed without leaving the sheet, and what the server says of the sheet after each autosave.
// Digits act only while the focus is inside a criterion and not in a text field; Alt with an arrow goes to the next criterion.
import { element, icon, isTyping, keysAreOn, showsPdf, text, toast } from "./kit.js";

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
  const groups = [...document.querySelectorAll("#marks [data-scores]:not([disabled])")];
  const done = groups.filter((group) => group.querySelector("input:checked")).length;
  document.querySelectorAll("[data-review-progress]").forEach((place) => {
    const bar = place.querySelector("progress");
    bar.max = Math.max(groups.length, 1);
    bar.value = done;
    place.querySelector("span").textContent = text("scored", { done, total: groups.length });
    place.parentElement.hidden = false;
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

/* Material: another file comes into the pane, the sheet stays as it is. */

const NARROW = matchMedia("(max-width: 61.99em)");

async function bring(link, byHand = true) {
  const place = document.querySelector("[data-material]");
  if (!place) return;
  place.classList.add("is-busy");
  try {
    const answer = await fetch(link.href, { credentials: "same-origin", redirect: "error" });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-material]");
    if (!fresh) throw new Error("no material");
    place.replaceWith(fresh);
    fresh.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
    if (byHand && document.activeElement === document.body) fresh.querySelector("a[aria-current]")?.focus({ preventScroll: true });
  } catch {
    place.classList.remove("is-busy");
    toast(text("material_failed"), "stopped");
  }
}

/* A phone, a tablet, or a browser which shows no PDF itself, gets the pages as pictures. */
function preferPages() {
  if (!NARROW.matches && showsPdf()) return;
  const link = document.querySelector("[data-material] iframe") && document.querySelector("[data-material-pages]");
  if (link) bring(link, false);
}

/* Progress: what the server counted after an autosave. Sum and verdict come only with a complete sheet. */

const MARKS = { done: "check-circle", skipped: "minus", part: "work", empty: "circle" };
const STATES = Object.keys(MARKS);

function showCriteria(criteria) {
  for (const [key, told] of Object.entries(criteria)) {
    const place = document.getElementById(`marks-${key}`);
    if (!place) continue;
    place.classList.remove(...STATES.map((state) => `criterion-${state}`));
    place.classList.add(`criterion-${told.state}`);
    place.querySelector(".criterion-state")?.replaceChildren(icon(MARKS[told.state]), element("span", "", told.words));
  }
}

function showResult(told) {
  const place = document.querySelector("[data-result]");
  if (!place) return;
  place.replaceChildren(told.complete ? verdict(told) : waiting(told));
}

function verdict(told) {
  const box = element("div", `verdict tone-${told.tone}`);
  if (told.percent) box.append(element("p", "verdict-number num", told.percent));
  const words = element("div");
  const title = element("p", "verdict-title");
  title.append(icon({ good: "check-circle", attention: "warning", stopped: "stop" }[told.tone] || "info"), told.verdict);
  words.append(title);
  if (told.reasons.length) words.append(element("p", "hint", told.reasons.join(" ")));
  box.append(words);
  return box;
}

function waiting(told) {
  const line = element("p", "result-waiting");
  line.append(icon("hourglass"), element("span", "", text("review_waits", { done: told.done, total: told.total })));
  return line;
}

document.addEventListener("autosaved", (event) => {
  const told = event.detail?.progress;
  if (!told) return;
  showCriteria(told.criteria);
  showResult(told);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-material-link], [data-material] .pages a");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
    event.preventDefault();
    bring(link);
  }
  if (event.target.closest("[data-print]")) print();
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-not-applicable]")) skip(event.target);
  else if (event.target.closest("[data-scores]")) showProgress();
});

preferPages();
