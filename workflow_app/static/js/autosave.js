// Saves a form while it is being filled, and keeps a copy in the browser until the server has the text.
//
// <form id data-autosave-url> is posted to that address, without files, 1.5 s after the last change.
// Answers: 2xx JSON {saved_at: "14:05", version: 7}; 409 the form was changed elsewhere; 401 or a redirect: the session is over;
// 4xx JSON {error: "..."} refused; anything else is tried again. The copy is kept under person + address + form, without passwords
// and without fields marked data-nostore, and is removed when the server confirms.
import { csrfToken, debounce, element, icon, memory, text, unsaved } from "./kit.js";

const DELAY = 1500;
const PAUSES = [5, 15, 30, 60];
const KEEP_DAYS = 14;
const WAIT_MOST = 5000; // ms that a pressed button waits for a save under way
const KEEPALIVE_MOST = 60000; // bytes: a browser refuses to finish more than 64 KiB after the page is left
const PREFIX = "draft:";

const started = new WeakSet();

export function start(part) {
  part.querySelectorAll("form[data-autosave-url]").forEach((form) => {
    if (started.has(form)) return;
    started.add(form);
    new Draft(form);
  });
}

/** A form which was sent is done when the next ordinary page comes; the sign-in page and an error page prove nothing. */
export function forgetSent() {
  if (document.body.matches(".bare, .is-error")) return;
  const here = [...document.querySelectorAll("form[data-autosave-url]")].map(keyOf);
  const oldest = Date.now() - KEEP_DAYS * 24 * 3600 * 1000;
  memory.keys().filter((key) => key.startsWith(PREFIX)).forEach((key) => {
    const copy = read(key);
    const mine = key.startsWith(`${PREFIX}${document.body.dataset.person}:`);
    if (!copy || copy.at < oldest || (mine && copy.sent && !here.includes(key))) memory.drop(key);
  });
}

function keyOf(form) {
  return `${PREFIX}${document.body.dataset.person}:${location.pathname}:${form.id}`;
}

function read(key) {
  try { return JSON.parse(memory.get(key)); } catch { return null; }
}

function pairs(form) {
  const secret = new Set([...form.elements].filter((field) => field.matches("[type=password], [type=file], [data-nostore]")).map((field) => field.name));
  const skipped = new Set(["csrf_token", "version"]);
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !secret.has(name) && !skipped.has(name));
}

function clock(when) {
  return new Date(when).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
}

