// What every script of ours needs: the translated texts, the CSRF token, a memory that may be refused, a toast.

/** The text under `key` from the page's <template id="texts">, with {name} replaced from `values`. */
export function text(key, values = {}) {
  const store = document.getElementById("texts");
  const line = store && store.content.querySelector(`[data-key="${key}"]`);
  const words = line ? line.textContent : key;
  return words.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

export function csrfToken() {
  const meta = document.querySelector('meta[name="csrf-token"]');
  return meta ? meta.content : "";
}

/** Give every form of the page the token of the present session. */
export function renewToken(token) {
  document.querySelectorAll('meta[name="csrf-token"]').forEach((meta) => { meta.content = token; });
  document.querySelectorAll('input[name="csrf_token"]').forEach((field) => { field.value = token; });
}

/** localStorage which never throws: a private window may refuse it, and nothing may break then. */
export const memory = {
  get(key) { try { return localStorage.getItem(key); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(key, value); return true; } catch { return false; } },
  drop(key) { try { localStorage.removeItem(key); } catch { /* nothing was kept */ } },
  keys() { try { return Object.keys(localStorage); } catch { return []; } },
};

/** For a form that saves itself: whether it holds text which the server has not got. By form, a function. */
export const unsaved = new WeakMap();

/** What is typed into a form, to be posted aside of it: no files, no passwords, not the number of its copy. */
export function typedIn(form) {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
  form.querySelectorAll("[type=password], [data-nostore], [name=copy]").forEach((field) => body.delete(field.name));
  return body;
}

export function setCookie(name, value) {
  document.cookie = `${name}=${encodeURIComponent(value)};path=/;max-age=31536000;SameSite=Lax`;
}

export function icon(name) {
  const mark = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", new URL(`../icons/icons.svg#${name}`, import.meta.url).href);
  mark.setAttribute("class", "icon");
  mark.setAttribute("aria-hidden", "true");
  mark.append(use);
  return mark;
}

export function element(tag, className = "", words = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (words) made.textContent = words;
  return made;
}

const TONE_ICONS = { good: "check-circle", attention: "warning", stopped: "stop", info: "info" };

/** A short message in the corner; it stays six seconds, or until left if it tells of a failure. */
export function toast(words, tone = "info") {
  const place = document.getElementById("toasts");
  if (!place) return;
  const note = element("div", `toast-note tone-${tone}`);
  note.append(icon(TONE_ICONS[tone] || "info"), element("p", "", words));
  place.append(note);
  if (tone !== "stopped") setTimeout(() => note.remove(), 6000);
  else note.addEventListener("click", () => note.remove());
}

export function debounce(work, delay) {
  let timer;
  const later = (...given) => { clearTimeout(timer); timer = setTimeout(() => work(...given), delay); };
  later.cancel = () => clearTimeout(timer);
  return later;
}

export function keysAreOn() {
  return document.documentElement.dataset.keys !== "off";
}

/** True when the keyboard is busy with text, so that a single letter must not be taken for a command. */
export function isTyping(target) {
  return target.matches("textarea, select, [contenteditable], input:not([type=radio]):not([type=checkbox]):not([type=button]):not([type=submit])");
}

/* Whether this browser shows a whole PDF inside a page: phones and tablets show its first page or nothing, whatever they call themselves. */
export const showsPdf = () => navigator.pdfViewerEnabled !== false && !matchMedia("(pointer: coarse)").matches;
