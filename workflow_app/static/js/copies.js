// A copy of what is typed, in the browser, until the server has confirmed that very text.
//
// Kept under person + address + form, without passwords, files and fields marked data-nostore. A form that is sent carries the
// number of its copy; the server answers with a cookie kept-<number> when that text is in its database, and only then the copy
// goes. A page that came with a status of 400 or more, or a form with data-echo, shows text which the server has not got.
import { element, icon, memory, text } from "./kit.js";

const KEEP_DAYS = 14;
const PREFIX = "draft:";
const OURS = new Set(["csrf_token", "version", "opened_by", "copy"]);
const status = performance.getEntriesByType("navigation")[0]?.responseStatus || 0;

function read(key) {
  try { return JSON.parse(memory.get(key)); } catch { return null; }
}

function forget(doomed) {
  memory.keys().filter((key) => key.startsWith(PREFIX)).forEach((key) => {
    const copy = read(key);
    if (!copy || doomed(copy)) memory.drop(key);
  });
}

/** Let go what the server has confirmed, and what nobody came back for. */
export function confirmed() {
  const numbers = document.cookie.split("; ").filter((one) => one.startsWith("kept-")).map((one) => one.slice(5).split("=")[0]);
  numbers.forEach((number) => { document.cookie = `kept-${number}=;path=/;max-age=0;SameSite=Lax`; });
  const oldest = Date.now() - KEEP_DAYS * 24 * 3600 * 1000;
  forget((copy) => numbers.includes(copy.sent) || copy.at < oldest);
}

function pairs(form) {
  const secret = new Set([...form.elements].filter((field) => field.matches("[type=password], [type=file], [data-nostore]")).map((field) => field.name));
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !secret.has(name) && !OURS.has(name));
}

function moment(when) {
  return new Date(when).toLocaleString(document.documentElement.lang, { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" });
}

/** Give a form that is going to be sent its number, under which the server answers what became of it. */
export function numbered(form) {
  const field = form.querySelector("input[name=copy]") || element("input");
  Object.assign(field, { type: "hidden", name: "copy", value: newNumber() });
  form.append(field);
}

function newNumber() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Copy {
  constructor(form) {
    this.form = form;
    this.key = `${PREFIX}${document.body.dataset.person}:${location.pathname}:${form.id || form.getAttribute("action") || ""}`;
    this.older = `${this.key}:older`; // of another text than the page shows: the person has not decided yet
    this.saved = this.now(); // what the server has, as far as the page knows
    this.echo = "echo" in form.dataset || status >= 400;
    document.addEventListener("keep-copies", () => { if (this.differs()) this.keep(); });
  }

  now() { return JSON.stringify(pairs(this.form)); }

  differs() { return this.echo || this.now() !== this.saved; }

  keep(extra = {}) {
    memory.set(this.key, JSON.stringify({ at: Date.now(), base: this.saved, now: this.now(), ...extra }));
  }

  /** The server has `confirmed`: the copy goes if it is that text. */
  drop(confirmed) {
    if (read(this.key)?.now === confirmed) memory.drop(this.key);
  }

  /** The form is going to be sent: its copy gets the form's number, by which the server confirms it. */
  send() {
    if (!this.differs()) return;
    this.keep({ sent: this.form.querySelector("input[name=copy]")?.value });
  }

  /* A copy made from the very text the page shows is put back at once; otherwise the person decides. */
  restore() {
    const copy = read(this.key) || read(this.older);
    if (!copy) return;
    if (copy.now === this.saved) {
      if (!this.echo && (status === 200 || !copy.sent)) this.forget();
      return;
    }
    if (this.echo && copy.sent) return; // the page shows what was sent
    if (copy.base === this.saved) {
      const before = this.saved;
      this.fill(copy.now);
      this.notice(text("restored", { time: moment(copy.at) }), [[text("restore_undo"), () => { this.fill(before); this.forget(); }]]);
    } else {
      memory.set(this.older, JSON.stringify(copy));
      memory.drop(this.key);
      this.notice(text("restore_offer", { time: moment(copy.at) }), [
        [text("restore"), () => { memory.drop(this.older); this.fill(copy.now); }],
        [text("restore_drop"), () => memory.drop(this.older)],
      ]);
    }
  }

  forget() {
    memory.drop(this.key);
    memory.drop(this.older);
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
    this.form.dispatchEvent(new CustomEvent("filled", { detail: values })); // what only a script can put back: picker.js
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
