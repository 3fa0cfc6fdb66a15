// Whether the person who opened this page is still signed in; if not, signing in again without leaving it.
//
// The dialog shows the very pages of the log-in (a second step too), so there is one way in. The token against foreign
// requests belongs to the session: it is renewed in every form. Whoever else signs in sees nothing of this page.
import { renewToken, text, toast } from "./kit.js";

const mine = document.body.dataset.person;
const dialog = document.getElementById("signin");
const stranger = document.getElementById("stranger");

export class NoNetwork extends Error {}

/** Who is signed in now: {person, name, csrf_token}; null when the server is in trouble and cannot say. */
async function ask() {
  let answer;
  try {
    answer = await fetch(dialog.dataset.sessionUrl, { headers: { Accept: "application/json" }, credentials: "same-origin", cache: "no-store" });
  } catch { throw new NoNetwork(); }
  return answer.ok ? answer.json().catch(() => null) : null;
}

let underWay = null;

/** True when the person of this page is signed in, perhaps by the dialog; false when that was given up or is somebody else. */
export function present() {
  if (!mine || !dialog || !dialog.showModal) return Promise.resolve(true);
  underWay ??= check().finally(() => { underWay = null; });
  return underWay;
}

/** For what anybody may do: only the token is made right. */
export async function refresh() {
  if (!mine || !dialog) return;
  const told = await ask().catch(() => null);
  if (told) renewToken(told.csrf_token);
}

async function check() {
  let told;
  try { told = await ask(); } catch (error) {
    if (!(error instanceof NoNetwork)) throw error;
    toast(text("no_network"), "stopped");
    return false;
  }
  if (!told) return true; // the server will say itself what is wrong
  return told.person ? admitted(told) : signIn();
}

function admitted(told) {
  if (String(told.person) !== mine) { hide(told); return false; }
  renewToken(told.csrf_token);
  return true;
}

/* The page was another's: its copies are kept under its own person, and nothing of it stays in sight. */
function hide(told) {
  document.dispatchEvent(new Event("keep-copies"));
  document.querySelectorAll("form[data-guard]").forEach((form) => form.removeAttribute("data-guard"));
  document.body.classList.add("is-hidden");
  document.title = text("stranger_title");
  stranger.querySelector("[data-name]").textContent = told.name;
  const leave = () => location.assign(stranger.querySelector("a").href);
  stranger.addEventListener("close", leave);
  stranger.showModal();
}

/* Signing in. */

const place = dialog?.querySelector("[data-signin-form]");
const complaint = dialog?.querySelector("[data-signin-error]");

async function signIn() {
  try {
    await load(dialog.dataset.loginUrl);
  } catch { toast(text("no_network"), "stopped"); return false; }
  return new Promise((resolve) => {
    let result = false;
    const sent = (event) => {
      event.preventDefault();
      event.stopPropagation();
      send(event.target, event.submitter).then((told) => {
        if (!told) return;
        dialog.close();
        result = admitted(told);
      });
    };
    dialog.addEventListener("submit", sent);
    dialog.addEventListener("close", () => {
      dialog.removeEventListener("submit", sent);
      place.replaceChildren();
      if (result) document.dispatchEvent(new Event("signed-in"));
      resolve(result);
    }, { once: true });
    dialog.showModal();
  });
}

async function load(address) {
  await show(await fetch(address, { credentials: "same-origin", cache: "no-store" }));
}

/* A page of the log-in becomes the inside of the dialog; its names get a prefix, for this page may have the same. */
async function show(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const form = page.querySelector("main form");
  const notes = [...page.querySelectorAll("main .notice, main .field-error")].map((note) => note.textContent.replace(/\s+/g, " ").trim());
  if (!form) notes.push(...[...page.querySelectorAll("main h1, main p")].map((line) => line.textContent.trim()));
  complaint.textContent = notes.filter(Boolean).join(" ");
  complaint.hidden = !complaint.textContent;
  if (!form) return;
  form.action = new URL(form.getAttribute("action") || answer.url, answer.url).href;
  form.querySelectorAll("a").forEach((link) => { link.target = "_blank"; link.rel = "noopener"; }); // this page stays
  form.querySelectorAll(".notice").forEach((part) => part.remove());
  form.querySelector("input:not([type=hidden])")?.setAttribute("autofocus", ""); // a dialog that opens gives it the focus itself
  form.querySelectorAll("[id]").forEach((part) => { part.id = `signin-${part.id}`; });
  for (const name of ["for", "aria-describedby", "aria-labelledby"]) {
    form.querySelectorAll(`[${name}]`).forEach((part) => {
      part.setAttribute(name, part.getAttribute(name).split(" ").map((id) => `signin-${id}`).join(" "));
    });
  }
  const typed = place.querySelector("[name=login]")?.value;
  place.replaceChildren(document.importNode(form, true));
  const login = place.querySelector("[name=login]");
  if (login && typed) login.value = typed;
}

/* Who is signed in is asked after every step: the page which comes says it in words for people only. */
async function send(form, submitter) {
  const body = new URLSearchParams(new FormData(form, submitter));
  const buttons = [...form.querySelectorAll("button")];
  buttons.forEach((button) => { button.disabled = true; });
  try {
    const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin", cache: "no-store" });
    const told = await ask();
    if (told?.person) return told;
    await show(answer);
    const empty = [...place.querySelectorAll("input:not([type=hidden])")].find((field) => !field.value);
    empty?.focus();
  } catch {
    complaint.textContent = text("no_network");
    complaint.hidden = false;
  } finally {
    buttons.forEach((button) => { button.disabled = false; });
  }
  return null;
}
