// Behaviour of every page. The pages work without it; it only makes them kinder.
import { confirmed, numbered } from "./copies.js";
import { csrfToken, debounce, isTyping, keysAreOn, memory, setCookie, showsPdf, text, toast, unsaved } from "./kit.js";
import { present, refresh } from "./session.js";

const root = document.documentElement;
const every = (selector, work, within = document) => within.querySelectorAll(selector).forEach(work);

/* What a person chooses for this browser: theme, vision, shortcuts. */

const THEMES = ["auto", "light", "dark"];

function showTheme() {
  const theme = memory.get("theme") || "auto";
  every("[data-theme-word]", (place) => { place.textContent = text(`theme_${theme}`); });
}

function nextTheme() {
  const theme = THEMES[(THEMES.indexOf(memory.get("theme") || "auto") + 1) % THEMES.length];
  memory.set("theme", theme);
  setCookie("theme", theme === "auto" ? "" : theme);
  const dark = theme === "dark" || (theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.setAttribute("data-bs-theme", dark ? "dark" : "light");
  showTheme();
}

function showVision() {
  const large = root.dataset.vision === "large";
  every("[data-vision-set]", (link) => {
    link.dataset.visionSet = large ? "" : "large";
    (link.querySelector("span") || link.lastChild).textContent = text(large ? "vision_off" : "vision_on");
  });
}

function setVision(value) {
  memory.set("vision", value);
  setCookie("vision", value || "normal");
  if (value) root.dataset.vision = value; else delete root.dataset.vision;
  showVision();
}

function toggleKeys(button) {
  const on = !keysAreOn();
  memory.set("keys", on ? "on" : "off");
  if (on) delete root.dataset.keys; else root.dataset.keys = "off";
  button.setAttribute("aria-pressed", String(on));
  toast(text(on ? "keys_on" : "keys_off"));
}

/* Text areas grow with their text; counters tell what is left. */

const growsItself = CSS.supports("field-sizing", "content");

function grow(area) {
  if (growsItself || !area.scrollHeight) return;
  area.style.height = "auto";
  area.style.height = `${Math.min(area.scrollHeight + 2, 640)}px`;
}

// What the server counts towards a least length (spelling.py): a run of spaces as one, nothing for what nobody sees.
function visible(typed) {
  const blank = /[\p{C}\p{Mn}\p{Me}\u2800\u3164\u115f\u1160\uffa0]/gu;
  return [...typed.normalize("NFC").replace(/\s+/g, " ").replace(blank, "").replace(/ +/g, " ").trim()].length;
}

function count(place) {
  const field = document.getElementById(place.dataset.countFor);
  if (!field) return;
  const length = field.value.replace(/\r?\n/g, "\r\n").length;
  const most = Number(place.dataset.most);
  const least = Number(place.dataset.least || 0);
  const over = length > most;
  const seen = least ? visible(field.value) : length;
  place.dataset.range ??= place.textContent; // the server's words tell the least length too: an empty field keeps them
  place.classList.toggle("is-over", over);
  if (over) place.textContent = text("over", { n: length - most });
  else if (!seen && least) place.textContent = place.dataset.range;
  else if (seen < least) place.textContent = text("short", { n: least - seen });
  else place.textContent = text("left", { n: most - length });
}

const countSoon = debounce((field) => every(`[data-count-for="${CSS.escape(field.id)}"]`, count), 150);

/* Dialogs */

function openDialog(id) {
  const dialog = document.getElementById(id);
  if (!dialog || !dialog.showModal) return false;
  dialog.showModal();
  return true;
}

/* Leaving and sending */

function isChanged(form) {
  if (form.dataset.sending === "1") return false;
  const ask = unsaved.get(form);
  return ask ? ask() : form.dataset.changed === "1";
}

/* A form that is sent without its session is answered with «no content»: the page stays, a cookie with the form's number tells it,
   the dialog asks, and what was pressed is sent again. */

function number(event) {
  const form = event.target;
  if (form.method === "post" && document.body.dataset.person && !form.closest("#signin")) numbered(form);
}

function watch(form, submitter) {
  const name = `ended-${form.querySelector("input[name=copy]")?.value}`;
  const timer = setInterval(() => {
    if (form.dataset.sending !== "1") clearInterval(timer);
    if (!document.cookie.includes(`${name}=`)) return;
    clearInterval(timer);
    document.cookie = `${name}=;path=/;max-age=0;SameSite=Lax`;
    release(form);
    form.dispatchEvent(new Event("unsent"));
    const anybody = form.hasAttribute("data-anybody");
    (anybody ? refresh().then(() => true) : present()).then((may) => { if (may) form.requestSubmit(submitter || undefined); });
  }, 100);
}

function sendOnce(event) {
  const form = event.target;
  if (event.defaultPrevented || form.target === "_blank") return;
  if (form.dataset.sending === "1") { event.preventDefault(); return; }
  if (form.method === "get") return;
  form.dataset.sending = "1";
  // After this turn of the loop, so that the pressed button's name is still sent.
  setTimeout(() => every("button:not([type=button]), input[type=submit]", (button) => {
    if (button.disabled) return;
    button.disabled = true;
    button.dataset.busy = "1";
  }, form), 0);
  watch(form, event.submitter);
  setTimeout(() => release(form), 20000); // a download leaves the page as it is
}

function release(form) {
  delete form.dataset.sending;
  every("[data-busy]", (button) => { button.disabled = false; delete button.dataset.busy; }, form);
}

/* Ticks for many rows */

/* Of which rows a tick chooses all: of its part of the page, else of its form. */
const partOf = (tick) => tick.closest("[data-pick-part]") || tick.closest("form") || document;

function showPicked() {
  const ticksOf = (part) => [...part.querySelectorAll("[data-pick]")];
  const count = (ticks) => ticks.filter((tick) => tick.checked).length;
  every("[data-bulk]", (bar) => {
    const picked = count(ticksOf(bar.closest("form") || document));
    bar.toggleAttribute("data-empty", picked === 0);
    every("[data-bulk-count]", (place) => { place.textContent = picked; }, bar);
  });
  every("[data-pick-all]", (tick) => {
    const ticks = ticksOf(partOf(tick));
    const picked = count(ticks);
    tick.checked = picked > 0 && picked === ticks.length;
    tick.indeterminate = picked > 0 && picked < ticks.length;
  });
}

/* One listener for each kind of event: parts which htmx brings later work too. */

document.addEventListener("click", (event) => {
  const at = (selector) => event.target.closest(selector);
  const opener = at("[data-dialog]");
  if (opener && openDialog(opener.dataset.dialog)) event.preventDefault();
  const closer = at("[data-dialog-close]");
  if (closer && closer.closest("dialog[open]")?.matches(":modal")) { event.preventDefault(); closer.closest("dialog").close(); }
  if (event.target.matches("dialog") && event.target.open) event.target.close();
  every("details[data-close-outside][open]", (details) => { if (!details.contains(event.target)) details.open = false; });
  const vision = at("[data-vision-set]");
  if (vision) { event.preventDefault(); setVision(vision.dataset.visionSet); }
  if (at("[data-theme-next]")) nextTheme();
  const keys = at("[data-keys-toggle]");
  if (keys) toggleKeys(keys);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    every("details[data-close-outside][open]", (details) => { details.open = false; details.querySelector("summary").focus(); });
  }
  if (event.key === "/" && keysAreOn() && !isTyping(event.target) && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const search = document.querySelector('[data-key="/"]');
    if (search) { event.preventDefault(); search.focus(); search.select(); }
  }
});

