// Uploads each chosen or dropped file by itself: progress, cancel, retry, an error in words for every file.
//
// <form data-upload-url data-upload-name data-upload-megabytes data-upload-files data-upload-kinds [data-upload-target]>
// Each file is posted as multipart/form-data under the given name with the header X-CSRFToken and Accept: application/json.
// Answers: 2xx JSON {name, html}: html (a file_row) goes into data-upload-target; 401: the session is over, the file goes again
// after signing in; other 4xx JSON {error}.
import { csrfToken, element, icon, text } from "./kit.js";
import { present } from "./session.js";

const AT_ONCE = 2;
const started = new WeakSet();

export function start(part) {
  part.querySelectorAll("form[data-upload-url]").forEach((form) => {
    if (started.has(form)) return;
    started.add(form);
    new Zone(form);
  });
}

function size(bytes) {
  const number = (value) => value.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 });
  if (bytes < 1024) return `${bytes} ${text("bytes")}`;
  if (bytes < 1024 * 1024) return `${number(bytes / 1024)} ${text("kilobytes")}`;
  return `${number(bytes / 1024 / 1024)} ${text("megabytes")}`;
}

class Zone {
  constructor(form) {
    this.form = form;
    this.zone = form.querySelector("[data-upload-zone]");
    this.input = form.querySelector("input[type=file]");
    this.list = form.querySelector("[data-upload-list]");
    this.waiting = [];
    this.running = 0;
    this.taken = Number(form.dataset.uploadPresent || 0);
    this.input.addEventListener("change", () => { this.add(this.input.files); this.input.value = ""; });
    form.addEventListener("submit", (event) => event.preventDefault());
    this.listenToDrops();
    window.addEventListener("beforeunload", (event) => { if (this.running || this.waiting.length) event.preventDefault(); });
  }

  listenToDrops() {
    let depth = 0;
    const mark = () => this.zone.classList.toggle("is-over", depth > 0);
    this.zone.addEventListener("dragenter", (event) => { event.preventDefault(); depth += 1; mark(); });
    this.zone.addEventListener("dragleave", () => { depth -= 1; mark(); });
    this.zone.addEventListener("dragover", (event) => event.preventDefault());
    this.zone.addEventListener("drop", (event) => { event.preventDefault(); depth = 0; mark(); this.add(event.dataTransfer.files); });
    // A file dropped beside the zone must not replace the page with itself.
    ["dragover", "drop"].forEach((kind) => document.addEventListener(kind, (event) => {
      if ([...event.dataTransfer.types].includes("Files")) event.preventDefault();
    }));
  }

  add(files) {
    for (const file of files) {
      const item = new Item(this, file);
      this.list.append(item.row);
      const objection = this.objection(file);
      if (objection) { item.fail(objection, false); continue; }
      this.taken += 1;
      this.waiting.push(item);
    }
    this.next();
  }

  objection(file) {
    const { uploadMegabytes, uploadFiles, uploadKinds } = this.form.dataset;
    const kinds = (uploadKinds || "").toLowerCase().split(",").map((kind) => kind.trim()).filter(Boolean);
    if (this.taken >= Number(uploadFiles)) return text("upload_many", { n: uploadFiles });
    if (!file.size) return text("upload_empty");
    if (file.size > Number(uploadMegabytes) * 1024 * 1024) return text("upload_big", { limit: `${uploadMegabytes} ${text("megabytes")}` });
    if (kinds.length && !kinds.some((kind) => file.name.toLowerCase().endsWith(kind))) {
      return text("upload_kind", { kinds: kinds.map((kind) => kind.replace(".", "")).join(", ") });
    }
    return "";
  }

  next() {
    while (this.running < AT_ONCE && this.waiting.length) {
      this.running += 1;
      this.waiting.shift().send();
    }
  }

  finished() {
    this.running -= 1;
    this.next();
  }

  receive(item, told) {
    const target = document.querySelector(this.form.dataset.uploadTarget || "no-target");
    if (told.html && target) {
      const holder = document.createElement("template");
      holder.innerHTML = told.html;
      target.append(holder.content);
      item.row.remove();
    } else {
      item.done();
    }
    this.form.dispatchEvent(new CustomEvent("upload:done", { bubbles: true, detail: told }));
  }
}

