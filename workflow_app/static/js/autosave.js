// Keeps what is typed into a form: a copy in the browser (copies.js), and for <form id data-autosave-url> a save on the server.
//
// The form is posted to that address, without files, 1.5 s after the last change. Answers: 2xx JSON {saved_at: "14:05",
// version: 7}; 401 or a redirect: the session is over, signing in goes on; 413, 422 JSON {error}: this text is refused, another
// is tried; other 4xx: the form is closed or was changed elsewhere, and saving ends. The network, 429 and 5xx: again, after
// pauses that grow.
import { Copy } from "./copies.js";
import { csrfToken, debounce, element, text, typedIn, unsaved } from "./kit.js";
import { present } from "./session.js";

const DELAY = 1500;
const PAUSES = [5, 15, 30, 60];
const PAUSE_MOST = 300; // seconds, whatever the server asks for
const WAIT_MOST = 5000; // ms that a pressed button waits for a save under way
const KEEPALIVE_MOST = 60000; // bytes: a browser refuses to finish more than 64 KiB after the page is left

const started = new WeakSet();

export function start(part) {
  part.querySelectorAll("form[data-guard], form[data-autosave-url]").forEach((form) => {
    if (started.has(form)) return;
    started.add(form);
    if (form.dataset.autosaveUrl) new Draft(form);
    else watch(form);
  });
}

/* A form that is only sent: its copy is made when that happens. */
function watch(form) {
  const copy = new Copy(form);
  if (copy.echo) form.dataset.changed = "1";
  copy.restore();
  form.addEventListener("submit", (event) => { if (!event.defaultPrevented) copy.send(); });
}

function clock(when) {
  return new Date(when).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
}

class Draft {
  constructor(form) {
    this.form = form;
    this.copy = new Copy(form);
    this.status = form.querySelector("[data-autosave-status]") || document.querySelector(`[data-autosave-status="${CSS.escape(form.id)}"]`);
    this.underWay = ""; // what is being sent and will arrive even if the page is left
    this.refused = ""; // a text that the server does not take
    this.failures = 0;
    this.stopped = false;
    this.signedOut = false;
    this.later = debounce(() => this.save(), DELAY);
    this.listen();
    unsaved.set(form, () => this.copy.echo || ![this.copy.saved, this.underWay].includes(this.copy.now()));
    const early = form.dataset.changed;
    this.copy.restore();
    if (early) { // typed before this script came: the page no longer tells what the server has
      this.copy.saved = "";
      this.changed();
    }
  }

  listen() {
    this.form.addEventListener("input", () => this.changed());
    this.form.addEventListener("change", () => this.changed());
    this.form.addEventListener("submit", (event) => this.sent(event));
    this.form.addEventListener("unsent", () => { this.stopped = this.signedOut; });
    window.addEventListener("online", () => this.save());
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.save(); });
    document.addEventListener("signed-in", () => this.goOnSaving());
  }

  say(words, state = "") {
    if (!this.status) return;
    this.status.querySelector("button")?.remove();
    (this.status.querySelector("span") || this.status).textContent = words;
    this.status.dataset.state = state;
  }

  changed() {
    const now = this.copy.now();
    if (now === this.copy.saved && !this.copy.echo) {
      this.later.cancel();
      this.copy.drop(now);
      delete this.form.dataset.changed;
      if (!this.stopped) this.say("");
      return;
    }
    this.copy.keep();
    if (this.stopped || this.busy || this.failures || now === this.refused) return; // a save under way or failed has its own time
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
    this.copy.send();
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
    const sending = this.copy.now();
    if (this.stopped || this.busy || [this.copy.saved, this.refused].includes(sending)) return;
    this.busy = true;
    this.say(text("saving"));
    try {
      const body = typedIn(this.form);
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
    if (!this.failures && !this.stopped && ![this.copy.saved, this.refused].includes(this.copy.now())) this.later();
  }

  async answered(answer, sending) {
    if (answer.type === "opaqueredirect" || answer.status === 401) { this.signOut(); return; }
    const told = await answer.json().catch(() => null);
    if (answer.ok && told?.saved_at) { this.confirmed(told, sending); return; }
    // A good answer which is not ours comes from somebody in between: a hotel's sign-in page, a proxy.
    if (answer.ok || answer.status === 429 || answer.status >= 500) { this.failed(Number(answer.headers.get("Retry-After"))); return; }
    this.failures = 0;
    const reason = told?.error || text("save_closed");
    if (answer.status === 413 || answer.status === 422) {
      this.refused = sending;
      this.copy.keep();
      this.say(text("save_refused", { reason }), "failed");
    } else this.halt(answer.status === 409 ? told?.error || text("save_stale") : text("save_refused", { reason }));
  }

  confirmed(told, sending) {
    this.failures = 0;
    this.refused = "";
    this.copy.saved = sending;
    this.copy.echo = false;
    const version = this.form.querySelector('[name="version"]');
    if (version && told.version !== undefined) version.value = told.version;
    this.say(text("saved", { time: told.saved_at || clock(Date.now()) }), "saved");
    this.form.dispatchEvent(new CustomEvent("autosaved", { bubbles: true, detail: told }));
    this.copy.drop(sending);
    if (this.copy.now() === sending) delete this.form.dataset.changed;
    else this.copy.keep();
  }

  failed(wanted = 0) {
    const pause = Math.min(Math.max(PAUSES[Math.min(this.failures, PAUSES.length - 1)], wanted || 0), PAUSE_MOST);
    this.failures += 1;
    this.say(navigator.onLine === false ? text("save_offline") : text("save_failed", { seconds: pause }), "failed");
    this.retry = setTimeout(() => this.save(), pause * 1000);
  }

  halt(words) {
    this.stopped = true;
    this.copy.keep();
    this.say(words, "failed");
  }

  /* Nobody is interrupted while typing: the line tells it, and its button opens the dialog; so does any press of the form. */
  signOut() {
    this.signedOut = true;
    this.halt(text("save_session"));
    if (!this.status) return;
    const button = element("button", "btn btn-quiet btn-small", text("sign_in"));
    button.type = "button";
    button.addEventListener("click", () => present().then((may) => { if (may) this.goOnSaving(); }));
    this.status.append(button);
  }

  goOnSaving() {
    if (!this.signedOut) return;
    this.signedOut = this.stopped = false;
    this.failures = 0;
    this.changed();
  }
}