function moment(when) {
  return new Date(when).toLocaleString(document.documentElement.lang, { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" });
}

class Draft {
  constructor(form) {
    this.form = form;
    this.key = keyOf(form);
    this.status = form.querySelector("[data-autosave-status]") || document.querySelector(`[data-autosave-status="${CSS.escape(form.id)}"]`);
    this.saved = this.now();
    this.underWay = ""; // what is being sent and will arrive even if the page is left
    this.failures = 0;
    this.stopped = false;
    this.later = debounce(() => this.save(), DELAY);
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    form.addEventListener("submit", (event) => this.sent(event));
    window.addEventListener("online", () => this.save());
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.save(); });
    unsaved.set(form, () => ![this.saved, this.underWay].includes(this.now()));
    const early = form.dataset.changed;
    this.restore();
    if (early) { // typed before this script came: the page no longer tells what the server has
      this.saved = "";
      this.changed();
    }
  }

  now() { return JSON.stringify(pairs(this.form)); }

  say(words, state = "") {
    if (!this.status) return;
    (this.status.querySelector("span") || this.status).textContent = words;
    this.status.dataset.state = state;
  }

  keepCopy(extra = {}) {
    memory.set(this.key, JSON.stringify({ at: Date.now(), base: this.saved, now: this.now(), ...extra }));
  }

  changed() {
    if (this.now() === this.saved) {
      this.later.cancel();
      memory.drop(this.key);
      delete this.form.dataset.changed;
      if (!this.stopped) this.say("");
      return;
    }
    this.keepCopy();
    if (this.stopped) return;
    this.say(text("unsaved"));
    this.later();
  }

  /* A save under way will change the version that the server asks for: the form waits for its answer, and goes then. */
  sent(event) {
    this.later.cancel();
    clearTimeout(this.retry);
    if (this.busy && !this.waited) {
      event.preventDefault();
      event.stopPropagation();
      if (this.waiting) return;
      this.waiting = { submitter: event.submitter };
      this.patience = setTimeout(() => this.goOn(), WAIT_MOST);
      return;
    }
    this.stopped = true;
    if (this.now() !== this.saved) this.keepCopy({ sent: true });
  }

  goOn() {
    if (!this.waiting) return;
    clearTimeout(this.patience);
    const { submitter } = this.waiting;
    this.waiting = null;
    this.waited = true;
    this.form.requestSubmit(submitter || undefined);
    this.waited = false;
  }

  async save() {
    this.later.cancel();
    clearTimeout(this.retry);
    const sending = this.now();
    if (this.stopped || this.busy || sending === this.saved) return;
    this.busy = true;
    this.say(text("saving"));
    try {
      const body = this.body();
      const keepalive = body.toString().length < KEEPALIVE_MOST; // encoded: every character is one byte
      this.underWay = keepalive ? sending : "";
      const answer = await fetch(this.form.dataset.autosaveUrl, {
        method: "POST",
        body,
        headers: { "X-CSRFToken": csrfToken(), "X-Requested-With": "autosave", Accept: "application/json" },
        redirect: "manual",
        credentials: "same-origin",
        keepalive,
      });
      await this.answered(answer, sending);
    } catch {
      this.failed();
    } finally {
      this.busy = false;
      this.underWay = "";
    }
    if (this.waiting) { this.goOn(); return; }
    if (!this.failures && !this.stopped && this.now() !== this.saved) this.later();
  }

  body() {
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(this.form)) if (typeof value === "string") body.append(name, value);
    this.form.querySelectorAll("[type=password], [data-nostore]").forEach((field) => body.delete(field.name));
    return body;
  }

  async answered(answer, sending) {
    if (answer.type === "opaqueredirect" || answer.status === 401) { this.halt(text("save_session")); return; }
    const told = await answer.json().catch(() => null);
    if (answer.ok) { this.confirmed(told || {}, sending); return; }
    if (answer.status === 409) { this.halt((told && told.error) || text("save_stale")); return; }
    if (answer.status === 429 || answer.status >= 500) { this.failed(); return; }
    if (told && told.error) { this.say(text("save_refused", { reason: told.error }), "failed"); return; }
    this.halt(text("save_session"));
  }

  confirmed(told, sending) {
    this.failures = 0;
    this.saved = sending;
    const version = this.form.querySelector('[name="version"]');
    if (version && told.version !== undefined) version.value = told.version;
    this.say(text("saved", { time: told.saved_at || clock(Date.now()) }), "saved");
    this.form.dispatchEvent(new CustomEvent("autosaved", { bubbles: true, detail: told }));
    if (this.now() === sending) {
      memory.drop(this.key);
      delete this.form.dataset.changed;
    } else {
      this.keepCopy();
    }
  }

  failed() {
    const pause = PAUSES[Math.min(this.failures, PAUSES.length - 1)];
    this.failures += 1;
    this.say(navigator.onLine === false ? text("save_offline") : text("save_failed", { seconds: pause }), "failed");
    this.retry = setTimeout(() => this.save(), pause * 1000);
  }

  halt(words) {
    this.stopped = true;
    this.keepCopy();
    this.say(words, "failed");
  }

  /* A copy made from the very text the page shows is put back at once; otherwise the person decides. */
  restore() {
    const copy = read(this.key);
    if (!copy) return;
    if (copy.now === this.saved) { memory.drop(this.key); return; }
    if (copy.base === this.saved) {
      const before = this.saved;
      this.fill(copy.now);
      this.notice(text("restored", { time: moment(copy.at) }), [[text("restore_undo"), () => { this.fill(before); memory.drop(this.key); }]]);
    } else {
      this.notice(text("restore_offer", { time: moment(copy.at) }), [
        [text("restore"), () => this.fill(copy.now)],
        [text("restore_drop"), () => memory.drop(this.key)],
      ]);
    }
  }

  fill(serialised) {
    const values = new Map();
    for (const [name, value] of JSON.parse(serialised)) values.set(name, [...(values.get(name) || []), value]);
    const used = new Map();
    for (const field of this.form.elements) {
      if (!field.name || field.matches("button, [type=hidden], [type=password], [type=file], [data-nostore]")) continue;
      const given = values.get(field.name) || [];
      if (field.matches("[type=radio], [type=checkbox]")) field.checked = given.includes(field.value);
      else if (field.matches("select[multiple]")) [...field.options].forEach((option) => { option.selected = given.includes(option.value); });
      else {
        const turn = used.get(field.name) || 0;
        if (turn < given.length) field.value = given[turn];
        used.set(field.name, turn + 1);
      }
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  notice(words, choices) {
    const note = element("div", "notice tone-attention");
    note.setAttribute("role", "status");
    const body = element("div", "notice-body");
    body.append(element("p", "", words));
    const row = element("p", "dialog-choices");
    choices.forEach(([label, work]) => {
      const button = element("button", "btn btn-quiet btn-small", label);
      button.type = "button";
      button.addEventListener("click", () => { work(); note.remove(); });
      row.append(button, " ");
    });
    body.append(row);
    note.append(icon("history"), body);
    this.form.prepend(note);
  }
}
