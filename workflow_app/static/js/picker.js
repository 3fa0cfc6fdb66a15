// A choice by search, as the combobox pattern of WAI-ARIA says: the words ask the server, arrows walk, Enter chooses, Escape closes.
//
// The page works without it: «Найти» sends the form and gets radio buttons back. Here these become chips with a button that
// takes them away; what is chosen stands in the form as the same radio buttons and ticks.
import { debounce, element, icon, text } from "./kit.js";

const PAUSE = 200; // ms after the last letter
const started = new WeakSet();

export function start(part) {
  part.querySelectorAll("[data-picker]").forEach((box) => {
    if (started.has(box)) return;
    started.add(box);
    new Picker(box);
  });
}

class Picker {
  constructor(box) {
    this.box = box;
    this.many = "many" in box.dataset;
    this.name = box.dataset.picker;
    this.words = box.querySelector("input[type=search]");
    this.chosen = box.querySelector("[data-chosen]");
    this.told = box.querySelector("[data-told]");
    this.options = [];
    this.at = -1;
    this.stale = false; // what is listed answers other words than those that stand there
    this.steps = []; // keys that wait for the answer to the words, also when the keyboard has gone on
    this.unsent = null; // the press of the form that waits for them
    this.ask = debounce(() => this.find(), PAUSE);
    box.classList.add("picker-on");
    box.querySelectorAll("[data-look], [data-none]").forEach((one) => one.remove());
    [...this.chosen.children].forEach((chip) => this.armed(chip));
    this.combobox();
    this.found = box.querySelector("[data-found]"); // by the server, for words that had found no choice when the form was sent
    this.found?.addEventListener("change", (event) => {
      const [name, note] = event.target.nextElementSibling.childNodes;
      this.choose({ value: event.target.value, label: name.textContent, note: note?.textContent });
    });
    this.words.form?.addEventListener("filled", (event) => this.restore(event.detail.get(this.name) || []));
    this.words.form?.addEventListener("submit", (event) => this.sent(event), true);
  }