class Item {
  constructor(zone, file) {
    this.zone = zone;
    this.file = file;
    this.row = element("li", "upload-item");
    this.meta = element("p", "file-meta");
    this.meta.setAttribute("role", "status");
    this.words = element("span", "", text("upload_wait"));
    this.meta.append(element("span", "num", size(file.size)), this.words);
    this.bar = element("progress");
    this.bar.max = 100;
    this.bar.value = 0;
    this.bar.setAttribute("aria-label", file.name);
    this.actions = element("div", "file-actions");
    const sign = element("span", "file-sign");
    sign.append(icon("file"));
    const words = element("div", "file-words");
    words.append(element("p", "file-name", file.name), this.meta);
    this.row.append(sign, words, this.actions, this.bar);
    this.offer([["cancel", () => this.cancel()]]);
  }

  offer(choices) {
    this.actions.replaceChildren(...choices.map(([key, work]) => {
      const button = element("button", "btn btn-plain btn-small");
      button.type = "button";
      button.append(element("span", "", text(key)));
      button.setAttribute("aria-label", `${text(key)}: ${this.file.name}`);
      button.addEventListener("click", work);
      return button;
    }));
  }

  say(words) { this.words.textContent = words; }

  send() {
    const body = new FormData();
    body.append(this.zone.form.dataset.uploadName, this.file);
    const request = new XMLHttpRequest();
    this.request = request;
    this.row.classList.remove("is-failed");
    this.bar.hidden = false;
    this.bar.value = 0;
    this.say(text("upload_now", { percent: 0 }));
    this.offer([["cancel", () => this.cancel()]]);
    request.upload.addEventListener("progress", (event) => this.progressed(event));
    request.addEventListener("load", () => this.answered(request));
    request.addEventListener("error", () => this.ended(() => this.fail(text("upload_network"))));
    request.addEventListener("abort", () => this.ended(() => this.fail(text("upload_cancelled"))));
    request.open("POST", this.zone.form.dataset.uploadUrl);
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-Requested-With", "upload");
    request.send(body);
  }

  progressed(event) {
    if (!event.lengthComputable) { this.bar.removeAttribute("value"); return; }
    const percent = Math.floor((event.loaded / event.total) * 100);
    this.bar.value = percent;
    this.say(percent < 100 ? text("upload_now", { percent }) : text("upload_check"));
  }

  answered(request) {
    let told = null;
    try { told = JSON.parse(request.responseText); } catch { /* not ours: a sign-in page or a proxy's words */ }
    this.ended(() => {
      if (request.status < 300 && told) { this.zone.receive(this, told); return; }
      if (request.status === 401) { this.signIn(); return; }
      if (told && told.error) { this.fail(told.error, request.status >= 500 || request.status === 429); return; }
      if (request.status === 413) { this.fail(text("upload_big", { limit: `${this.zone.form.dataset.uploadMegabytes} ${text("megabytes")}` }), false); return; }
      if (request.status === 429) { this.fail(text("upload_speed")); return; }
      this.fail(text("upload_server"));
    });
  }

  /* All files that wait stand behind one dialog; it is over for each of them at once. */
  async signIn() {
    this.say(text("upload_session"));
    if (await present()) this.again();
    else this.fail(text("upload_session"));
  }

  again() {
    this.zone.waiting.push(this);
    this.zone.next();
  }

  ended(work) {
    this.request = null;
    work();
    this.zone.finished();
  }

  cancel() {
    if (this.request) { this.request.abort(); return; }
    this.zone.waiting = this.zone.waiting.filter((item) => item !== this);
    this.fail(text("upload_cancelled"));
  }

  done() {
    this.bar.hidden = true;
    this.say(text("upload_done"));
    this.offer([]);
  }

  fail(words, again = true) {
    this.row.classList.add("is-failed");
    this.bar.hidden = true;
    this.say(words);
    if (!this.counted) { this.counted = true; this.zone.taken -= again ? 1 : 0; }
    const remove = ["remove", () => this.row.remove()];
    const retry = ["retry", () => { this.counted = false; this.zone.taken += 1; this.again(); }];
    this.offer(again ? [retry, remove] : [remove]);
  }
}