document.addEventListener("input", (event) => {
  const field = event.target;
  if (field.matches("[data-autosize]")) grow(field);
  if (field.id) countSoon(field);
  const form = field.closest("form[data-guard]");
  if (form) form.dataset.changed = "1";
  const tick = field.matches("[data-pick]") ? null : field.closest("[data-pick-row]")?.querySelector("[data-pick]");
  if (tick && !tick.checked) { tick.checked = true; showPicked(); }  // who mends a row means it
});

document.addEventListener("change", (event) => {
  const all = event.target.closest("[data-pick-all]");
  if (all) every(`[data-pick][name="${CSS.escape(all.dataset.pickAll)}"]`, (tick) => { tick.checked = all.checked; }, partOf(all));
  if (all || event.target.matches("[data-pick]")) showPicked();
});

/* Of the groups of a menu one is open. */
document.addEventListener("toggle", (event) => {
  if (!event.target.matches?.(".menu-group[open]")) return;
  [...event.target.parentElement.children].filter((one) => one !== event.target && one.matches(".menu-group[open]")).forEach((one) => { one.open = false; });
}, true);

/* The menu is drawn once: while «Меню» of the bar is open it stands behind that button, and the keyboard goes on into it. */
document.addEventListener("toggle", (event) => {
  if (!event.target.matches?.(".bar-more")) return;
  document.querySelector(event.target.open ? ".bar-menu" : ".side").append(document.getElementById("menu"));
}, true);
matchMedia("(min-width: 62em)").addEventListener("change", () => every(".bar-more[open]", (more) => { more.open = false; }));