  combobox() {
    this.list = element("ul", "picker-list");
    Object.assign(this.list, { id: `${this.words.id}-list`, hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-labelledby", `${this.words.id}-label`);
    this.words.after(this.list);
    const marks = { role: "combobox", "aria-expanded": "false", "aria-autocomplete": "list", "aria-controls": this.list.id };
    Object.entries(marks).forEach(([name, value]) => this.words.setAttribute(name, value));
    this.words.addEventListener("input", (event) => {
      event.stopPropagation();
      this.stale = true;
      this.forget();
      this.ask();
    });
    this.words.addEventListener("change", (event) => event.stopPropagation());
    this.words.addEventListener("keydown", (event) => this.key(event));
    this.words.addEventListener("blur", () => { if (!this.steps.length) this.close(); });
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // the words keep the focus
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(this.options[[...this.list.children].indexOf(option)]);
    });
  }

  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      this.answered(() => this.walk(step));
    } else if (event.key === "Enter" && (this.stale || !this.list.hidden)) {
      event.preventDefault(); // of an open list, or one that is on its way: never sends the form
      this.answered(() => { if (this.at >= 0) this.choose(this.options[this.at]); });
    } else if (event.key === "Escape") {
      if (this.list.hidden && !this.words.value) return;
      event.preventDefault();
      event.stopPropagation();
      if (this.list.hidden) this.words.value = "";
      this.forget();
      this.close();
      this.tell("");
    }
  }

  /* Do it with what answers the words: whoever types quickly neither chooses from an older list nor presses in vain. */
  answered(step) {
    if (!this.stale) { step(); return; }
    this.steps.push(step);
    if (this.steps.length === 1) this.find();
  }

  /* The form is pressed while a key still waits: it goes with what that key chooses. */
  sent(event) {
    if (!this.steps.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.unsent = { submitter: event.submitter };
  }

  /* Whoever types on, or closes the list, no longer means the keys and the press that waited. */
  forget() {
    this.steps = [];
    this.unsent = null;
  }

  goOn() {
    const press = this.unsent;
    this.unsent = null;
    if (press) this.words.form.requestSubmit(press.submitter || undefined);
  }

  walk(step) {
    if (this.list.hidden) this.find();
    else this.point((Math.max(this.at, step < 0 ? 0 : -1) + step + this.options.length) % this.options.length);
  }

  async find() {
    this.ask.cancel();
    this.under?.abort();
    this.under = new AbortController();
    const { signal } = this.under;
    const found = await this.get(`q=${encodeURIComponent(this.words.value)}`, signal);
    const left = document.activeElement !== this.words;
    if (signal.aborted || (left && !this.steps.length)) return;
    const steps = this.steps.splice(0);
    if (found) this.show(found, steps);
    if (left) this.close();
    this.goOn();
  }

  /* List what was found, and take the steps that waited for it. */
  show(found, steps) {
    this.found?.remove();
    const there = this.many ? [...this.chosen.querySelectorAll("input")].map((input) => input.value) : [];
    this.options = found.found.filter((one) => !there.includes(one.value));
    this.list.replaceChildren(...this.options.map((one, place) => this.option(one, place)));
    this.at = -1;
    this.open(this.options.length > 0);
    this.tell(found.said);
    this.stale = false;
    if (this.options.length) steps.forEach((one) => one());
  }

  /* The answer, or nothing: of a later question, or because nobody answers, which is told. */
  async get(query, signal) {
    try {
      const answer = await fetch(`${this.box.dataset.url}?${query}`, { headers: { Accept: "application/json" }, credentials: "same-origin", signal });
      if (answer.ok) return await answer.json();
      this.tell(text([401, 403, 404].includes(answer.status) ? "picker_again" : "picker_failed"));
    } catch (error) {
      if (error.name !== "AbortError") this.tell(text("picker_failed"));
    }
    return null;
  }

  option(one, place) {
    const made = element("li", "picker-option");
    made.id = `${this.list.id}-${place}`;
    made.setAttribute("role", "option");
    made.setAttribute("aria-selected", "false");
    made.append(...words(one));
    return made;
  }

  point(place) {
    this.list.children[this.at]?.setAttribute("aria-selected", "false");
    this.at = place;
    const option = this.list.children[place];
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.words.setAttribute("aria-activedescendant", option.id);
  }

  open(shown) {
    this.list.hidden = !shown;
    this.words.setAttribute("aria-expanded", String(shown));
    this.words.removeAttribute("aria-activedescendant");
  }

  close() {
    this.ask.cancel();
    this.under?.abort();
    this.stale = false;
    this.steps = [];
    this.open(false);
  }

  tell(said) { this.told.textContent = said; }

  choose(one) {
    this.found?.remove();
    this.add(one);
    this.words.value = "";
    this.close();
    this.tell(text("picker_chosen", { name: one.label }));
    this.changed();
  }

  add(one) {
    const there = [...this.chosen.querySelectorAll("input")].find((input) => input.value === one.value);
    if (there) { there.checked = true; return; }
    if (!this.many) this.chosen.replaceChildren();
    const chip = element("li");
    const label = element("label", "picked");
    const input = element("input");
    Object.assign(input, { type: this.many ? "checkbox" : "radio", name: this.name, value: one.value, checked: true });
    const span = element("span");
    span.append(...words(one));
    label.append(input, span);
    chip.append(label);
    this.chosen.append(chip);
    this.armed(chip);
  }

  armed(chip) {
    const input = chip.querySelector("input");
    input.tabIndex = -1;
    const name = chip.querySelector("span").firstChild.textContent.trim();
    const button = element("button", "btn btn-icon");
    button.type = "button";
    button.setAttribute("aria-label", text("picker_drop", { name }));
    button.append(icon("close"));
    button.addEventListener("click", () => {
      chip.remove();
      this.tell(text("picker_dropped", { name }));
      this.words.focus();
      this.changed();
    });
    chip.append(button);
  }

  changed() { this.box.dispatchEvent(new Event("change", { bubbles: true })); }

  /* A copy of the form is put back: the server names what it holds. */
  async restore(values) {
    const wanted = values.filter(Boolean);
    this.chosen.replaceChildren();
    if (!wanted.length) return;
    const found = await this.get(wanted.map((one) => `value=${encodeURIComponent(one)}`).join("&"));
    found?.found.forEach((one) => this.add(one));
  }
}

function words(one) {
  return one.note ? [document.createTextNode(one.label), element("small", "", one.note)] : [document.createTextNode(one.label)];
}