document.addEventListener("submit", number, true);
document.addEventListener("submit", sendOnce);
window.addEventListener("pageshow", () => every("form[data-sending]", release));
window.addEventListener("beforeunload", (event) => {
  if ([...document.querySelectorAll("form[data-guard]")].some(isChanged)) event.preventDefault();
});

/* After a save the line of steps and the complaints at the fields are those of the text as it stands now. */
document.addEventListener("autosaved", (event) => {
  const { steps, wrong } = event.detail || {};
  const line = document.querySelector("nav.wizard");
  const fresh = steps && new DOMParser().parseFromString(steps, "text/html").querySelector("nav.wizard");
  if (line && fresh && !line.contains(document.activeElement)) line.replaceWith(fresh);
  if (!wrong) return;
  every(".field-error[id$='-error']", (complaint) => {
    if (wrong.includes(complaint.id.slice(0, -"-error".length).split("-")[0])) return;
    const field = complaint.closest(".field");
    field?.classList.remove("field-wrong");
    every("[aria-invalid]", (input) => input.removeAttribute("aria-invalid"), field || complaint);
    complaint.remove();
  }, event.target);
});

document.addEventListener("htmx:configRequest", (event) => { event.detail.headers["X-CSRFToken"] = csrfToken(); });
document.addEventListener("htmx:load", (event) => prepare(event.detail.elt));

/* A table wider than its frame must be scrollable by the keyboard too. */
function openFrame(frame) {
  if (frame.scrollWidth <= frame.clientWidth + 1 || frame.hasAttribute("tabindex")) return;
  frame.tabIndex = 0;
  frame.setAttribute("role", "region");
  frame.setAttribute("aria-label", frame.querySelector("caption")?.textContent || document.title);
}

function prepare(part) {
  every("[data-needs-script]", (hidden) => { hidden.hidden = false; }, part);
  every("[data-autosize]", grow, part);
  every("[data-count-for]", count, part);
  every(".table-frame", openFrame, part);
  if (part.querySelector("form[data-guard]")) import("./autosave.js").then((room) => room.start(part));
  if (part.querySelector("[data-picker]")) import("./picker.js").then((room) => room.start(part));
  if (part.querySelector("[data-upload-url]")) import("./upload.js").then((room) => room.start(part));
  if (part.querySelector("[data-scores], [data-phrases], [data-panes]")) import("./review.js").then((room) => room.start(part));
  showPicked();
}

prepare(document);
showTheme();
showVision();
every("[data-keys-toggle]", (button) => button.setAttribute("aria-pressed", String(keysAreOn())));
const complaint = document.querySelector("[data-focus]");
if (complaint) complaint.focus();
confirmed();

/* Chromium's PDF viewer takes the focus when it is ready: from a field, even from an open dialog, and what is typed goes astray.
   Whoever did not go there, by Tab or with the pointer, gets it back. */
let focused = null;
let tabbed = false;
document.addEventListener("focusin", (event) => { if (!event.target.matches("iframe")) focused = event.target; });
document.addEventListener("keydown", (event) => { tabbed = event.key === "Tab"; }, true);
window.addEventListener("blur", () => {
  const frame = document.activeElement;
  if (!frame?.matches("iframe") || !focused?.isConnected) return;
  if (!document.querySelector("dialog:modal") && (tabbed || frame.matches(":hover"))) return;
  setTimeout(() => { // the browser has not finished handing it over: what is focused now would still not get the keys
    window.focus();
    frame.blur();
    focused.focus({ preventScroll: true });
  }, 0);
});

/* A document that this browser cannot show inside a page: the same as pictures. */
every("[data-instead]", (frame) => { if (!showsPdf()) location.replace(frame.dataset.instead); });

/* Text that is copied elsewhere: the field stands there to be copied by hand where no script or no clipboard is. */

if (navigator.clipboard) every("[data-copy]", (button) => {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(field.value);
      toast(text("copied"), "good");
    } catch {
      field.focus();
      field.select();
    }
  });
});
